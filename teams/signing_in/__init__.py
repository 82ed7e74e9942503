"""Signing in: passwords, codes, second factors, an agency's own sign-in, sessions, and how often one may guess."""
