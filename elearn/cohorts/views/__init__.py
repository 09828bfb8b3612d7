"""Pages of this room: for applicants and for staff."""
