"""The audit: what the event tables (teams/audit/tracking.py) recorded, read by an agency's admins and equity leads."""
