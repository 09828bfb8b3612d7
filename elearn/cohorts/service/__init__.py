"""What people and staff do with cohorts: plan, apply, decide, enrol, extend."""
