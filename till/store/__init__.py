"""The till's SQLite database: cache, ledger, outbox, receipts, journals."""
