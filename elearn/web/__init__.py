"""Everything Flask-shaped that is no feature."""
