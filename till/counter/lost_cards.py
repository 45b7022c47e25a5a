"""Lost cards: finding the one that is meant, blocking it, and what its new card is to have."""

from datetime import datetime

from msgspec import Struct

from sync.wire.booking import StatusChange
from till.counter.accounts import Accounts
from till.counter.cards import CARD_MADE, Cards
from till.counter.desk import Desk
from till.counter.key_cards import KeyCards, still_tied
from till.counter.permission import supervisors_only
from till.store import accounts, audit, card_journal
from vouchers.cards import PURSE_PRODUCT
from vouchers.errors import Reason, Refused
from vouchers.people import User
from vouchers.voucher import Account, VoucherStatus

RECENT_MAX = 12


class SeenCard(Struct, frozen=True, kw_only=True):
    """A card this till has worked with, when, and its account if there is one by now."""

    last4: str
    at: datetime
    account: Account | None


class LostCards:
    """What supervisors do about cards that are gone."""

    def __init__(self, desk: Desk, search: Accounts, cards: Cards, key_cards: KeyCards) -> None:
        self._desk = desk
        self._search = search
        self._cards = cards
        self._key_cards = key_cards

    def find(self, asked: str) -> list[Account]:
        """The cards meant by their four signs, a receipt, or the voucher that a key card opens.

        Raises Refused (unknown) when there is none.
        """
        found = self._search.find(asked)
        cards = [one for one in found if one.voucher.product_id == PURSE_PRODUCT]
        ties = [one for one in found if one.voucher.key_card is not None]
        for one in found:
            if one not in cards and one not in ties:
                ties += self._key_cards.ties_to(one.voucher)
        cards += still_tied(ties)
        if not cards:
            raise Refused(Reason.UNKNOWN, "card_not_found", asked=asked.strip())
        return cards

    def the_one(self, asked: str) -> Account:
        """The only card meant. Raises Refused (unknown) when there are several, or none."""
        found = self.find(asked)
        if len(found) != 1:
            raise Refused(Reason.UNKNOWN, "card_not_found", asked=asked.strip())
        return found[0]

    def recent(self) -> list[SeenCard]:
        """The cards this till has moved value on last, newest first."""
        with self._desk.database.read() as work:
            return [
                SeenCard(
                    last4=self._cards.terms(work, uid).last4,
                    at=at,
                    account=accounts.by_id(work, self._cards.account_id(uid)),
                )
                for uid, at in card_journal.latest_cards(work, RECENT_MAX)
            ]

    def made(self, count: int) -> list[tuple[str, datetime]]:
        """The cards made at this till last, by name, newest first."""
        with self._desk.database.read() as work:
            return audit.latest(work, CARD_MADE, count)

    def block(self, lost: Account, *, supervisor: User, reason: str) -> None:
        """Nobody uses it any more, at any till. Raises Refused, Unreachable, NotSignedIn."""
        supervisors_only(supervisor, key="supervisor_only")
        voucher = lost.voucher
        change = StatusChange(status=VoucherStatus.BLOCKED, actor=supervisor.user_id, reason=reason)
        self._desk.server.set_status(voucher.voucher_id, change)
        self._cards.note(supervisor, "card blocked", f"{voucher.last4}: {reason}")

    def worth(self, lost: Account) -> Account:
        """What a lost card gave access to: its own account, or the one its key opens.

        Raises Refused (unknown).
        """
        if lost.voucher.key_card is None:
            return lost
        return self._key_cards.opened(lost).account
