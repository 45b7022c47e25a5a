"""The card reader beside the till's window (till.ui.session.CardTable)."""

from collections.abc import Callable

from msgspec.structs import replace

from cardreader.errors import NoCard
from cardreader.key_cards import Identity
from cardreader.kinds import CardKind
from cardreader.protocols import Card, CardReader, CardSeen, CardTaken, ReaderEvent, ReadersChanged
from resources.texts import Texts
from till import card_sales, key_cards
from till.card_office import DeskOffice
from till.card_sharing import share
from till.card_shown import CardShown
from till.cards import CardDesk
from till.counter.card_owed import Owed
from till.counter.card_touched import CardLine, CardTouched
from till.counter.counter import Counter
from till.counter.sale import Sale
from till.ui.session import CardOffice, Level, Light
from vouchers.errors import Reason, Refused
from vouchers.money import total
from vouchers.people import User

LINES_SHOWN = 8


class ReaderTable:
    """Watches the readers from `start` to `stop`; a tap does what the moment suggests."""

    def __init__(
        self,
        desk: CardDesk,
        counter: Counter,
        readers: CardReader,
        texts: Texts,
        on_change: Callable[[], None],
    ) -> None:
        self._desk, self._counter, self._readers = desk, counter, readers
        self._texts, self._on_change = texts, on_change
        self._seen: CardSeen | None = None
        self._known: ReadersChanged | None = None
        self._had_reader = False
        self._on_tap: Callable[[bool], None] = lambda _came: None
        self._stop: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Begin to watch."""
        self._stop = self._readers.watch(self._on_event)

    def stop(self) -> None:
        """No more taps."""
        self._stop()

    def light(self) -> Light | None:
        """See CardTable."""
        if not self._had_reader:
            return None
        if self._known is not None and self._known.readers:
            return Light(Level.ACCEPTED, self._texts.say("reader_ready"))
        return Light(Level.ATTENTION, self._texts.say("reader_none"))

    def listen(self, on_tap: Callable[[bool], None]) -> None:
        """See CardTable."""
        self._on_tap = on_tap

    def touch(self, sale: Sale, cashier: User) -> CardTouched:
        """See CardTable."""
        seen = self._lying()
        with self._desk.card(seen) as (card, kind):
            if kind is not CardKind.PURSE:
                return self._use_key(key_cards.who(self._desk, card, kind), sale, cashier)
            touched, shown = self._use(card, sale, cashier)
        share(self._desk, seen, shown)
        return touched

    def put_back(self, owed: Owed, cashier: User) -> CardTouched:
        """See CardTable."""
        seen = self._lying()
        with self._desk.purse(seen) as card:
            before = self._desk.show(card)
            if before.earlier:
                return before.touched
            outcome = card_sales.put_back(self._desk, card, owed, cashier)
            shown = self._desk.show_again(card, before, owed.amount)
        return replace(shown.touched, sale=outcome.sale, put_back=owed.amount)

    @property
    def office(self) -> CardOffice:
        """See CardTable."""
        return DeskOffice(self._desk, self._lying)

    def _lying(self) -> CardSeen:
        if self._seen is None:
            raise NoCard("")
        return self._seen

    def _use(self, card: Card, sale: Sale, cashier: User) -> tuple[CardTouched, CardShown]:
        """Settle first: a doubt about this very sale must not be answered by paying again."""
        shown = self._desk.show(card)
        if shown.earlier:
            return shown.touched, shown
        back = card_sales.put_all_back(self._desk, card, cashier, sale)
        if back:
            returned = total([one.amount for one in back], sale.currency)
            shown = self._desk.show_again(card, shown, returned)
            return replace(shown.touched, put_back=returned), shown
        if sale.onto_card:
            if sale.rest:
                raise Refused(Reason.TENDER, "tender_rest_open", rest=sale.rest)
            committed = card_sales.load(self._desk, card, sale, cashier)
            shown = self._desk.show_again(card, shown, sale.onto_card)
            return replace(shown.touched, committed=committed), shown
        if sale.rest:
            paid = card_sales.pay(self._desk, card, sale, cashier, partly=True)
            shown = self._desk.show_again(card, shown, -paid.redeemed.amount)
            told = replace(shown.touched, redeemed=paid.redeemed, sale=paid.sale)
            return replace(told, committed=paid.committed), shown
        return shown.touched, shown

    def _use_key(self, known: Identity, sale: Sale, cashier: User) -> CardTouched:
        try:
            found = self._counter.key_cards.open(known)
        except Refused as refusal:
            if refusal.reason is Reason.UNKNOWN and sale.onto_card:
                raise Refused(Reason.UNKNOWN, "key_card_sell_first") from refusal
            raise
        account = found.account
        touched = CardTouched(last4=account.voucher.last4, balance=account.balance, cap=known.cap)
        if sale.onto_card:
            if sale.rest:
                raise Refused(Reason.TENDER, "tender_rest_open", rest=sale.rest)
            loaded = key_cards.load(self._desk, found, sale, cashier)
            return replace(touched, balance=account.balance + sale.onto_card, committed=loaded)
        if not sale.rest or self._counter.redemption.objection(found) is not None:
            entries = self._counter.accounts.statement(account).entries
            moved = [CardLine(one.amount, at=one.occurred_at) for one in entries]
            return replace(touched, found=found, lines=moved[: -LINES_SHOWN - 1 : -1])
        paid = key_cards.pay(self._desk, found, sale, cashier, partly=True)
        return replace(
            touched,
            balance=paid.redeemed.balance,
            redeemed=paid.redeemed,
            sale=paid.sale,
            committed=paid.committed,
        )

    def _on_event(self, event: ReaderEvent) -> None:
        match event:
            case CardSeen():
                self._seen = event
                self._on_tap(True)
            case CardTaken(reader):
                if self._seen is not None and self._seen.reader == reader:
                    self._seen = None
                    self._on_tap(False)
            case ReadersChanged():
                self._known = event
                self._had_reader = self._had_reader or bool(event.readers)
                self._on_change()
