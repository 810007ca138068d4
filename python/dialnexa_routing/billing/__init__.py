"""What calls cost and why, for those who bill and buy."""
