"""Everything that can go wrong with summaries and mail, done on purpose to real servers; what came of it is counted."""
