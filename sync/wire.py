"""The wire format that tills and server share: JSON bodies of /api/v1, as values.

Ledger entries, catalogues and users travel as they are (vouchers/). Nothing here is renamed
once released; new fields carry a default. A till follows servers that are newer than itself:
words it does not know are kept (vouchers.open_enum), kinds of changes it does not know are
passed over (sync.changes). A server takes only what it knows, so it is upgraded first.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Raw, Struct

from vouchers.campaigns import Campaign
from vouchers.catalogue import Catalogue
from vouchers.ledger import LedgerEntry
from vouchers.money import Money
from vouchers.open_enum import OpenEnum
from vouchers.people import User
from vouchers.voucher import Account, Digest, ShortText, Voucher, VoucherStatus

BATCH_ENTRIES_MAX = 200
"""One answer to a batch fits the slowest line's deadline."""

PAGE_MAX = 1_000
SNAPSHOT_PAGE_MAX = 10_000
HOLD_SECONDS_MAX = 3_600

API = "/api/v1"
SERVER_TIME_HEADER = "Server-Time-Ms"
"""Every answer carries the server's clock in milliseconds since 1970, to measure skew by."""

Position = Annotated[int, Meta(ge=0, le=2**63 - 1)]
HexKey = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
HexSignature = Annotated[str, Meta(pattern="^[0-9a-f]{128}$")]


class Problem(Struct, kw_only=True, omit_defaults=True):
    """An error answer (RFC 9457, application/problem+json).

    `type` is stable: "/problems/<word>", where for a refused hold or look-up the word is one of
    vouchers.errors.Reason. `balance` tells an enrolled till what is left.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    balance: Money | None = None

    @property
    def word(self) -> str:
        """The last part of the type, which programs go by."""
        return self.type.rsplit("/", 1)[-1]


class EnrolRequest(Struct, kw_only=True):
    """A till's first words: the one-time code and the Ed25519 public key it made itself."""

    code: Annotated[str, Meta(max_length=64)]
    public_key: HexKey


class CardKeySet(Struct, kw_only=True):
    """Master keys of cards (AES-128, hexadecimal) by what they open, under one number."""

    number: Annotated[int, Meta(ge=1, le=255)]
    masters: dict[str, Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]]

    def __repr__(self) -> str:
        return f"CardKeySet({self.number}, {sorted(self.masters)})"


class CardKeys(Struct, kw_only=True):
    """All key sets in use; new cards get the one numbered `current`. `system` is hexadecimal.

    A till that only redeems is told the keys to debit and to prove, and no others.
    """

    system: Annotated[str, Meta(pattern="^[0-9a-f]{12,42}$")]
    sets: list[CardKeySet]
    current: int


class Enrolment(Struct, kw_only=True, omit_defaults=True):
    """What an enrolled till is told once. `digest_key` keys the digests of voucher codes."""

    till_id: ShortText
    name: ShortText
    organisation: ShortText
    digest_key: HexKey
    card_keys: CardKeys | None = None


class Challenge(Struct, kw_only=True):
    """What a till signs to prove it holds its key."""

    challenge: Annotated[str, Meta(max_length=500)]


class SessionRequest(Struct, kw_only=True):
    """The signed challenge: Ed25519 over the UTF-8 bytes of `challenge`."""

    till_id: ShortText
    challenge: Annotated[str, Meta(max_length=500)]
    signature: HexSignature


class Session(Struct, kw_only=True):
    """A bearer token for `expires_in_s` seconds from now."""

    token: str
    expires_in_s: int


class EntryBatch(Struct, kw_only=True):
    """Facts in the order of their origin's sequence."""

    entries: Annotated[list[LedgerEntry], Meta(min_length=1, max_length=BATCH_ENTRIES_MAX)]


class EntryAnswer(Struct, kw_only=True, omit_defaults=True):
    """What became of one fact: `booked` now or `exists` from before, with its feed position and
    the balance after it; or `conflict`, when the id is known with other content.

    `incidents` names what a supervisor will have to look at ("overdrawn", "gap", ...).
    """

    entry_id: UUID
    verdict: str
    position: Position = 0
    balance: Money | None = None
    incidents: list[str] = []


class BatchAnswer(Struct, kw_only=True):
    """One answer for each entry of the batch, in its order."""

    answers: list[EntryAnswer]


class HoldRequest(Struct, kw_only=True):
    """May I take `amount`? The id is that of the entry which will capture it, or of none."""

    hold_id: UUID
    code_digest: Digest
    amount: Money
    seconds: Annotated[int, Meta(ge=1, le=HOLD_SECONDS_MAX)]


