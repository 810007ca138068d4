"""Exact arithmetic: rupees, meanings, schedules, the charge of one call."""
