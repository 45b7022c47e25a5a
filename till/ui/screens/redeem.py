"""Redeeming: what the voucher is worth, who said so, and how much of it to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from till.counter.permission import may_be_overridden
from till.counter.voucher_share import share_of
from till.ui.look import Message
from till.ui.screens.screen import Screen, column
from till.ui.session import Level
from till.ui.style import tokens
from till.ui.widgets.basics import button, empty, frame, label, spaced
from till.ui.widgets.basket import Primary
from till.ui.widgets.card_views import movements_card
from till.ui.widgets.facts import facts, source_chip
from till.ui.widgets.keypad import AmountPad
from till.ui.widgets.message_panel import message_panel, override_button
from vouchers.errors import Refused
from vouchers.voucher import VoucherKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QFrame, QPushButton

    from till.counter.card_touched import CardLine
    from till.counter.redemption import Found
    from till.counter.sale import Sale
    from till.ui.look import Look
    from vouchers.money import Money


class RedeemScreen(Screen):
    """`redeemed` carries the Found and an amount (None: a service voucher, as a whole) for the
    basket; `redeemed_open` the same without a basket; `account_wanted` the Account;
    `override_wanted` the Found that only a supervisor may let pass; `tie_wanted` the Account that
    a key card is to open; `card_wanted` the Found whose value is to go onto a purse card.
    """

    redeemed = Signal(object, object)
    redeemed_open = Signal(object, object)
    account_wanted = Signal(object)
    override_wanted = Signal(object)
    tie_wanted = Signal(object)
    card_wanted = Signal(object)

    def __init__(self, look: Look, currency: str) -> None:
        super().__init__(look)
        self._found: Found | None = None
        self._objection: Refused | None = None
        self._sale: Sale | None = None
        self._cards_offered: Callable[[], bool] = lambda: False
        self._pad = AmountPad(look, currency, look.say("ui_redeem_amount"))
        self._pad.changed.connect(self.primary_changed)
        left, self._left = column()
        self.lay_out(look.say("ui_redeem_title"), left, self._pad)

    def offer_cards(self, offered: Callable[[], bool]) -> None:
        """Vouchers can go onto cards, and be tied to them, while `offered` says so."""
        self._cards_offered = offered

    def show_movements(self, lines: list[CardLine]) -> None:
        """The last movements of the account that is shown."""
        self._left.insertWidget(1, movements_card(self.look, lines))

    def show_found(self, found: Found, objection: Refused | None, sale: Sale) -> None:
        """Draw a voucher, and propose as much of it as it may pay."""
        objection = objection or self._not_for(sale, found)
        self._found, self._objection, self._sale = found, objection, sale
        empty(self._left)
        self._left.addWidget(self._voucher_card(found))
        if found.layout is not None:
            told = self.look.say(f"scanner_layout_{found.layout.value}")
            self._left.addWidget(self._note(Level.ATTENTION, told))
        if objection is not None:
            self._left.addWidget(self._objection_panel(found, objection))
        if self._cards_offered() and not found.card:
            if objection is None and not self._service:
                self._left.addWidget(self._card_button(found))
            self._left.addWidget(self._tie_button(found))
        entries = button(self.look.say("ui_show_account"), "step", self.look.icon("wallet-cards"))
        entries.clicked.connect(lambda: self.account_wanted.emit(found.account))
        self._left.addWidget(entries)
        self._left.addStretch(1)
        self._pad.setVisible(objection is None and not self._service)
        self._pad.propose(self._proposed(found, sale))

    def primary(self) -> Primary:
        """Redeem what the pad shows, or the service."""
        if self._found is None or self._objection is not None:
            return Primary(self.look.say("ui_redeem_nothing"), enabled=False)
        if self._service:
            return Primary(self.look.say("ui_redeem_service"))
        amount, meaning = self._pad.readable(), str(self._found.account.voucher.voucher_id)
        if amount is None:
            text = self.look.say("ui_redeem_nothing")
            return Primary(text, enabled=False, meaning=meaning)
        text = self.look.say("ui_redeem", amount=self.look.full(amount))
        return Primary(text, meaning=meaning)

    def press_primary(self) -> None:
        """See primary."""
        if self._found is None or self._sale is None or self._objection is not None:
            return
        if self._service:
            self.redeemed.emit(self._found, None)
            return
        amount = self._pad.amount()
        if amount is not None:
            wanted = self.redeemed_open if self._sale.empty else self.redeemed
            wanted.emit(self._found, amount)

    def type_key(self, sign: str) -> bool:
        """Digits go to the amount."""
        return not self._pad.isHidden() and self._pad.type_key(sign)

    def erase(self) -> bool:
        """Of the amount."""
        return not self._pad.isHidden() and self._pad.erase()

    @property
    def _service(self) -> bool:
        return self._found is not None and self._found.account.voucher.kind is VoucherKind.SERVICE

    def _not_for(self, sale: Sale, found: Found) -> Refused | None:
        """Why this very sale takes nothing of a value voucher, None when it takes something."""
        if sale.empty or found.account.voucher.kind is VoucherKind.SERVICE:
            return None
        try:
            share_of(sale, found.account.balance)
        except Refused as refusal:
            return refusal
        return None

    def _proposed(self, found: Found, sale: Sale) -> Money | None:
        if sale.empty or self._objection is not None:
            return None
        return min(found.account.balance, sale.open_to_vouchers)

    def _card_button(self, found: Found) -> QPushButton:
        made = button(self.look.say("ui_onto"), "step", self.look.icon("credit-card"))
        made.clicked.connect(lambda: self.card_wanted.emit(found))
        return made

    def _tie_button(self, found: Found) -> QPushButton:
        made = button(self.look.say("ui_tie"), "step", self.look.icon("credit-card"))
        made.clicked.connect(lambda: self.tie_wanted.emit(found.account))
        return made

    def _voucher_card(self, found: Found) -> QFrame:
        look, voucher = self.look, found.account.voucher
        card = frame("card")
        inside = QVBoxLayout(card)
        spaced(inside, tokens.MARGIN, tokens.GRID)
        inside.addWidget(label(look.voucher_title(voucher), "title", wrap=True))
        inside.addWidget(label(f"\u2026{voucher.last4}", "secondary"))
        if found.card:
            inside.addWidget(label(look.say("ui_card_opens", last4=found.card), "secondary"))
        if found.cap is not None:
            cap = look.say("card_label_bare_uid", cap=look.full(found.cap))
            inside.addWidget(label(cap, "secondary", "attention", wrap=True))
        inside.addSpacing(tokens.GRID)
        if not self._service:
            inside.addWidget(label(look.say("ui_balance"), "secondary"))
            inside.addWidget(label(look.amount(found.account.balance), "balance"))
        rows = {} if self._service else {"ui_value": look.full(voucher.value)}
        if self._service:
            rows["ui_yields"] = look.voucher_title(voucher)
        rows["ui_valid_until"] = (
            look.texts.show(voucher.expires_on) if voucher.expires_on else look.say("ui_for_ever")
        )
        inside.addLayout(facts(look, rows))
        inside.addSpacing(tokens.GRID)
        inside.addWidget(source_chip(look, found.basis, found.offline_since))
        return card

    def _objection_panel(self, found: Found, objection: Refused) -> QFrame:
        offer = None
        if may_be_overridden(objection):
            offer = override_button(self.look)
            offer.clicked.connect(lambda: self.override_wanted.emit(found))
        return message_panel(self.look, self.look.refusal(objection), offer=offer)

    def _note(self, level: Level, text: str) -> QFrame:
        return message_panel(self.look, Message(level, text))
