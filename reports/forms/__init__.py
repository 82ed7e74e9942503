"""What supervisors and admins fill in: notes on summaries, and the settings of an agency."""
