"""What cells mean: codes, amounts, currencies, dates and terms, decided for a column at a time."""
