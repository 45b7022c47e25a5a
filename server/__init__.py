"""The central voucher server: HTTP API, ledger, feed."""
