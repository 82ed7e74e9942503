"""What shared actions add up to: exact counts, changes that can be trusted, and the statements that count."""
