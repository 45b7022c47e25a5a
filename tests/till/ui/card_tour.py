"""The screens of cards beside the till, for those who look at them."""

from collections.abc import Iterator

from PySide6.QtCore import Qt

from cardreader.key_cards import prepare_key_card
from cardreader.kinds import CardKind
from cardreader.virtual.kinds import desfire
from tests.cardreader.held import HeldCard
from tests.cardreader.venue import RING, purse
from tests.till.ui.guide import Guide
from tests.till.ui.hand import reader_beside


class CardTour(Guide):
    """Yields the name of each screen when it stands; a cashier is signed in by it."""

    def screens(self) -> Iterator[str]:
        """All of them."""
        self._world.follow()
        self._world.go_offline()
        with reader_beside(self._world, lambda: self._window._look.texts) as hand:
            self._hand = hand
            self._sign_in("Kim Kasse", "1234")
            yield from self._much_to_pay()
            yield from self._sold_onto_a_card()
            yield from self._back_onto_paper()
            yield from self._from_paper()

    def _much_to_pay(self) -> Iterator[str]:
        for _ in range(12):
            self._add("value-100")
        self._tap("ui_pay", amount=1200_00)
        self._tap("ui_unusual_meant")
        self._cashier.type("20")
        self._enter()
        self._sees("ui_pay_again")
        yield "card-much-to-pay"
        self._tap("ui_clear")
        self._tap("ui_given_back")
        self._sees("ui_basket_empty")

    def _sold_onto_a_card(self) -> Iterator[str]:
        self._add("value-50")
        self._tap("ui_pay", amount=50_00)
        self._tap("ui_onto_card")
        self._cashier.type("20")
        self._enter()
        self._sees("ui_pay_again")
        self._cashier.type("30")
        yield "card-part-paid"
        self._enter()
        self._sees("card_hold")
        yield "card-hold"
        key = desfire(None, bytes.fromhex("04000000000007"))
        prepare_key_card(HeldCard(key), CardKind.DESFIRE, RING)
        self._hand.reader.tap(key)
        self._tells("key_card_sell_first")
        yield "card-key-untied"
        self._hand.reader.pull()
        self._hand.tap()
        self._sees("ui_done_no_change", receipt="T1-000001")
        self._hand.reader.pull()

    def _back_onto_paper(self) -> Iterator[str]:
        self._hand.tap()
        self._sees("ui_paper")
        yield "card-shown"
        self._hand.reader.pull()
        self._tap("ui_paper")
        self._tells("ui_paper_hold")
        self._hand.reader.tap(purse(uid=bytes.fromhex("04AABBCCDDEEFF")))
        self._tells("card_other_than_seen")
        yield "card-other"
        self._hand.reader.pull()
        self._hand.slip()
        self._tells("card_in_doubt")
        yield "card-doubt"
        self._hand.reader.pull()
        self._hand.tap()
        self._tells("ui_paper_done")
        yield "card-on-paper"
        self._hand.reader.pull()

    def _from_paper(self) -> Iterator[str]:
        code = self._world.issue("value-50")
        self._world.follow()
        self._cashier.scan(code.text)
        self._sees("ui_onto")
        yield "card-voucher"
        self._tap("ui_onto")
        self._tells("ui_onto_hold")
        yield "card-voucher-hold"
        self._hand.tap()
        self._sees("ui_onto_then")
        yield "card-voucher-chosen"
        self._enter()
        self._tells("ui_onto_done_offline")
        yield "card-loaded-from-paper"
        self._cashier.press(Qt.Key.Key_Escape)

    def _tells(self, key: str) -> None:
        """Wait for a sentence, whatever is in its gaps."""
        gaps = dict.fromkeys(("amount", "balance", "last4", "voucher"), "|")
        self._cashier.sees(max(self._say(key, **gaps).split("|"), key=len))
