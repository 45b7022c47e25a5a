"""The counter: one door to all that happens at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from msgspec import Struct

from till.counter.accounts import Accounts
from till.counter.action_codes import ActionCodes
from till.counter.card_books import CardBooks
from till.counter.card_owed import CardOwed
from till.counter.cards import Cards
from till.counter.checkout import Checkout
from till.counter.desk import Desk
from till.counter.handover import Handover
from till.counter.incidents import Incidents
from till.counter.key_cards import KeyCards
from till.counter.lost_cards import LostCards
from till.counter.offline import OfflineRules
from till.counter.open_sales import OpenSales
from till.counter.override import Override
from till.counter.paperwork import Paperwork
from till.counter.redemption import Redemption
from till.counter.renewal import Renewal
from till.counter.shift import Shifts
from till.counter.sign_in import SignIn
from till.store import incidents, settings, shifts
from till.store.sync_store import TillSyncStore
from vouchers.catalogue import Catalogue
from vouchers.errors import Sentence
from vouchers.money import Money


class Status(Struct, frozen=True, kw_only=True):
    """What the status bar tells.

    `cause` says why there is no line, as far as anybody has said. `still_offline` is what may yet
    be redeemed in this outage, `clock_skew_ms` how far this machine's clock runs ahead of the
    server's. `revoked`: the till is shut out and sells nothing.
    `shift_open`: what is sold now stands in a shift's report.
    """

    online: bool
    since: datetime
    waiting: int
    parked: int
    still_offline: Money
    cause: Sentence | None = None
    incidents: int = 0
    clock_skew_ms: int = 0
    revoked: bool = False
    shift_open: bool = False


@dataclass(frozen=True)
class Counter:
    """The workflows of one till; all of them may be called from any thread but the UI's."""

    desk: Desk
    sign_in: SignIn
    redemption: Redemption
    action_codes: ActionCodes
    override: Override
    checkout: Checkout
    open_sales: OpenSales
    accounts: Accounts
    incidents: Incidents
    shifts: Shifts
    handover: Handover
    paperwork: Paperwork
    cards: Cards
    card_books: CardBooks
    card_owed: CardOwed
    key_cards: KeyCards
    lost_cards: LostCards

    @classmethod
    def at(cls, desk: Desk) -> Self:
        """The workflows over one desk."""
        redemption = Redemption(desk)
        renewal = Renewal(redemption)
        checkout = Checkout(desk, renewal)
        search, cards = Accounts(desk, redemption), Cards(desk)
        key_cards = KeyCards(desk, redemption)
        return cls(
            desk=desk,
            sign_in=SignIn(desk),
            redemption=redemption,
            action_codes=ActionCodes(desk, redemption),
            override=Override(desk, redemption),
            checkout=checkout,
            open_sales=OpenSales(desk, redemption, renewal),
            accounts=search,
            incidents=Incidents(desk),
            shifts=Shifts(desk),
            handover=Handover(desk),
            paperwork=Paperwork(desk),
            cards=cards,
            card_books=CardBooks(desk, checkout, cards),
            card_owed=CardOwed(desk),
            key_cards=key_cards,
            lost_cards=LostCards(desk, search, cards, key_cards),
        )

    def catalogue(self) -> Catalogue:
        """What the venue sells. Raises NotEnrolled."""
        with self.desk.database.read() as work:
            return self.desk.catalogue(work)

    def status(self) -> Status:
        """How the till stands with the server."""
        waiting, parked = TillSyncStore(self.desk.database).counts()
        state = self.desk.line.state
        with self.desk.database.read() as work:
            open_incidents = incidents.count(work)
            skew_ms = settings.clock_skew_ms.get(work) or 0
            revoked = settings.revoked.get(work) is not None
            shift_open = shifts.open_id(work) is not None
        return Status(
            online=state.online,
            since=state.since,
            cause=state.cause,
            waiting=waiting,
            parked=parked,
            still_offline=OfflineRules(self.desk).still_acceptable(),
            incidents=open_incidents,
            clock_skew_ms=skew_ms,
            revoked=revoked,
            shift_open=shift_open,
        )