class Hold(Struct, kw_only=True):
    """Granted: `amount` counts as spent for everybody else until `expires_at` (server time).

    The account's balance has this hold taken off, like all others.
    """

    hold_id: UUID
    account: Account
    amount: Money
    expires_at: Annotated[datetime, Meta(tz=True)]


class AccountPage(Struct, kw_only=True, omit_defaults=True):
    """Accounts found; `next` goes into `after` for the next page, None at the end."""

    accounts: list[Account]
    next: UUID | None = None


class EntryPage(Struct, kw_only=True, omit_defaults=True):
    """Entries of one account, oldest first; `next` goes into `after`, None at the end."""

    entries: list[LedgerEntry]
    next: Position | None = None


class AccountChanged(Struct, kw_only=True, tag="account"):
    """An account as it stands at `version`, a feed position that only ever rises.

    `balance` is the sum of its entries (holds not taken off). `contains` names the entry that is
    in it and was not in an earlier version. `voucher` is
    None while the issue of a voucher sold offline has not arrived yet.
    """

    position: Position
    voucher_id: UUID
    balance: Money
    status: VoucherStatus
    contains: list[UUID]
    voucher: Voucher | None


class CatalogueChanged(Struct, kw_only=True, tag="catalogue"):
    """The venue's catalogue, whole."""

    position: Position
    catalogue: Catalogue


class CampaignsChanged(Struct, kw_only=True, tag="campaigns"):
    """All campaigns and their action codes, whole."""

    position: Position
    campaigns: list[Campaign]


class UsersChanged(Struct, kw_only=True, tag="users"):
    """Everybody who may sign in, whole."""

    position: Position
    users: list[User]


class IssuerKey(Struct, frozen=True, kw_only=True):
    """A public key that signs vouchers, and whose it is."""

    key_id: Annotated[str, Meta(pattern="^[0-9a-f]{16}$")]
    public_key: HexKey
    till_id: ShortText
    name: ShortText
    revoked: bool = False


class IssuerKeysChanged(Struct, kw_only=True, tag="issuer_keys"):
    """All keys of the organisation that sign vouchers, whole."""

    position: Position
    keys: list[IssuerKey]


class IncidentKind(OpenEnum):
    """What a supervisor has to look at."""

    OVERDRAWN = "overdrawn"
    OVERRULED = "overruled"
    UNKNOWN_VOUCHER = "unknown_voucher"
    GAP = "gap"
    FORK = "fork"
    DIGEST = "digest"
    CONFLICT = "conflict"
    CLOCK = "clock"
    CURRENCY = "currency"
    TERMS = "terms"
    BLOCKED = "blocked"
    DUPLICATE_CODE = "duplicate_code"
    CARD = "card"
    CARD_GAP = "card_gap"
    CARD_DOUBT = "card_doubt"


class SettlementAction(StrEnum):
    """How an incident is put right.

    `write_off` brings an overdrawn account back to zero, `adjust` books an amount, `block` and
    `unblock` change the voucher, `reenrol` shuts the till out and lets it enrol anew, `accept`
    changes nothing.
    """

    WRITE_OFF = "write_off"
    ADJUST = "adjust"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REENROL = "reenrol"
    ACCEPT = "accept"


class Incident(Struct, kw_only=True, omit_defaults=True):
    """Something odd that was booked all the same; open until `settled_at`.

    It is about a voucher, an entry, an origin, or several of them. `details` are texts and numbers
    so far; a newer server may tell more. `times` counts how often it happened since. `settlement`
    says how it was settled; `settled_by` is empty when it settled itself.
    """

    incident_id: UUID
    kind: IncidentKind
    opened_at: Annotated[datetime, Meta(tz=True)]
    details: dict[str, Any]
    times: int = 1
    voucher_id: UUID | None = None
    entry_id: UUID | None = None
    origin: ShortText | None = None
    settled_at: Annotated[datetime, Meta(tz=True)] | None = None
    settled_by: ShortText = ""
    settlement: ShortText = ""


class IncidentPage(Struct, kw_only=True, omit_defaults=True):
    """Incidents, oldest first; `next` goes into `after`, None at the end."""

    incidents: list[Incident]
    next: UUID | None = None


