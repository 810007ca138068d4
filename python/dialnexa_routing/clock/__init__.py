"""Time zones, their offsets, and wall times as instants."""
