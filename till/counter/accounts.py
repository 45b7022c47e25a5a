"""Voucher accounts for supervisors: entries with who, where and how allowed, receipts, balance."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from printing.documents import Receipt
from sync.link import NotSignedIn, Unreachable
from till.counter.desk import Desk
from till.counter.redemption import Redemption
from till.store import accounts, ledger, receipts
from till.store.database import Work
from vouchers.codes import ALPHABET
from vouchers.errors import Reason, Refused
from vouchers.ledger import Basis, LedgerEntry
from vouchers.voucher import Account

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
    """Finds accounts by code, last four characters or receipt number, and reads them out."""

    def __init__(self, desk: Desk, redemption: Redemption) -> None:
        self._desk = desk
        self._redemption = redemption

    def find(self, asked: str) -> list[Account]:
        """The accounts meant by a code, the last four characters of one, or a receipt number.

        Raises Refused (unknown, mistyped).
        """
        text = asked.strip().upper()
        if len(text) == LAST_SIGNS and set(text) <= set(ALPHABET):
            found = self._search(last4=text)
        elif self._looks_like_receipt(asked.strip()):
            found = self._search(reference=asked.strip())
        else:
            return [self._redemption.look_up(asked).account]
        if not found:
            raise Refused(Reason.UNKNOWN, "account_not_found", asked=asked.strip())
        return found

    def statement(self, account: Account) -> Statement:
        """Everything about an account: from the server, else from this till's own books."""
        voucher_id = account.voucher.voucher_id
        line = self._desk.line
        entries: list[LedgerEntry] | None = None
        if line.state.online:
            try:
                entries = self._server_entries(voucher_id)
            except (Unreachable, NotSignedIn):
                line.failed()
        with self._desk.database.read() as work:
            own = ledger.of_voucher(work, voucher_id)
            merged = _merge(entries or [], own)
            given = [receipts.get(work, number) for number in _references(merged)]
        return Statement(
            account=account,
            entries=merged,
            receipts=[receipt for receipt in given if receipt is not None],
            basis=Basis.OFFLINE if entries is None else Basis.ONLINE,
            offline_since=None if line.state.online else line.state.since,
        )

    def _search(self, *, last4: str = "", reference: str = "") -> list[Account]:
        if self._desk.line.state.online:
            try:
                return self._desk.server.find(last4=last4, reference=reference).accounts
            except (Unreachable, NotSignedIn):
                self._desk.line.failed()
        with self._desk.database.read() as work:
            if last4:
                return accounts.by_last4(work, last4)
            return _known(work, ledger.vouchers_of_receipt(work, reference))

    def _server_entries(self, voucher_id: UUID) -> list[LedgerEntry]:
        entries: list[LedgerEntry] = []
        after: int | None = 0
        while after is not None:
            page = self._desk.server.entries(voucher_id, after)
            entries += page.entries
            after = page.next
        return entries

    def _looks_like_receipt(self, asked: str) -> bool:
        """Receipt numbers end in a hyphen and six digits, which no code of ours does."""
        _till, hyphen, number = asked.rpartition("-")
        return bool(hyphen) and len(number) == 6 and number.isdigit()


def _known(work: Work, voucher_ids: list[UUID]) -> list[Account]:
    found = [accounts.by_id(work, voucher_id) for voucher_id in voucher_ids]
    return [account for account in found if account is not None]


def _merge(server: list[LedgerEntry], own: list[LedgerEntry]) -> list[LedgerEntry]:
    """The server's entries and those of ours it has not heard of yet, by their time."""
    heard = {entry.entry_id for entry in server}
    return server + [entry for entry in own if entry.entry_id not in heard]


def _references(entries: list[LedgerEntry]) -> list[str]:
    return list(dict.fromkeys(entry.reference for entry in entries))
