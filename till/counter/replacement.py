"""A new code for a voucher whose paper is spoiled: the old one is emptied in the same moment.

First the whole balance is set aside, at the server where it answers; then one transaction books
`transfer_out` of the old voucher and `transfer_in` of the new one, which name each other. So there
are never two vouchers for the same money, and never none (docs/decisions/0204-spoiled-paper.md).
"""

from functools import partial
from uuid import UUID

from msgspec import Struct

from sync.link import NotSignedIn, Unreachable
from sync.wire.booking import HoldRequest
from till.counter.desk import Desk
from till.counter.issuing import NewVoucher, with_new_code
from till.counter.offline import OfflineRules
from till.counter.sale import Sale
from till.store import accounts, holds, ledger, settings
from till.store.database import Work
from vouchers.errors import InvariantError, Reason, Refused
from vouchers.ids import new_id
from vouchers.ledger import Basis, EntryDraft, EntryKind
from vouchers.money import Money, total
from vouchers.people import User
from vouchers.voucher import Account, Voucher

HOLD_SECONDS = 120


class Secured(Struct, frozen=True, kw_only=True):
    """A voucher whose balance nobody else can spend. `entry_id` is the hold's, then the entry's.

    `held` is what the server holds; None where this till decides by itself.
    """

    voucher: Voucher
    entry_id: UUID
    held: Money | None


class Replacement:
    """Moves what is left on vouchers to new codes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._offline = OfflineRules(desk)

    def secure(self, voucher_ids: list[UUID]) -> list[Secured]:
        """Set aside what is left on each. Raises Refused, with nothing set aside."""
        with self._desk.database.read() as work:
            self._desk.check_in_service(work)
        secured: list[Secured] = []
        try:
            secured.extend(map(self._secure, voucher_ids))  # keeps those before one that fails
        except BaseException:
            self.give_up(secured)
            raise
        return secured

    def give_up(self, secured: list[Secured]) -> None:
        """Nothing becomes of it: every voucher has its balance back."""
        with self._desk.database.write() as work:
            for each in secured:
                holds.give_up(work, each.entry_id)
        self._desk.reported()

    def book(
        self, work: Work, secured: list[Secured], user: User, reference: str
    ) -> dict[UUID, NewVoucher]:
        """The new vouchers by the ids of the old ones; one that is used up gets none.

        Raises Refused where this till may not decide by itself.
        """
        renewed: dict[UUID, NewVoucher] = {}
        for each in secured:
            holds.remove(work, each.entry_id)
            left = self._decided_here(work, each.voucher) if each.held is None else each.held
            if left.minor > 0:
                new = with_new_code(each.voucher, left, self._desk.keys)
                self._transfer(work, each, new, user, reference)
                renewed[each.voucher.voucher_id] = new
        return renewed

    def _secure(self, voucher_id: UUID) -> Secured:
        with self._desk.database.read() as work:
            account = _known(work, voucher_id)
            unreported = accounts.has_unreported(work, account.voucher.code_digest)
        if self._desk.line.state.online and not unreported:
            try:
                return self._hold_all(account.voucher)
            except (Unreachable, NotSignedIn) as away:
                self._desk.line.failed(away)
        return Secured(voucher=account.voucher, entry_id=new_id(), held=None)

    def _hold_all(self, voucher: Voucher) -> Secured:
        """The server's hold on all there is. Raises Refused, Unreachable, NotSignedIn."""
        server, entry_id = self._desk.server, new_id()
        found = server.find(code_digest=voucher.code_digest).accounts
        if not found:
            raise Unreachable("a server that has lost this voucher cannot decide about it")
        account = found[0]
        if account.balance != self._booked(voucher):
            raise Refused(Reason.DUPLICATE, "voucher_in_use", last4=voucher.last4)
        if account.balance.minor <= 0:
            return Secured(voucher=voucher, entry_id=entry_id, held=account.balance)
        with self._desk.database.write() as work:
            amount = account.balance
            holds.add(work, entry_id, voucher.voucher_id, amount.minor, at_server=True)
        try:
            server.hold(
                HoldRequest(
                    hold_id=entry_id,
                    code_digest=voucher.code_digest,
                    amount=amount,
                    seconds=HOLD_SECONDS,
                )
            )
        except BaseException:
            self.give_up([Secured(voucher=voucher, entry_id=entry_id, held=amount)])
            raise
        return Secured(voucher=voucher, entry_id=entry_id, held=amount)

    def _booked(self, voucher: Voucher) -> Money:
        """The balance at the server with holds left in it."""
        entries = self._desk.entries_at_server(voucher.voucher_id)
        return total([entry.amount for entry in entries], voucher.value.currency)

    def _decided_here(self, work: Work, voucher: Voucher) -> Money:
        """What is left by this till's own books.

        Of a voucher whose sale the server has not heard of, nobody can know more. One that it has
        heard of may have been spent elsewhere: it counts against the offline limits.
        """
        account = _known(work, voucher.voucher_id)
        if account.balance.minor <= 0:
            return Money.zero(account.balance.currency)
        if accounts.has_unreported(work, voucher.code_digest):
            account.check_redeem(account.balance, self._desk.today(work))
        else:
            nothing_else = Sale.new(account.balance.currency)
            self._offline.check(work, account, None, account.balance, nothing_else)
        return account.balance

    def _transfer(
        self, work: Work, old: Secured, new: NewVoucher, user: User, reference: str
    ) -> None:
        draft = partial(
            EntryDraft,
            occurred_at=self._desk.clock.now(),
            actor=user.user_id,
            reference=reference,
            basis=Basis.OFFLINE if old.held is None else Basis.ONLINE,
            clock_skew_ms=settings.clock_skew_ms.get(work),
        )
        entry_in = new_id()
        out = draft(
            entry_id=old.entry_id,
            voucher_id=old.voucher.voucher_id,
            kind=EntryKind.TRANSFER_OUT,
            amount=-new.left,
            corrects=entry_in,
        )
        into = draft(
            entry_id=entry_in,
            voucher_id=new.voucher.voucher_id,
            kind=EntryKind.TRANSFER_IN,
            amount=new.left,
            voucher=new.voucher,
            corrects=out.entry_id,
        )
        accounts.add_issued(work, new.voucher)
        ledger.append(work, out)
        ledger.append(work, into)


def _known(work: Work, voucher_id: UUID) -> Account:
    account = accounts.by_id(work, voucher_id)
    if account is None:
        raise InvariantError(f"no account of the voucher {voucher_id} that was printed here")
    return account
