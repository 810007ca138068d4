"""What people read: errors, nearest names, texts of strangers made harmless."""
