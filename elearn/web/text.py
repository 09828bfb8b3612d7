"""Text of the interface in the language of the request."""

from typing import Any

from elearn.i18n.formatting import interpolate
from elearn.web.current import frame


def text(msgid: str, **values: Any) -> str:
    """A msgid (marked with N_) in the language of the request, as plain text."""
    current = frame()
    return interpolate(current.catalogues.messages(current.locale.code).gettext(msgid), msgid, values)
