"""The one error that reading, compiling or loading a catalogue may raise."""


class CatalogueError(ValueError):
    """A catalogue cannot be used; the text is a plain reason for the person who looks after it."""
