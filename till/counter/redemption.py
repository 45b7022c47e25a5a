"""Redeeming: find the voucher, set its amount aside, and only then count it as paid.

The server is asked when it can be; when no answer comes in time, this till decides by itself
within its offline limits. The id made here is the hold's and becomes the entry's, so a lost
answer never costs anybody money.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from sync.link import NotSignedIn, Unreachable
from sync.wire.booking import HoldRequest
from till.counter.desk import Desk
from till.counter.offline import OfflineRules
from till.counter.payable import check_payable
from till.counter.redeemed import Redeemed
from till.counter.sale import Sale
from till.counter.tenders import check_cards
from till.counter.voucher_share import check_new, check_takes, share_of, yielding
from till.store import accounts, holds, ledger
from vouchers.catalogue import Product
from vouchers.codes import VoucherCode, code_digest
from vouchers.errors import Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis
from vouchers.money import Money
from vouchers.proof import Proof, read_scan
from vouchers.scans import Layout
from vouchers.voucher import Account, Voucher, VoucherKind
from vouchers.yields import yielded_product

HOLD_SECONDS = 600
"""Long enough for a card terminal and a family that counts its coins."""


class Found(Struct, frozen=True, kw_only=True):
    """A voucher account as the counter sees it now, and who said so.

    `basis` is ONLINE for the server's word, else OFFLINE, with `offline_since` when the line is
    down. `proof` is its signed QR, when that was what was scanned, `layout` the machine's layout
    that the scanner did not know of. `card` is the name of the key card it was opened with, `cap`
    the most that card stands for if it proves nothing.
    """

    account: Account
    basis: Basis
    offline_since: datetime | None = None
    layout: Layout | None = None
    proof: Proof | None = None
    card: str = ""
    cap: Money | None = None


class Redemption:
    """Looks vouchers up and takes amounts from them for a sale."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._offline = OfflineRules(desk)

    def look_up(self, scanned: str) -> Found:
        """The voucher of a scan or a typed code.

        Raises Refused: mistyped (the sentence says how), unknown.
        """
        code, proof = self._read(scanned)
        digest = code_digest(self._desk.keys.digest_key, code)
        found = self._ask_server(digest) or self._ask_cache(digest, code, proof)
        return replace(found, layout=code.layout, proof=proof)

    def digest_of(self, scanned: str) -> str:
        """The digest of the code of a scan or a typed one. Raises Refused (mistyped)."""
        code, _proof = self._read(scanned)
        return code_digest(self._desk.keys.digest_key, code)

    def _read(self, scanned: str) -> tuple[VoucherCode, Proof | None]:
        with self._desk.database.read() as work:
            foreign = self._desk.catalogue(work).foreign_codes
        return read_scan(scanned, foreign=foreign)

    def look_up_digest(self, digest: str, last4: str) -> Found:
        """The voucher whose code has that digest, for a card named `last4` that is tied to it.

        Raises Refused (unknown).
        """
        name = VoucherCode(last4)
        return replace(self._ask_server(digest) or self._ask_cache(digest, name, None), card=last4)

    def objection(self, found: Found) -> Refused | None:
        """Why nothing of it may be redeemed today; None when something may."""
        with self._desk.database.read() as work:
            try:
                found.account.check_spendable(self._desk.today(work))
            except Refused as refusal:
                return refusal
        return None

    def check(self, found: Found, amount: Money, sale: Sale) -> None:
        """Raise Refused where `take` would by what this till knows; nothing is set aside."""
        self._check_account(found, amount, sale)
        if found.basis is not Basis.ONLINE:
            with self._desk.database.read() as work:
                self._offline.check(work, found.account, found.proof, amount, sale)

    def take(self, found: Found, amount: Money, sale: Sale) -> Redeemed:
        """Set `amount` of a found voucher aside for `sale`, so that nobody else can spend it.

        Raises Refused, with nothing set aside.
        """
        self._check_account(found, amount, sale)
        if found.basis is Basis.ONLINE:
            return self._take_online(found, amount, sale)
        return self._take_offline(found, amount, sale, new_id(), asked=False)

    def add(self, sale: Sale, found: Found, amount: Money | None = None) -> Sale:
        """The sale with this voucher taken: `amount`, else as much as may be paid with it.

        A service voucher is always taken in whole and pays for its product. Raises Refused.
        """
        with self._desk.database.read() as work:
            check_payable(self._desk, work, sale)
        voucher, balance = found.account.voucher, found.account.balance
        if voucher.kind is VoucherKind.SERVICE:
            check_new(sale, voucher)
            after = yielding(sale, voucher, self._yielded(voucher))
            return after.with_voucher(self.take(found, balance, sale))
        if amount is None:
            amount = share_of(sale, balance)
        check_takes(sale, amount)
        return sale.with_voucher(self.take(found, amount, sale))

    def hold_again(self, given: Redeemed, sale: Sale, left_min: timedelta) -> Redeemed:
        """What a voucher gives to an open sale, set aside for `left_min` at least.

        `sale` is the one without it. Raises Refused when it can no longer be had.
        """
        with self._desk.database.read() as work:
            if ledger.has(work, given.entry_id):  # a card in doubt has it booked already
                return given
            stands, now = holds.stands(work, given.entry_id), self._desk.now(work)
        left = left_min if given.held_until is None else given.held_until - now
        if stands and left >= left_min:
            return given
        if given.basis is not Basis.ONLINE:
            raise Refused(Reason.INSUFFICIENT, "hold_is_gone", last4=given.voucher.last4)
        account = Account(voucher=given.voucher, balance=given.balance + given.amount)
        found = Found(account=account, basis=Basis.ONLINE)
        # The old hold goes first: the server would count it against the new one.
        if self._release_now(given.entry_id):
            return self.take(found, given.amount, sale)
        if stands and left > timedelta():
            return given  # the server keeps it still, as far as anybody can say
        return self._take_offline(found, given.amount, sale, given.entry_id, asked=True)

    def remove(self, sale: Sale, entry_id: UUID) -> Sale:
        """The sale without a voucher that was taken; the voucher has its amount back.

        Raises Refused for what a card has paid: that is on the card only when it is loaded again;
        and (tender) where less would be due than was taken on a card terminal.
        """
        after = sale.without_voucher(entry_id)
        check_cards(after.tenders, after.due)
        _refuse_card_parts([one for one in sale.redeemed if one.entry_id == entry_id])
        self._let_go(entry_id)
        return after

    def give_up(self, sale: Sale) -> None:
        """The visitor has left: every voucher has its amount back.

        Raises Refused at the end for what cards have paid: see remove.
        """
        for given in sale.redeemed:
            if given.basis is not Basis.CARD:
                self._let_go(given.entry_id)
        _refuse_card_parts(sale.redeemed)

    def _release_now(self, hold_id: UUID) -> bool:
        """Let go of a hold here and at the server; False, with nothing done, while it is away."""
        if not self._desk.line.state.online:
            return False
        try:
            self._desk.server.release(hold_id)
        except (Unreachable, NotSignedIn) as away:
            self._desk.line.failed(away)
            return False
        with self._desk.database.write() as work:
            holds.remove(work, hold_id)
        return True

    def _let_go(self, hold_id: UUID) -> None:
        with self._desk.database.write() as work:
            holds.give_up(work, hold_id)
        self._desk.reported()

    def _check_account(self, found: Found, amount: Money, sale: Sale) -> None:
        check_new(sale, found.account.voucher)
        with self._desk.database.read() as work:
            self._desk.check_in_service(work)
            found.account.check_redeem(amount, self._desk.today(work))

    def _ask_server(self, digest: str) -> Found | None:
        """The server's word; None when it does not answer, or has not heard all of ours yet."""
        with self._desk.database.read() as work:
            if accounts.has_unreported(work, digest):
                return None
        told = self._desk.find_at_server(code_digest=digest)
        return Found(account=told[0], basis=Basis.ONLINE) if told else None

    def _ask_cache(self, digest: str, code: VoucherCode, proof: Proof | None) -> Found:
        line = self._desk.line.state
        with self._desk.database.read() as work:
            account = accounts.by_digest(work, digest)
            if account is None and proof is not None:
                account = self._offline.proven_account(work, proof, digest)
        if account is None:
            key = "refused_unknown" if line.online else "refused_unknown_offline"
            raise Refused(Reason.UNKNOWN, key, last4=code.last4)
        since = None if line.online else line.since
        return Found(account=account, basis=Basis.OFFLINE, offline_since=since)

    def _take_online(self, found: Found, amount: Money, sale: Sale) -> Redeemed:
        voucher, entry_id = found.account.voucher, new_id()
        with self._desk.database.write() as work:
            holds.add(work, entry_id, voucher.voucher_id, amount.minor, at_server=True)
        request = HoldRequest(
            hold_id=entry_id, code_digest=voucher.code_digest, amount=amount, seconds=HOLD_SECONDS
        )
        try:
            hold = self._desk.server.hold(request)
        except Refused as refusal:
            with self._desk.database.write() as work:
                holds.remove(work, entry_id)
            raise _with_details(refusal, found.account, amount) from refusal
        except (Unreachable, NotSignedIn) as away:
            self._desk.line.failed(away)
            return self._take_offline(found, amount, sale, entry_id, asked=True)
        return Redeemed(
            entry_id=entry_id,
            voucher=voucher,
            amount=amount,
            balance=hold.account.balance,
            basis=Basis.ONLINE,
            held_until=hold.expires_at,
        )

    def _take_offline(
        self, found: Found, amount: Money, sale: Sale, entry_id: UUID, *, asked: bool
    ) -> Redeemed:
        """Decide by the limits. `asked`: the server may hold it under the same id already."""
        try:
            with self._desk.database.write() as work:
                holds.remove(work, entry_id)
                account = self._offline.check(work, found.account, found.proof, amount, sale)
                voucher_id = account.voucher.voucher_id
                holds.add(work, entry_id, voucher_id, amount.minor, at_server=asked)
        except Refused:
            with self._desk.database.write() as work:
                holds.give_up(work, entry_id)
            self._desk.reported()
            raise
        return Redeemed(
            entry_id=entry_id,
            voucher=account.voucher,
            amount=amount,
            balance=account.balance - amount,
            basis=Basis.OFFLINE,
        )

    def _yielded(self, voucher: Voucher) -> Product:
        with self._desk.database.read() as work:
            return yielded_product(voucher, self._desk.catalogue(work))


def _refuse_card_parts(given: Sequence[Redeemed]) -> None:
    for one in given:
        if one.basis is Basis.CARD:
            raise Refused(
                Reason.NOT_ALLOWED, "card_part_paid", amount=one.amount, last4=one.voucher.last4
            )


def _with_details(refusal: Refused, account: Account, amount: Money) -> Refused:
    """The server's refusal with what its sentence wants to say."""
    balance = refusal.details.get("balance")
    left = balance if isinstance(balance, Money) else account.balance
    return Refused(
        refusal.reason,
        last4=account.voucher.last4,
        expires_on=account.voucher.expires_on,
        balance=left,
        amount=amount,
        rest=amount - left,
        have=account.voucher.value.currency,
        want=amount.currency,
    )
