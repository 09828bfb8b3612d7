"""Certificates of completion: issued once, drawn, checked by anyone."""
