"""Key cards: the card says who it is, the value stays in the account of the voucher it is tied to.

A tie is an account of its own, worth nothing, whose terms say what the card opens. So it reaches
the server and the other tills as every account does, is blocked as one, and is known offline.
"""

from typing import Protocol

from msgspec.structs import replace

from till.counter.desk import Desk
from till.counter.redemption import Found, Redemption
from till.store import accounts, audit, ledger, settings
from vouchers.cards import KEY_PRODUCT, LINKS_MAX, PURSE_PRODUCT, card_name, key_digest, key_terms
from vouchers.codes import voucher_id_of
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import EntryDraft, EntryKind
from vouchers.money import Money
from vouchers.people import User
from vouchers.voucher import Account, KeyLink, Voucher, VoucherStatus

_TITLES = {
    "en": {True: "Key card", False: "Card without proof"},
    "de": {True: "Schlüsselkarte", False: "Karte ohne Nachweis"},
}


class KnownCard(Protocol):
    """Who a card says it is (cardreader.key_cards.Identity)."""

    @property
    def uid(self) -> str:
        """Its number."""

    @property
    def proven(self) -> bool:
        """Whether it has proven it."""

    @property
    def cap(self) -> Money | None:
        """The most it may stand for without proof."""


class KeyCards:
    """Ties cards to voucher accounts, and finds the account a card opens."""

    def __init__(self, desk: Desk, redemption: Redemption) -> None:
        self._desk = desk
        self._redemption = redemption

    def open(self, card: KnownCard) -> Found:
        """The account a card opens; without proof worth its cap at most.

        Raises Refused (unknown, blocked) for a card that is tied to nothing, or was lost.
        """
        link = self._newest(card)
        opens = _opened_by(link)
        if link is None or opens is None:
            raise Refused(Reason.UNKNOWN, "key_card_not_linked")
        found = self._redemption.look_up_digest(opens, link.voucher.last4)
        if card.cap is None:
            return found
        capped = replace(found.account, balance=min(found.account.balance, card.cap))
        return replace(found, account=capped, cap=card.cap)

    def name(self, card: KnownCard) -> str:
        """The four signs a card is told by."""
        return card_name(key_digest(self._desk.keys.digest_key, card.uid, 0, proven=card.proven))

    def link(self, card: KnownCard, voucher: Account, cashier: User) -> Voucher:
        """Tie a card to a voucher's account; it is on disk, with the duty to report, on return.

        A card that only shows its number is tied to what is worth its cap at most. A card tied
        to this account already stays so. Raises Refused (not_allowed, amount, blocked).
        """
        terms = voucher.voucher
        if terms.product_id in (KEY_PRODUCT, PURSE_PRODUCT):
            raise Refused(Reason.NOT_ALLOWED, "key_card_to_card")
        if card.cap is not None and card.cap < voucher.balance:
            raise Refused(Reason.AMOUNT, "key_card_above_cap", cap=card.cap)
        newest = self._newest(card)
        opened = _opened_by(newest)
        if newest is not None and opened == terms.code_digest:
            return newest.voucher
        if opened is not None:
            raise Refused(Reason.NOT_ALLOWED, "key_card_linked_already")
        return self._add(card, newest, terms.code_digest, cashier, "card linked")

    def unlink(self, card: KnownCard, cashier: User) -> Voucher:
        """The card opens nothing any more; what it opened stays as it is. Raises Refused."""
        newest = self._newest(card)
        if newest is None or _target(newest) is None:
            raise Refused(Reason.UNKNOWN, "key_card_not_linked")
        return self._add(card, newest, None, cashier, "card unlinked")

    def ties_to(self, voucher: Voucher) -> list[Account]:
        """The ties there ever were to a voucher's account, as far as they are known here."""
        reference = str(voucher_id_of(voucher.code_digest))
        with self._desk.database.read() as work:
            own = accounts.of_receipt(work, reference)
        told = self._desk.find_at_server(reference=reference) or []
        found = {one.voucher.voucher_id: one for one in [*own, *told]}
        return [one for one in found.values() if one.voucher.key_card is not None]

    def opened(self, tie: Account) -> Found:
        """What a card opened, whether it was blocked meanwhile or not. Raises Refused (unknown)."""
        target = _target(tie)
        if target is None:
            raise Refused(Reason.UNKNOWN, "key_card_not_linked")
        return self._redemption.look_up_digest(target, tie.voucher.last4)

    def _newest(self, card: KnownCard) -> Account | None:
        """The last tie of a card. The server is asked for one this till has not heard of yet."""
        key, newest = self._desk.keys.digest_key, None
        for place in range(LINKS_MAX):
            digest = key_digest(key, card.uid, place, proven=card.proven)
            with self._desk.database.read() as work:
                account = accounts.by_digest(work, digest)
            if account is None:
                told = self._desk.find_at_server(code_digest=digest)
                if not told:
                    break
                account = told[0]
            newest = account
        return newest

    def _add(
        self,
        card: KnownCard,
        newest: Account | None,
        opens: str | None,
        cashier: User,
        action: str,
    ) -> Voucher:
        place = _place(newest) + 1 if newest is not None else 0
        if place == LINKS_MAX:
            raise Refused(Reason.NOT_ALLOWED, "card_worn")
        link = KeyLink(place=place, opens=opens, proven=card.proven)
        about = opens or (newest and _target(newest)) or ""
        basis = self._desk.basis
        with self._desk.database.write() as work:
            self._desk.check_in_service(work)
            catalogue, now = self._desk.catalogue(work), self._desk.clock.now()
            title = _TITLES.get(catalogue.venue.language, _TITLES["en"])[card.proven]
            key = self._desk.keys.digest_key
            terms = key_terms(key, card.uid, link, catalogue.currency, title)
            accounts.add_issued(work, terms)
            ledger.append(
                work,
                EntryDraft(
                    entry_id=new_id(),
                    voucher_id=terms.voucher_id,
                    kind=EntryKind.ISSUE,
                    amount=terms.value,
                    occurred_at=now,
                    actor=cashier.user_id,
                    reference=str(voucher_id_of(about)),
                    basis=basis,
                    voucher=terms,
                    clock_skew_ms=settings.clock_skew_ms.get(work),
                ),
            )
            audit.add(work, now, actor=cashier.user_id, action=action, subject=terms.last4)
        self._desk.reported()
        return terms


def still_tied(ties: list[Account]) -> list[Account]:
    """The newest tie of each card, where it still opens something."""
    newest = {tie.voucher.last4: tie for tie in sorted(ties, key=_place)}
    return [tie for tie in newest.values() if _target(tie) is not None]


def _place(tie: Account) -> int:
    return tie.voucher.key_card.place if tie.voucher.key_card else 0


def _target(tie: Account) -> str | None:
    return tie.voucher.key_card.opens if tie.voucher.key_card else None


def _opened_by(tie: Account | None) -> str | None:
    """What a card opens. Raises Refused (blocked) for a lost one."""
    if tie is None:
        return None
    if tie.status is VoucherStatus.BLOCKED:
        raise Refused(Reason.BLOCKED, "card_blocked", last4=tie.voucher.last4)
    return _target(tie)
