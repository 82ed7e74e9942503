"""Forms about people, teams and accounts."""
