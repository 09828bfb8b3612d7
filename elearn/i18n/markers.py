"""Marks for texts that stand where no request is known: extracted there, translated where they are shown."""


def N_(message: str) -> str:
    """The message itself, marked for extraction."""
    return message


def Nn_(singular: str, plural: str) -> tuple[str, str]:
    """A singular and plural pair, marked for extraction; shown with `ngettext(*pair, n)`."""
    return singular, plural
