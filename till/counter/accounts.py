"""Voucher accounts for supervisors: found, read out with who, where and how allowed, blocked."""

from datetime import datetime

from msgspec import Struct

from printing.documents import Receipt
from sync.link import NotSignedIn, Unreachable
from sync.wire.booking import StatusChange
from till.counter.desk import Desk
from till.counter.permission import reason_given, supervisors_only
from till.counter.redemption import Redemption
from till.store import accounts, audit, blocks, ledger, receipts
from till.store.database import Work
from vouchers.codes import ALPHABET
from vouchers.errors import OperatingError, Reason, Refused
from vouchers.ledger import Basis, LedgerEntry
from vouchers.people import User
from vouchers.scans import unwrapped
from vouchers.voucher import Account, Voucher, VoucherStatus

LAST_SIGNS = 4


class Statement(Struct, frozen=True, kw_only=True):
    """An account with all that is known of it here.

    With `basis` OFFLINE the entries are this till's own only, since the server did not answer.
    `receipts` are those this till gave; entries of other tills name theirs by reference.
    """

    account: Account
    entries: list[LedgerEntry]
    receipts: list[Receipt]
    basis: Basis
    offline_since: datetime | None = None


class Accounts:
    """Finds accounts by code, last four characters or receipt number, reads and blocks them."""

    def __init__(self, desk: Desk, redemption: Redemption) -> None:
        self._desk = desk
        self._redemption = redemption

    def find(self, asked: str) -> list[Account]:
        """The accounts meant by a code, the last four characters of one, or a receipt number.

        Raises Refused (unknown, mistyped).
        """
        plain = unwrapped(asked)
        text = plain.upper()
        if len(text) == LAST_SIGNS and set(text) <= set(ALPHABET):
            found = self._search(last4=text)
        elif self._looks_like_receipt(plain):
            found = self._search(reference=plain)
        else:
            return self._by_code(asked)
        if not found:
            raise Refused(Reason.UNKNOWN, "account_not_found", asked=plain)
        return found

    def statement(self, account: Account) -> Statement:
        """Everything about an account: from the server, else from this till's own books."""
        voucher_id = account.voucher.voucher_id
        line = self._desk.line
        entries: list[LedgerEntry] | None = None
        if line.state.online:
            try:
                entries = list(self._desk.entries_at_server(voucher_id))
            except (Unreachable, NotSignedIn) as away:
                line.failed(away)
            except Refused as refusal:
                if refusal.reason is not Reason.UNKNOWN:
                    raise
        with self._desk.database.read() as work:
            own = ledger.of_voucher(work, voucher_id)
            merged = _merge(entries or [], own)
            given = receipts.of_numbers(work, _references(merged))
        return Statement(
            account=account,
            entries=merged,
            receipts=given,
            basis=Basis.OFFLINE if entries is None else Basis.ONLINE,
            offline_since=None if line.state.online else line.state.since,
        )

    def block(self, account: Account, *, supervisor: User, reason: str) -> bool:
        """Nothing may be redeemed from the account any more. Raises Refused (not_allowed).

        True when the server knows, and so every other till. While it is away the account is
        blocked at this till only: the others are told as soon as the line is back.
        """
        change = self._change(VoucherStatus.BLOCKED, supervisor, reason)
        voucher = account.voucher
        with self._desk.database.write() as work:
            self._note(work, change, voucher)
            blocks.add(work, voucher.voucher_id, change)
        try:
            self._desk.server.set_status(voucher.voucher_id, change)
        except (Unreachable, NotSignedIn) as away:
            self._desk.line.failed(away)
            self._desk.reported()
            return False
        except Refused as refusal:
            if refusal.reason is Reason.UNKNOWN:  # its sale is still on its way
                self._desk.reported()
                return False
            self._told(voucher)
            raise
        self._told(voucher)
        return True

    def unblock(self, account: Account, *, supervisor: User, reason: str) -> None:
        """The account may be used again; only the server can say so.

        Raises Refused (not_allowed), OperatingError (unblock_needs_server) while it is away.
        """
        change = self._change(VoucherStatus.ACTIVE, supervisor, reason)
        voucher = account.voucher
        try:
            self._desk.server.set_status(voucher.voucher_id, change)
        except (Unreachable, NotSignedIn) as away:
            self._desk.line.failed(away)
            raise OperatingError("unblock_needs_server", last4=voucher.last4) from away
        with self._desk.database.write() as work:
            blocks.told(work, voucher.voucher_id)
            self._note(work, change, voucher)

    def _change(self, status: VoucherStatus, supervisor: User, reason: str) -> StatusChange:
        supervisors_only(supervisor, key="supervisor_pin_wrong")
        why = reason_given(reason, key="block_reason_missing")
        with self._desk.database.read() as work:
            since = self._desk.now(work)
        return StatusChange(status=status, actor=supervisor.user_id, reason=why, since=since)

    def _note(self, work: Work, change: StatusChange, voucher: Voucher) -> None:
        audit.add(
            work,
            self._desk.clock.now(),
            actor=change.actor,
            action=f"account {change.status.value}",
            subject=f"{voucher.last4}: {change.reason}",
        )

    def _told(self, voucher: Voucher) -> None:
        with self._desk.database.write() as work:
            blocks.told(work, voucher.voucher_id)

    def _by_code(self, asked: str) -> list[Account]:
        """What was taken for a code whose sale nobody has reported is found as well."""
        try:
            return [self._redemption.look_up(asked).account]
        except Refused as refusal:
            if refusal.reason is not Reason.UNKNOWN:
                raise
            digest = self._redemption.digest_of(asked)
            told = self._desk.find_at_server(code_digest=digest, unheard_of=True)
            with self._desk.database.read() as work:
                found = told or accounts.unheard_of(work, code_digest=digest)
            if not found:
                raise
            return found

    def _search(self, *, last4: str = "", reference: str = "") -> list[Account]:
        told = self._desk.find_at_server(last4=last4, reference=reference, unheard_of=True)
        if told is not None:
            return told
        with self._desk.database.read() as work:
            if last4:
                return accounts.by_last4(work, last4) + accounts.unheard_of(work, last4=last4)
            return accounts.of_receipt(work, reference)

    def _looks_like_receipt(self, asked: str) -> bool:
        """Receipt numbers end in a hyphen and six digits, which no code of ours does."""
        _till, hyphen, number = asked.rpartition("-")
        return bool(hyphen) and len(number) == 6 and number.isdigit()


def _merge(server: list[LedgerEntry], own: list[LedgerEntry]) -> list[LedgerEntry]:
    """The server's entries and those of ours it has not heard of yet, by their time."""
    heard = {entry.entry_id for entry in server}
    return server + [entry for entry in own if entry.entry_id not in heard]


def _references(entries: list[LedgerEntry]) -> list[str]:
    return list(dict.fromkeys(entry.reference for entry in entries))
