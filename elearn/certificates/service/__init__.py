"""What the certificates room does: numbers and the drawing of the document."""
