"""The compiled rate sheet: made, opened, asked, explained; and books of decks by date."""
