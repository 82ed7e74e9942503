"""Formats of French Canada."""
