"""One module for each thing a cashier does in the wide area."""
