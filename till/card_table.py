"""The card reader beside the till's window (till.ui.session.CardTable)."""

from collections.abc import Callable

from msgspec.structs import replace

from cardreader.errors import NoCard
from cardreader.key_cards import identify
from cardreader.kinds import CardKind
from cardreader.protocols import Card, CardReader, CardSeen, CardTaken, ReaderEvent, ReadersChanged
from resources.texts import Texts
from sync.link import NotSignedIn, Unreachable
from till.card_doubts import settle_elsewhere, tell_seen
from till.cards import CardDesk, CardShown
from till.counter.card_touched import CardTouched
from till.counter.counter import Counter
from till.counter.sale import Sale
from till.store.card_keys import load_ring
from till.ui.session import Level, Light
from vouchers.errors import Reason, Refused
from vouchers.people import User


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
        if (seen := self._seen) is None:
            raise NoCard("")
        with self._desk.card(seen) as (card, kind):
            if kind is CardKind.DESFIRE:
                raise Refused(Reason.NOT_ALLOWED, "card_not_a_purse")
            if kind is not CardKind.PURSE:
                return self._identify(card, kind)
            touched, shown = self._use(card, sale, cashier)
        self._share(shown)
        return touched

    def _share(self, shown: CardShown) -> None:
        """Other tills may wait for what this card said, and this one for what others saw."""
        desk = self._counter.desk
        tell_seen(desk, shown.voucher.voucher_id, shown.view.records)
        if desk.line.state.online:
            try:
                settle_elsewhere(desk, self._counter.cards)
            except (Unreachable, NotSignedIn):
                desk.line.failed()

    def _use(self, card: Card, sale: Sale, cashier: User) -> tuple[CardTouched, CardShown]:
        """Settle first: a doubt about this very sale must not be answered by paying again."""
        shown = self._desk.show(card)
        if shown.earlier:
            return _touched(shown), shown
        if sale.onto_card:
            if sale.rest:
                raise Refused(Reason.TENDER, "tender_rest_open", rest=sale.rest)
            committed = self._desk.load(card, sale, cashier)
            shown = self._desk.show(card)
            return replace(_touched(shown), committed=committed), shown
        if sale.rest:
            paid = self._desk.pay(card, sale, cashier, partly=True)
            shown = self._desk.show(card)
            told = replace(_touched(shown), redeemed=paid.redeemed, sale=paid.sale)
            return replace(told, committed=paid.committed), shown
        return _touched(shown), shown

    def _identify(self, card: Card, kind: CardKind) -> CardTouched:
        cap = self._counter.catalogue().bare_uid_cap
        known = identify(card, kind, load_ring(self._desk.folder), cap)
        found = self._counter.redemption.look_up_card(known.uid, known.cap)
        account = found.account
        return CardTouched(last4=account.voucher.last4, balance=account.balance, found=found)

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


def _touched(shown: CardShown) -> CardTouched:
    said = shown.account.balance if shown.account and not shown.agrees else None
    return CardTouched(
        last4=shown.voucher.last4,
        balance=shown.view.balance,
        earlier=shown.earlier,
        account=said,
    )
