"""What is on a purse card, beside what this till knows of its account."""

from msgspec import Struct
from msgspec.structs import replace

from cardreader.purse.open_purse import PurseView
from till.counter.card_books import CardOutcome
from till.counter.card_touched import CardLine, CardTouched, MadeCard
from vouchers.money import Money
from vouchers.voucher import Account, Voucher


class CardShown(Struct, frozen=True, kw_only=True):
    """A purse card as it lies on the reader, beside what this till knows of its account.

    `earlier` is what became of this till's own open movements on it, told by the card just now.
    """

    view: PurseView
    voucher: Voucher
    account: Account | None
    earlier: list[CardOutcome]

    @property
    def agrees(self) -> bool:
        """Whether card and account say the same; movements on their way make them differ."""
        known = self.account.balance if self.account else Money.zero(self.view.balance.currency)
        return known == self.view.balance

    @property
    def touched(self) -> CardTouched:
        """For whoever held it to the reader."""
        said = self.account.balance if self.account and not self.agrees else None
        return CardTouched(
            last4=self.voucher.last4,
            balance=self.view.balance,
            lines=[
                CardLine(one.amount, one.balance_after) for one in self.view.records if one.counter
            ],
            earlier=self.earlier,
            account=said,
        )

    @property
    def made(self) -> MadeCard:
        """For whoever made it."""
        return MadeCard(self.view.uid, self.voucher.last4)

    def moved(self, amount: Money) -> "CardShown":
        """With `amount` more (or less) on it; its last movements are as they were seen."""
        return replace(self, view=replace(self.view, balance=self.view.balance + amount))
