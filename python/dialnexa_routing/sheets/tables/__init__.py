"""Files to tables of text: any encoding, hostile ones refused; and canonical rows back to files."""
