"""What a till knows of itself and its venue: small values under names, as JSON."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from process.threads import ThreadFailure
from sync.wire import Position
from sync.wire.booking import StatusChange
from sync.wire.feed import IssuerKey
from sync.wire.incidents import Incident, Settlement
from till.store.database import Work
from till.store.tables import settings
from vouchers.campaigns import Campaign
from vouchers.catalogue import Catalogue
from vouchers.errors import InvariantError
from vouchers.people import User
from vouchers.reading import ROOT, UNREADABLE, JsonReader

Value = TypeVar("Value")


RECEIPT_PRINTER = "receipt"


class PrinterSetting(Struct, frozen=True, kw_only=True):
    """Where a printer is (tcp://HOST:PORT, ...) and which profile tells what it can.

    `layout` is the file of the blank that lies in it; empty: a roll of paper.
    """

    address: str
    profile: str = "epson-tm-t88v"
    layout: str = ""


class MailSetting(Struct, frozen=True, kw_only=True):
    """The venue's outgoing mail. The password is not here: see till.store.secrets.

    `security` is `tls` (from the first byte), `starttls`, or `none` on a network of one's own.
    """

    host: str
    port: int
    sender: str
    user: str = ""
    security: Literal["tls", "starttls", "none"] = "starttls"


class Taste(Struct, frozen=True, kw_only=True):
    """How the people at this till want its window; empty where nobody has chosen yet.

    `colours` is the name of a theme: light or dark.
    """

    language: str = ""
    colours: str = ""


class Identity(Struct, frozen=True, kw_only=True):
    """Who this till is, told at its enrolment. Its keys are not here: see till.store.secrets.

    `generation` is empty for the first till of a name on the books it began with; it changes when
    the till enrols anew, or finds that its books were put back from a backup.
    """

    till_id: str
    name: str
    organisation: str
    server_urls: list[str]
    printers: dict[str, PrinterSetting] = {}

    generation: str = ""

    @property
    def numbers_as(self) -> str:
        """What the numbers of its receipts and Z reports begin with, so that none comes twice."""
        return f"{self.name}.{self.generation}" if self.generation else self.name

    def printer_for(self, kind: str) -> str | None:
        """The name of the printer for a kind of document; the receipt printer where none is set."""
        for name in (kind, RECEIPT_PRINTER):
            if name in self.printers:
                return name
        return None


class Unanswered(Struct, frozen=True, kw_only=True):
    """A settlement that was sent: asked again, it must go with the same id."""

    incident: Incident
    settlement: Settlement


class OwnBlock(Struct, frozen=True, kw_only=True):
    """An account a supervisor blocked at this till, as the server will be told."""

    voucher_id: UUID
    change: StatusChange


Moment = Annotated[datetime, Meta(tz=True)]
SkewMs = Annotated[int, Meta(ge=-(10**13), le=10**13)]
"""Three hundred years either way: more than that no calendar reckons with."""

VoucherIdOrNone = Annotated[str, Meta(pattern="^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$")]

_VALUE_OF = select(settings.c.value).where(settings.c.name == bindparam("name"))


_every: list["Setting[Any]"] = []


def read_anew(work: Work) -> None:
    """Read all there are, so that whoever is noticing hears what is left out of them."""
    for setting in _every:
        setting.get_anew(work)


class Setting(Generic[Value]):
    """One named value of one type, `within` the bounds that an annotated one has.

    An unreadable item of its lists `parts` is left out.
    """

    def __init__(self, name: str, of: type[Value], *parts: str, within: Any = None) -> None:
        self._name = name
        self._reader = JsonReader[Value](within or of, *parts)
        self._last: tuple[bytes, Value | None] | None = None
        _every.append(self)

    def get(self, work: Work) -> Value | None:
        """The value; None while there is none, or one that this version cannot read."""
        body = work.execute(_VALUE_OF, {"name": self._name}).scalar()
        if body is None:
            return None
        if self._last is None or self._last[0] != body:  # a catalogue is read far more than told
            self._last = body, self._reader.read_or_none(body, f"the setting {self._name}")
        return self._last[1]

    def get_anew(self, work: Work) -> Value | None:
        """The same, read as if for the first time: what is left out of it is noticed again."""
        self._last = None
        return self.get(work)

    def put(self, work: Work, value: Value) -> None:
        """Keep `value` in place of the earlier one.

        Raises InvariantError for one that could not be read again.
        """
        body = msgspec.json.encode(value)
        try:
            self._reader.check(body)
        except UNREADABLE as damage:
            raise InvariantError(f"the setting {self._name} could not be read again") from damage
        statement = insert(settings).values(name=self._name, value=body)
        work.execute(statement.on_conflict_do_update(["name"], set_={"value": body}))

    def clear(self, work: Work) -> None:
        """Forget the value."""
        work.execute(delete(settings).where(settings.c.name == self._name))


identity = Setting("identity", Identity)
mail = Setting("mail", MailSetting)
taste = Setting("taste", Taste)
catalogue = Setting("catalogue", Catalogue, "products")
campaigns = Setting("campaigns", list[Campaign], ROOT)
users = Setting("users", list[User], ROOT)
issuer_keys = Setting("issuer_keys", list[IssuerKey], ROOT)

feed_position = Setting("feed_position", int, within=Position)
"""The feed has been followed up to here; none while no snapshot has been started."""

kinds_followed = Setting("kinds_followed", list[str])
"""Which kinds of changes the program knew that took the last snapshot (sync.changes)."""

life_start = Setting("life_start", int, within=Position)
"""The first feed position of the server since it was put back from a backup, 0 if it never was."""

life_known = Setting("life_known", int, within=Position)
"""The life of the server, by its first position, whose accounts have all been loaded here."""

snapshot_after = Setting("snapshot_after", str, within=VoucherIdOrNone)
"""The voucher id the snapshot has come to; "" when it is complete, none before it began."""

snapshot_loaded = Setting("snapshot_loaded", int)
"""How many accounts the snapshot has brought so far."""

unanswered = Setting("unanswered_settlements", list[Unanswered], ROOT)
"""Settlements the server was asked for and has not answered yet."""

blocks_to_tell = Setting("blocks_to_tell", list[OwnBlock], ROOT)
"""Accounts blocked here while the server was away; they stay blocked here until it knows."""

revoked = Setting("revoked", datetime, within=Moment)
"""Since when this till knows that it is shut out; a new enrolment ends it."""

thread_failures = Setting("thread_failures", list[ThreadFailure], ROOT)
"""The last times that a part of the program failed and was begun again, oldest first."""

last_contact = Setting("last_contact", datetime, within=Moment)
"""When the server last answered, by its own clock."""

clock_skew_ms = Setting("clock_skew_ms", int, within=SkewMs)
"""How far this machine's clock ran ahead of the server's when it last answered."""
