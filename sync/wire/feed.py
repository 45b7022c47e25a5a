"""What tills are told: a snapshot to begin with, then changes in the order of their positions."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Raw, Struct

from sync.wire import HexKey, Position
from sync.wire.incidents import Incident
from vouchers.campaigns import Campaign
from vouchers.catalogue import Catalogue
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import ShortText, Voucher, VoucherStatus

SNAPSHOT_PAGE_MAX = 10_000
SHUT_OUT = b"event: revoked"
"""The last line of a stream whose till has been shut out: it need not wait to hear of it."""


class AccountChanged(Struct, kw_only=True, tag="account"):
    """An account as it stands at `version`, a feed position that only ever rises.

    `balance` is the sum of its entries (holds not taken off). `contains` names the entry that is
    in it and was not in an earlier version. `voucher` is None while the issue of a voucher sold
    offline has not arrived yet.
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


class VenueUsers(Struct, kw_only=True):
    """Everybody who may sign in at this moment, asked for before a PIN is judged."""

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
