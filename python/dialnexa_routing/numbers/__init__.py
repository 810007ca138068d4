"""Telephone numbers: E.164, named readings, countries."""
