"""Spreadsheets: read as rows of text within limits, and written so that no cell of them runs."""
