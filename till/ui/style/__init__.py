"""Colours, sizes, type and icons: the look of the till, in one place."""
