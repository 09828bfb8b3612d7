"""What learners do: mark lessons done, take assessments, complete a course."""
