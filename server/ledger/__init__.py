"""The rules of the central ledger, and the one thread that books by them."""
