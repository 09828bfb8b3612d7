"""What people do with their accounts, and what operators do with people."""
