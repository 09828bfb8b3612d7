"""Proofs: what must hold when many processes act at once, and when they are killed. Full size with `make proof`."""
