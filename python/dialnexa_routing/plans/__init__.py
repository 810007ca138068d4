"""What a workspace pays: plans, and what a call comes to by them."""
