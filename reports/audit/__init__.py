"""The audit: what the event tables (teams/tracking.py) recorded, read by an agency's admins and equity leads."""
