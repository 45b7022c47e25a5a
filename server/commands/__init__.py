"""What an operator does with the server: one file for each family of commands."""
