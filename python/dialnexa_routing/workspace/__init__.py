"""What is configured: workspaces with their numbers, trunks, agents and switches; and billing plans."""
