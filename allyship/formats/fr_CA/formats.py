"""Read by Django instead of its own of the same name."""

DATE_FORMAT = "jS F Y"  # 1er janvier 2024
DATETIME_FORMAT = "jS F Y, H\N{NO-BREAK SPACE}\\h\N{NO-BREAK SPACE}i"  # 1er janvier 2024, 13 h 40
