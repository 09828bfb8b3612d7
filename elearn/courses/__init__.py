"""The library of courses, read from files."""
