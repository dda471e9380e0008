"""What a report's title says: its kinds, the period it covers and the year it plans, by a tokenizer and a small grammar."""
