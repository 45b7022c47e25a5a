"""The till application: store, counter, window and commands."""
