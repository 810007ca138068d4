"""Understanding sheets: what one holds and what looks wrong, and what another one changes."""
