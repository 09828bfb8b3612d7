"""Catalogues in use: immutable snapshots, heads, the store of each process and the Jinja environments built from it."""
