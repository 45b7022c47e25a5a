"""PC/SC readers, card types, the purse protocol."""
