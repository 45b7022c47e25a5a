"""The kinds of documents that may have a printer of their own. Imports nothing: see arguments."""

KINDS = (
    *("receipt", "voucher", "ticket", "pass"),
    *("shift_report", "statement", "drawer_slip"),
)
"""What has no printer of its own goes to the one for receipts; tickets and passes are not owed."""

WITH_RECEIPTS = ("voucher", "shift_report", "statement", "drawer_slip")
"""What the printer for receipts may have to print as well."""
