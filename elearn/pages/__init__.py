"""Home, statements and health."""
