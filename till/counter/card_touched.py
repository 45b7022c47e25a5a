"""What came of a card that was held to the reader."""

from datetime import datetime

from msgspec import Struct

from till.counter.card_books import CardOutcome
from till.counter.checkout import Committed
from till.counter.redeemed import Redeemed
from till.counter.redemption import Found
from till.counter.sale import Sale
from vouchers.money import Money
from vouchers.voucher import Voucher


class CardLine(Struct, frozen=True):
    """A movement as it is shown: signed, with the balance after it and its time where known."""

    amount: Money
    balance: Money | None = None
    at: datetime | None = None


class CardTouched(Struct, frozen=True, kw_only=True):
    """A purse card with `last4` and `balance`, or (`found`) the account of a card that is a key.

    `earlier` is what the card told of a movement in doubt; then nothing else was done with it.
    `redeemed` is what it paid towards `sale`, `committed` the sale that is complete with it.
    `account` is what its account says where that differs. `put_back` is what it has back of
    sales that were given up; then nothing else was done with it either. `cap` is the most that a
    card may stand for which proves nothing, `lines` are its last movements, newest first.
    """

    last4: str
    balance: Money
    found: Found | None = None
    earlier: list[CardOutcome] = []
    redeemed: Redeemed | None = None
    sale: Sale | None = None
    committed: Committed | None = None
    account: Money | None = None
    put_back: Money | None = None
    cap: Money | None = None
    lines: list[CardLine] = []

    @property
    def stopped(self) -> bool:
        """Whether what was asked for was not done: the card had something to tell, or to have."""
        return bool(self.earlier) or (self.put_back is not None and self.sale is None)

    @property
    def only_shown(self) -> bool:
        """Whether a purse card was looked at, and nothing else came of it."""
        came = (self.found, self.redeemed, self.sale, self.committed, self.put_back)
        return not self.earlier and all(each is None for each in came)

    def given_by(self, voucher: Voucher) -> Redeemed | None:
        """What a voucher gave to the sale that is complete, now or by a movement in doubt."""
        done = [self.committed.redeemed] if self.committed else []
        done += [outcome.sale.redeemed for outcome in self.earlier if outcome.done]
        given = (one for redeemed in done for one in redeemed)
        return next((one for one in given if one.voucher.voucher_id == voucher.voucher_id), None)


class MadeCard(Struct, frozen=True):
    """A card that was made: its number, and the four signs people tell it by."""

    uid: str
    last4: str


class CardDoubt(Struct, frozen=True, kw_only=True):
    """A movement whose end is not known: on which card, how much (loads are positive), since when.

    `owed`: it is known, and the card is to have it back.
    """

    last4: str
    amount: Money
    since: datetime
    owed: bool = False
