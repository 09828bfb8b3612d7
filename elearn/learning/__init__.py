"""Progress, checks, assessments and completion."""