class Settlement(Struct, kw_only=True, omit_defaults=True):
    """How a supervisor settles an incident. The id is that of the entry this may book.

    `amount` is what `adjust` books. Above the catalogue's `four_eyes_above` a `second` person
    must agree.
    """

    settlement_id: UUID
    action: SettlementAction
    actor: ShortText
    reason: Annotated[str, Meta(min_length=3, max_length=200)]
    amount: Money | None = None
    second: ShortText | None = None


class Settled(Struct, kw_only=True, omit_defaults=True):
    """The incident as settled, and the code with which a till may enrol anew."""

    incident: Incident
    enrolment_code: str = ""


class Exposure(Struct, kw_only=True):
    """What the venue stands to lose, and what is out.

    One copied code can cost `per_voucher` at each of the `tills` in one outage, all copied codes
    together `worst_outage`. `outstanding` is owed to visitors, `held` is promised at this moment,
    `overdrawn` was spent beyond what was there and not settled yet.
    """

    tills: int
    per_voucher: Money
    per_till: Money
    one_code: Money
    worst_outage: Money
    outstanding: Money
    held: Money
    overdrawn: Money


class BalanceQuestion(Struct, kw_only=True):
    """A visitor asks what is left on a voucher."""

    organisation: ShortText
    code: Annotated[str, Meta(max_length=64)]


class BalanceAnswer(Struct, kw_only=True, omit_defaults=True):
    """What is left, and until when it can be spent."""

    balance: Money
    expires_on: date | None = None


class CardRecord(Struct, frozen=True, kw_only=True):
    """A movement as a purse card remembers it: the `counter`-th in its life.

    `entry_id` is that of its ledger entry, whether that has been reported or not.
    """

    entry_id: UUID
    counter: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    amount: Money
    balance: Money


class CardReport(Struct, kw_only=True, omit_defaults=True):
    """What a till saw on a purse card, and which of its own movements on it are in doubt.

    `never_happened` are earlier doubts, its own or another till's, of which it knows by now. The
    answer holds what is known from number `asks_from` on.
    """

    voucher_id: UUID
    records: Annotated[list[CardRecord], Meta(max_length=20)] = []
    doubts: Annotated[list[CardRecord], Meta(max_length=100)] = []
    never_happened: Annotated[list[UUID], Meta(max_length=100)] = []
    asks_from: Annotated[int, Meta(ge=0, le=2**32)] = 0


class CardHistory(Struct, kw_only=True, omit_defaults=True):
    """What all tills of the venue have seen on a purse card or reported of it, oldest first.

    `doubts` are movements of which some till does not know yet whether they happened: whoever
    looks at the card after this answer can tell. `never_happened` are those of which somebody
    has told so.
    """

    records: list[CardRecord]
    doubts: list[CardRecord] = []
    never_happened: list[UUID] = []


class StatusChange(Struct, kw_only=True):
    """A supervisor blocks an account, or lets it be used again."""

    status: VoucherStatus
    actor: ShortText
    reason: Annotated[str, Meta(min_length=3, max_length=200)]


class IncidentChanged(Struct, kw_only=True, tag="incident"):
    """An incident was opened, happened again, or was settled."""

    position: Position
    incident: Incident


Change = (
    AccountChanged
    | CatalogueChanged
    | CampaignsChanged
    | UsersChanged
    | IssuerKeysChanged
    | IncidentChanged
)


class FeedPage(Struct, kw_only=True):
    """Changes after a position, oldest first. Ask again at once while `more`."""

    changes: list[Change]
    position: Position
    more: bool


class SnapshotAccount(Struct, kw_only=True):
    """An account in a snapshot: as AccountChanged, with the terms passed on as they are stored.

    Neither end takes `voucher` (JSON of a Voucher, or null) apart: there may be a million.
    """

    version: Position
    voucher_id: UUID
    balance: Money
    status: VoucherStatus
    contains: list[UUID]
    voucher: Raw


class SnapshotPage(Struct, kw_only=True, omit_defaults=True):
    """A part of all accounts, by voucher id; follow the feed from the first page's position.

    `total` is about how many accounts there are, for a progress bar.
    """

    accounts: list[SnapshotAccount]
    position: Position
    total: int
    next: UUID | None = None


class VenueState(Struct, kw_only=True):
    """All shared documents at one feed position: what a new till needs to sell at once.

    A server that was put back from a backup gives out no position below `life_start`; what a till
    knows from before may be lost there.
    """

    catalogue: Catalogue
    users: list[User]
    issuer_keys: list[IssuerKey]
    position: Position
    life_start: Position = 0
    campaigns: list[Campaign] = []
