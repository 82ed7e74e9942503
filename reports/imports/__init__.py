"""Spreadsheets that admins bring in the app: read, checked, imported as a job, and taken back."""
