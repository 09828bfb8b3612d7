"""Self-paced courses in four languages from one source."""
