"""Cards beside sales: made in series, lost and replaced, tied to vouchers, in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from till.ui.flows.supervised_flow import SupervisedFlow
from till.ui.runner import LOOK_UPS, Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from till.counter.card_touched import CardTouched
    from till.counter.counter import Counter
    from till.counter.redemption import Found
    from till.ui.session import CardTable
    from vouchers.people import User
    from vouchers.voucher import Account

ACTION = "cards"
"""What the audit calls it."""

MADE_SHOWN = 40


@dataclass(frozen=True)
class Lost:
    """A card that is gone, and what it gave access to."""

    card: Account
    worth: Account


class CardFlow(SupervisedFlow):
    """Cards are made, replaced, tied and moved. Signals carry values: `doubts` a list of
    CardDoubts, `recent` a list of SeenCards, `earlier` the names of cards made and when, `made`
    a MadeCard, `found` a list of Accounts of cards, `chosen` and `blocked` a Lost, `renewed` the
    Lost and a CardTouched, `onto` the CardTouched that value is to go onto, and the same when it is
    there, `put_off` the CardTouched as the card was seen and as it is now, `linked` a CardTouched,
    `unlinked` a card's name.
    """

    doubts = Signal(object)
    recent = Signal(object)
    earlier = Signal(object)
    made = Signal(object)
    found = Signal(object)
    chosen = Signal(object)
    blocked = Signal(object)
    renewed = Signal(object, object)
    onto = Signal(object)
    put_off = Signal(object, object)
    linked = Signal(object)
    unlinked = Signal(str)

    def __init__(self, counter: Counter, runner: Runner, user: User, cards: CardTable) -> None:
        super().__init__(counter, runner, user, ACTION)
        self._cards = cards.workflows

    def read_doubts(self) -> None:
        """What waits for cards; `doubts` follows."""
        self._run(self._cards.doubts, self.doubts.emit)

    def read_recent(self) -> None:
        """The cards used here last; `recent` follows."""
        self._run(self._counter.lost_cards.recent, self.recent.emit)

    def read_made(self) -> None:
        """The cards made here last; `earlier` follows."""
        self._run(partial(self._counter.lost_cards.made, MADE_SHOWN), self.earlier.emit)

    def make(self, *, key: bool) -> None:
        """Make the card on the reader; `made` follows."""
        self._run(partial(self._cards.making.make, self._user, key=key), self.made.emit)

    def find(self, asked: str) -> None:
        """Find a lost card; `found` follows."""
        self._run(partial(self._counter.lost_cards.find, asked), self.found.emit, on=LOOK_UPS)

    def choose(self, card: Account) -> None:
        """Look at a lost card; `chosen` follows."""
        self._run(partial(_lost, self._counter, card), self.chosen.emit)

    def block(self, lost: Lost, reason: str) -> None:
        """Block it at every till; `blocked` follows."""
        if self.supervisor is not None:
            block = partial(_block, self._counter, lost, self.supervisor, reason)
            self._run(block, self.blocked.emit)

    def renew_key(self, lost: Lost, reason: str) -> None:
        """Let the card on the reader open what the lost key opened; `renewed` follows."""
        if self.supervisor is not None:
            renew = partial(self._cards.replace, lost.card, self.supervisor, reason)
            self._run(renew, lambda touched: self.renewed.emit(lost, touched))

    def renew(self, lost: Lost, reason: str, seen: CardTouched) -> None:
        """Move what the lost card held onto the one on the reader, which was seen; `onto`
        follows.
        """
        if self.supervisor is not None:
            renew = partial(self._cards.replace, lost.card, self.supervisor, reason, seen)
            self._run(renew, self.onto.emit)

    def look(self) -> None:
        """See which value card is on the reader; `onto` follows."""
        self._run(partial(self._cards.look_at_purse, self._user), self.onto.emit)

    def put_on_card(self, found: Found, seen: CardTouched) -> None:
        """Move a voucher's value onto the card on the reader, which was seen; `onto` follows."""
        move = partial(self._cards.onto_card, found, self._user, seen)
        self._run(move, self.onto.emit)

    def put_on_paper(self, seen: CardTouched) -> None:
        """Move what was seen on the card on the reader onto paper; `put_off` follows."""
        move = partial(self._cards.to_paper, self._user, seen)
        self._run(move, lambda touched: self.put_off.emit(seen, touched))

    def link(self, account: Account) -> None:
        """Tie the card on the reader to a voucher; `linked` follows."""
        self._run(partial(self._cards.making.link, account, self._user), self.linked.emit)

    def unlink(self) -> None:
        """The card on the reader opens nothing any more; `unlinked` follows."""
        self._run(partial(self._cards.making.unlink, self._user), self.unlinked.emit)

    def _run(
        self, work: Callable[[], object], then: Callable[[object], None], on: str = "counter"
    ) -> None:
        self._runner.run(work, then, self.refused.emit, on=on)


def _lost(counter: Counter, card: Account) -> Lost:
    return Lost(card, counter.lost_cards.worth(card))


def _block(counter: Counter, lost: Lost, supervisor: User, reason: str) -> Lost:
    counter.lost_cards.block(lost.card, supervisor=supervisor, reason=reason)
    return lost
