"""Incidents: what was odd and booked all the same, until a supervisor settles it."""

from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from sync.link import NotSignedIn, Unreachable
from sync.wire.booking import Standing
from sync.wire.incidents import Exposure, Incident, Settled, Settlement, SettlementAction
from till.counter.desk import Desk
from till.counter.permission import reason_given, supervisors_only
from till.store import accounts, audit, incidents, ledger, settings
from till.store.database import Work
from till.store.ledger import Parked
from vouchers.errors import Refused
from vouchers.ids import new_id
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import Account


class Case(Struct, frozen=True, kw_only=True):
    """An incident with what this till knows of the things it is about.

    `till` is the name of the till its entry came from, empty when no till of the venue made it.
    `entry` stays None until it is asked for (see Incidents.read), and where nobody has it.
    `missing` is how far the account is below zero, also where nobody knows its voucher.
    `unanswered`: it was settled from here, and the answer, which holds a till's code, got lost.
    """

    incident: Incident
    account: Account | None = None
    missing: Money | None = None
    till: str = ""
    entry: LedgerEntry | None = None
    unanswered: bool = False


class Incidents:
    """The venue's open incidents. Settling one needs the server; looking at them does not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open(self) -> list[Incident]:
        """All that wait for a supervisor, oldest first, after those with a lost answer."""
        with self._desk.database.read() as work:
            return [*incidents.lost_answers(work), *incidents.all_open(work)]

    def cases(self) -> list[Case]:
        """The same, with the accounts and tills they are about."""
        with self._desk.database.read() as work:
            keys = settings.issuer_keys.get(work) or []
            tills = {key.till_id: key.name for key in keys}
            lost = incidents.lost_answers(work)
            return [
                _case(
                    work,
                    incident,
                    till=tills.get(incident.origin or "", ""),
                    unanswered=incident in lost,
                )
                for incident in [*lost, *incidents.all_open(work)]
            ]

    def read(self, case: Case) -> Case:
        """The case with its entry: from the server, else from this till's own books."""
        voucher_id, entry_id = case.incident.voucher_id, case.incident.entry_id
        if voucher_id is None or entry_id is None:
            return case
        with self._desk.database.read() as work:
            own = ledger.of_voucher(work, voucher_id)
        found = _by_id(own, entry_id) or self._ask_server(voucher_id, entry_id)
        return replace(case, entry=found)

    def exposure(self) -> Exposure:
        """What the venue stands to lose. Raises Unreachable."""
        return self._desk.server.exposure()

    def behind(self, standing: Standing) -> list[Account]:
        """The accounts that a sum of the exposure consists of. Raises Unreachable."""
        return self._desk.server.standing(standing).accounts

    def parked(self) -> list[Parked]:
        """What this till has kept because the server did not take it, oldest first."""
        with self._desk.database.read() as work:
            return ledger.parked(work)

    def settle(
        self,
        incident: Incident,
        action: SettlementAction,
        *,
        supervisor: User,
        reason: str,
        amount: Money | None = None,
        second: User | None = None,
    ) -> Settled:
        """Settle it, with a reason; `second` agrees above the venue's four-eyes amount. It comes
        back open while what it is about goes on: so much was done about it, and is written down.

        Asked again after a lost answer, it goes with the id of the first time, so that nothing is
        booked twice and the same code comes back. `enrolment_noted` follows once somebody has
        written that code down. Raises Refused (not_allowed, four_eyes, settled_already, amount)
        or Unreachable; the incident then stays open.
        """
        supervisors_only(supervisor, second, key="supervisor_pin_wrong")
        why = reason_given(reason, key="settlement_reason_missing")
        settlement = Settlement(
            settlement_id=new_id(),
            action=action,
            actor=supervisor.user_id,
            reason=why,
            amount=amount,
            second=second.user_id if second else None,
        )
        settled = self._sent(incident, settlement)
        with self._desk.database.write() as work:
            incidents.apply(work, settled.incident)
            if not settled.enrolment_code:
                incidents.answered(work, incident)
            audit.add(
                work,
                self._desk.clock.now(),
                actor=supervisor.user_id,
                action=f"settle {action}",
                subject=f"{incident.kind} {incident.incident_id}: {why}",
                approved_by=second.user_id if second else None,
            )
        return settled

    def enrolment_noted(self, incident: Incident) -> None:
        """The code that came with its settlement has been written down."""
        with self._desk.database.write() as work:
            incidents.answered(work, incident)

    def _sent(self, incident: Incident, settlement: Settlement) -> Settled:
        with self._desk.database.write() as work:
            for earlier in incidents.unanswered(work):
                if earlier.incident.incident_id == incident.incident_id:
                    settlement = _with_id_of(earlier.settlement, settlement)
            incidents.ask(work, incident, settlement)
        try:
            return self._desk.server.settle(incident.incident_id, settlement)
        except Refused:
            with self._desk.database.write() as work:
                incidents.answered(work, incident)
            raise

    def _ask_server(self, voucher_id: UUID, entry_id: UUID) -> LedgerEntry | None:
        if not self._desk.line.state.online:
            return None
        try:
            return _by_id(self._desk.entries_at_server(voucher_id), entry_id)
        except (Unreachable, NotSignedIn) as away:
            self._desk.line.failed(away)
            return None
        except Refused:
            return None


def _case(work: Work, incident: Incident, *, till: str, unanswered: bool) -> Case:
    about = incident.voucher_id
    return Case(
        incident=incident,
        account=accounts.by_id(work, about) if about else None,
        missing=accounts.missing(work, about) if about else None,
        till=till,
        unanswered=unanswered,
    )


def _with_id_of(earlier: Settlement, again: Settlement) -> Settlement:
    """The same settlement asked for again: another amount or another way is another one."""
    same = (earlier.action, earlier.amount) == (again.action, again.amount)
    return replace(again, settlement_id=earlier.settlement_id) if same else again


def _by_id(entries: Iterable[LedgerEntry], entry_id: UUID) -> LedgerEntry | None:
    return next((entry for entry in entries if entry.entry_id == entry_id), None)
