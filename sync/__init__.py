"""The wire format both ends share, and the till's side of keeping in step."""
