"""Files to tables of text under canonical names: which row is the header, and what it names."""
