"""What a call is judged by: a file for each idea, its questions asked in the order of R35 by the router."""
