"""Cohorts, windows, applications, decisions, enrolments."""
