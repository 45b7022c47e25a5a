"""The rules of the business: money, codes, vouchers, ledger. Pure Python, no I/O."""
