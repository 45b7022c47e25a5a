"""Setting up printers from the window (till.ui.paper_office.PrinterOffice)."""

from collections.abc import Mapping

from printing.escpos_models import known_models
from printing.layouts.schema import BlankLayout
from printing.printers import PrintResult, open_printer
from printing.printers.addresses import parse_address, read_address
from printing.printers.session import trouble_in
from printing.profiles import LIBRARY_MODEL, shipped_profiles
from till import venue_paper
from till.counter.desk import Desk
from till.counter.permission import supervisors_only
from till.print_room import PrintRoom
from till.printer_setup import change_printers, try_layouts, try_printer
from till.store import audit
from till.store.settings import PrinterSetting
from till.ui.paper_office import Found, PrinterSeen, PrinterStanding
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.people import User

FIND_S = 6.0
MODEL_SIGNS_MIN = 5
"""Shorter names of models stand inside longer ones by accident."""

QUESTION_TURN_S, TEST_TURN_S = 1.5, 10.0
"""How long a question, and a test page, wait for a job under way at the same printer."""


class PrinterDesk:
    """See PrinterOffice. A change takes effect at once: what waits goes on by it."""

    def __init__(self, room: PrintRoom, desk: Desk, find_on: list[str] | None = None) -> None:
        self._room, self._desk, self._find_on = room, desk, find_on

    def printers(self) -> list[PrinterSeen]:
        """See PrinterOffice."""
        kinds: dict[PrinterSetting, list[str]] = {}
        for kind, setting in self._room.identity().printers.items():
            kinds.setdefault(setting, []).append(kind)
        return [PrinterSeen(tuple(own), setting) for setting, own in kinds.items()]

    def profiles(self) -> dict[str, str]:
        """See PrinterOffice."""
        found = {name: profile.name for name, profile in shipped_profiles().items()}
        for place in (self._room.folder / venue_paper.VENUE, self._room.folder):
            for path in sorted((place / venue_paper.PROFILES).glob("*.toml")):
                found[path.stem] = venue_paper.profile_named(self._room.folder, path.stem).name
        return found | {f"{LIBRARY_MODEL}{model}": model for model in known_models()}

    def blanks(self) -> dict[str, str]:
        """See PrinterOffice."""
        layouts, _wrong = self._room.layouts()
        return {
            file: layouts.names[file]
            for file in layouts.names
            if isinstance(layouts.layout(file), BlankLayout)
        }

    def standing(self, printer: PrinterSeen) -> PrinterStanding:
        """See PrinterOffice."""
        setting = printer.setting
        try:
            profile = venue_paper.profile_named(self._room.folder, setting.profile)
            opened = open_printer(read_address(setting.address)[1], setting.address, profile)
            with self._room.spool.turn(opened.address, QUESTION_TURN_S) as free:
                if not free:
                    return PrinterStanding(trouble=self._known_trouble(printer), busy=True)
                status = opened.status()
        except OperatingError as problem:
            return PrinterStanding(trouble=problem)
        trouble = trouble_in(status, opened.name)
        return PrinterStanding(trouble=trouble, silent=not status.heard, low=status.paper_low)

    def find(self) -> list[Found]:
        """See PrinterOffice."""
        from printing.printers.discovery import discover  # slow: only where it is needed

        profiles = self.profiles()
        return [
            Found(each.name, each.address, each.model, _profile_for(each.model, profiles))
            for each in discover(FIND_S, self._find_on)
        ]

    def try_out(self, setting: PrinterSetting) -> PrintResult:
        """See PrinterOffice."""
        room, name = self._room, read_address(setting.address)[1]
        with room.spool.turn(parse_address(setting.address), TEST_TURN_S) as free:
            if not free:
                raise OperatingError("printer_busy", printer=name)
            return try_printer(room.database, room.folder, name, setting)

    def put(
        self,
        before: PrinterSeen | None,
        kinds: tuple[str, ...],
        setting: PrinterSetting,
        user: User,
    ) -> None:
        """See PrinterOffice."""
        if not kinds:
            raise Refused(Reason.NOT_ALLOWED, "printer_without_kinds")
        try_layouts(self._room.database, self._room.folder, kinds, setting)
        changes: dict[str, PrinterSetting | None] = dict.fromkeys(before.kinds if before else ())
        changes.update(dict.fromkeys(kinds, setting))
        self._change(changes, user, f"{', '.join(kinds)}: {setting.address}")

    def remove(self, printer: PrinterSeen, user: User) -> None:
        """See PrinterOffice."""
        changes: dict[str, PrinterSetting | None] = dict.fromkeys(printer.kinds)
        self._change(changes, user, f"{', '.join(printer.kinds)}: none")

    def _change(
        self, changes: Mapping[str, PrinterSetting | None], user: User, subject: str
    ) -> None:
        supervisors_only(user, key="paper_supervisor_only")
        with self._room.database.write() as work:
            change_printers(work, changes)
            at = self._desk.clock.now()
            audit.add(work, at, actor=user.user_id, action="printer", subject=subject)
        self._room.refit()

    def _known_trouble(self, printer: PrinterSeen) -> OperatingError | None:
        troubles = self._room.spool.troubles()
        return next((troubles[kind] for kind in printer.kinds if kind in troubles), None)


def _profile_for(model: str, profiles: Mapping[str, str]) -> str:
    """The profile that a printer's own name for its model suggests; empty where none does."""
    said = _bare(model)
    bare = {name: _bare(called) for name, called in profiles.items()}
    fitting = [name for name in bare if len(bare[name]) >= MODEL_SIGNS_MIN and bare[name] in said]
    return max(fitting, key=lambda name: len(bare[name]), default="")


def _bare(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())
