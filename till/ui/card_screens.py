"""Cards: their screens, wired to their flow and to the taps at the reader."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from till.ui.card_moves import CardMoves, Move
from till.ui.card_taps import CardTaps
from till.ui.look import Message
from till.ui.screens.approve import ApproveScreen
from till.ui.screens.card import CardScreen
from till.ui.screens.card_doubts import CardDoubtsScreen
from till.ui.screens.card_series import CardSeriesScreen
from till.ui.screens.cards import CardsScreen
from till.ui.screens.lost_card import LostCardScreen
from till.ui.screens.lost_cards import LostCardsScreen
from till.ui.session import Level
from till.ui.stage import HOME, Stage

if TYPE_CHECKING:
    from till.counter.card_touched import CardTouched, MadeCard
    from till.counter.redemption import Found
    from till.ui.flows.card_flow import CardFlow, Lost
    from till.ui.flows.sale_flow import SaleFlow
    from till.ui.flows.touch_flow import TouchFlow
    from vouchers.errors import OperatingError
    from vouchers.voucher import Account

CARDS, CARD = "cards", "card"
PIN, MAKE, LOST, ONE, DOUBTS = (
    f"{CARDS}/{part}" for part in ("pin", "make", "lost", "one", "doubts")
)


class CardScreens(QObject):
    """What lies on the reader, and a supervisor's work with cards."""

    def __init__(self, stage: Stage, sale: SaleFlow, touches: TouchFlow, flow: CardFlow) -> None:
        super().__init__(stage)
        look = stage.look
        self._stage, self._flow = stage, flow
        self._taps = CardTaps(stage, sale, touches)
        self._moves = CardMoves(stage, flow, self._taps)
        self._pin, self._home, self._card = ApproveScreen(look), CardsScreen(look), CardScreen(look)
        self._series, self._doubts = CardSeriesScreen(look), CardDoubtsScreen(look)
        self._lost, self._one = LostCardsScreen(look), LostCardScreen(look)
        say = look.say
        self._pin.ask(say("ui_cards_pin_what"), say("ui_cards_pin_why"), say("ui_cards_pin"))
        self._add_screens()
        self._connect_screens()
        self._connect_flow()
        touches.touched.connect(self._on_touched)

    def enter(self) -> None:
        """Go to the cards, by way of a supervisor's PIN for a cashier."""
        self._stage.slot.clear()
        self._pin.clear()
        self._stage.go(PIN if self._flow.supervisor is None else CARDS)

    def find(self, asked: str) -> None:
        """Search for a lost card."""
        self._stage.slot.clear()
        self._stage.field.clear()
        self._flow.find(asked)

    def tie(self, account: Account) -> None:
        """The next card is tied to a voucher's account."""
        self._say("ui_tie_hold", Level.ATTENTION)
        self._taps.divert_next(partial(self._flow.link, account))

    def load_from(self, found: Found) -> None:
        """The next card takes what a voucher on paper is worth."""
        self._moves.onto_card(found)

    def _add_screens(self) -> None:
        places = {
            PIN: (self._pin, HOME),
            CARDS: (self._home, HOME),
            MAKE: (self._series, CARDS),
            LOST: (self._lost, CARDS),
            ONE: (self._one, LOST),
            DOUBTS: (self._doubts, CARDS),
            CARD: (self._card, HOME),
        }
        for place, (screen, back) in places.items():
            self._stage.add(place, screen)
            screen.left.connect(partial(self._go, back))
        self._home.finished.connect(partial(self._go, HOME))
        self._card.finished.connect(partial(self._go, HOME))
        self._card.paper_wanted.connect(self._moves.to_paper)
        for page in (self._series, self._doubts, self._lost, self._one):
            page.finished.connect(partial(self._go, CARDS))

    def _connect_screens(self) -> None:
        self._pin.entered.connect(self._flow.approve)
        self._home.chosen.connect(self._on_way)
        self._series.begun.connect(self._on_series)
        self._lost.chosen.connect(self._flow.choose)
        self._one.blocking.connect(self._flow.block)
        self._one.renewing.connect(self._on_renewing)

    def _connect_flow(self) -> None:
        flow = self._flow
        flow.opened.connect(self._on_opened)
        flow.doubts.connect(self._doubts.show_doubts)
        flow.recent.connect(self._lost.show_recent)
        flow.earlier.connect(self._series.show_earlier)
        flow.made.connect(self._on_made)
        flow.found.connect(self._lost.show_found)
        flow.chosen.connect(self._on_chosen)
        flow.blocked.connect(self._one.show_blocked)
        flow.renewed.connect(self._on_renewed)
        flow.linked.connect(self._on_linked)
        flow.unlinked.connect(self._on_unlinked)
        flow.refused.connect(self._on_refused)
        self._stage.moved.connect(self._on_moved)

    def _on_opened(self) -> None:
        self._go(CARDS)

    def _go(self, place: str) -> None:
        self._stage.slot.clear()
        self._stage.go(place)

    def _on_way(self, way: str) -> None:
        self._stage.slot.clear()
        if way == "unlink":
            self._say("ui_unlink_hold", Level.ATTENTION)
            self._taps.divert_next(self._flow.unlink)
            return
        match way:
            case "make":
                self._series.ask()
                self._flow.read_made()
            case "lost":
                self._lost.show_recent([])
                self._flow.read_recent()
            case _:
                self._flow.read_doubts()
        self._stage.go(f"{CARDS}/{way}")

    def _on_series(self) -> None:
        self._stage.slot.clear()
        self._taps.divert(self._make)

    def _make(self) -> None:
        self._series.show_working()
        self._flow.make(key=self._series.makes_keys)

    def _on_made(self, card: MadeCard) -> None:
        self._stage.slot.clear()
        self._taps.sound()
        self._series.show_made(card)

    def _on_chosen(self, lost: Lost) -> None:
        self._one.begin(lost)
        self._stage.go(ONE)

    def _on_renewing(self, lost: Lost, reason: str) -> None:
        if lost.card.voucher.key_card is not None:
            self._say("ui_lost_hold", Level.ATTENTION)
            self._taps.divert_next(partial(self._flow.renew_key, lost, reason))
            return
        move = Move(
            voucher=lost.card.voucher,
            amount=lost.worth.balance,
            begin=partial(self._flow.renew, lost, reason),
            tell=partial(self._on_renewed, lost),
            back=ONE,
        )
        self._moves.choose_card(move)

    def _on_renewed(self, lost: Lost, touched: CardTouched) -> None:
        self._taps.divert(None)
        self._taps.sound()
        self._stage.go(ONE)
        self._one.show_done()
        key = "ui_lost_moved" if lost.card.voucher.key_card is None else "ui_lost_key_moved"
        self._say(key, Level.ACCEPTED, last4=touched.last4, balance=touched.balance)

    def _on_linked(self, touched: CardTouched) -> None:
        self._taps.divert(None)
        self._taps.sound()
        self._say("ui_tie_done", Level.ACCEPTED, last4=touched.last4, balance=touched.balance)

    def _on_unlinked(self, last4: str) -> None:
        self._taps.divert(None)
        self._taps.sound()
        self._say("key_card_unlinked", Level.ACCEPTED, last4=last4)

    def _on_touched(self, touched: CardTouched) -> None:
        """A purse card with nothing to pay: show what is on it."""
        if touched.only_shown and self._stage.place in (HOME, CARD):
            self._card.show_card(touched)
            self._stage.go(CARD)

    def _on_refused(self, error: OperatingError) -> None:
        if self._stage.place == MAKE:
            self._series.show_trouble()
        if not self._moves.refuse(error, self._card.seen):
            self._taps.refuse(error)

    def _on_moved(self, place: str) -> None:
        self._taps.divert(None)
        if place.partition("/")[0] != CARDS:
            self._flow.close()

    def _say(self, key: str, level: Level, **details: object) -> None:
        self._stage.say(Message(level, self._stage.look.say(key, **details)))
