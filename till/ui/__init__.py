"""Qt widgets: they draw values and name work; they decide nothing and do no I/O."""
