"""Pages that belong to no feature: home, courses, statements, health."""
