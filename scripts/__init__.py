"""What make runs: the demo."""
