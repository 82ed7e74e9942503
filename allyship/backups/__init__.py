"""Copies of the database that only the holder of a key can open, and the way back: script/backup, script/restore."""
