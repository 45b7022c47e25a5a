"""What happens at the counter, without Qt, SQL or HTTP."""
