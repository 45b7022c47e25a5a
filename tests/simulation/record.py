"""Notes what was promised: by the paper in the visitor's hand, not by what the till believes."""

from uuid import UUID

from printing.documents import Receipt, decode
from tests.simulation.machine import Machine, Process
from tests.simulation.promises import Promise, Promises, SoldVoucher
from tests.simulation.violation import require
from till.counter.sale import Sale


class Record:
    """Adds to the world's log when a sale or a correction has happened."""

    def __init__(self, promises: Promises) -> None:
        self._promises = promises

    def resolve(self, machine: Machine, process: Process) -> None:
        """The process died: what was it about to promise, and did it come to that?"""
        self.drafted(process)
        if process.committing is not None:
            self.committed(machine, process.committing, may_be_missing=True)

    def drafted(self, process: Process) -> None:
        """Corrections that are on disk have happened."""
        for entry_id, promise in process.drafting.items():
            asked = "SELECT 1 FROM entries WHERE entry_id = ?"
            if process.machine.ask(asked, entry_id.hex):
                self._promises.add(promise)
        process.drafting.clear()

    def committed(self, machine: Machine, sale: Sale, *, may_be_missing: bool) -> None:
        """Note what a committed sale has promised; the paper in the spool is the visitor's."""
        rows = machine.ask(
            "SELECT r.number, j.document FROM receipts r JOIN print_jobs j"
            " ON j.reference = r.number WHERE r.sale_id = ?",
            sale.sale_id.hex,
        )
        require(bool(rows) or may_be_missing, "a committed sale is on disk", sale.sale_id)
        for row in rows:
            receipt = decode(row["document"])
            if isinstance(receipt, Receipt):
                self._issued(machine, receipt)
            for given in sale.redeemed:
                self._promises.add(
                    Promise(given.entry_id, "redeem", given.voucher.voucher_id, -given.amount.minor)
                )

    def _issued(self, machine: Machine, receipt: Receipt) -> None:
        for sold in receipt.vouchers:
            found = machine.ask(
                "SELECT entry_id FROM entries WHERE voucher_id = ? AND kind = 'issue'",
                sold.voucher_id.hex,
            )
            require(len(found) == 1, "a voucher on paper is in the ledger once", sold.voucher_id)
            entry_id, value = UUID(found[0]["entry_id"]), sold.value.minor
            self._promises.add(Promise(entry_id, "issue", sold.voucher_id, value))
            self._promises.vouchers.append(
                SoldVoucher(sold.voucher_id, value, sold.code, sold.proof)
            )
