"""The pages of the log, one module for each of its places."""
