"""The counter workflows without a window, for kiosks, scripts and tests."""
