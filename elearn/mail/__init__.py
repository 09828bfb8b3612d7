"""Letters: rendered in the recipient's language, sent once."""
