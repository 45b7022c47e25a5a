"""What till and server need of their process: lasting threads, private files, output."""
