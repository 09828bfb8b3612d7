"""Locales, catalogues and their gate, safe formatting, dates and numbers. Pure: no Flask, no database."""
