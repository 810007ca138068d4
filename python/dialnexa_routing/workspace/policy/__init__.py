"""What a call is judged by: one question a file, asked in the order of R35 by the router."""
