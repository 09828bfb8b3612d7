"""Errors of the domain: what a rule refuses, in a sentence that is translated where it is shown."""

from typing import Any


class ConfigurationError(Exception):
    """A setting that makes a start impossible; the text is for operators, in English."""


class DomainError(Exception):
    """A rule said no. `message` is a msgid (marked with N_), `values` fill its named placeholders."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


class NotFound(DomainError):
    """Not there, or not for this person: the two look alike (404)."""

    def __init__(self, message: str = "", **values: Any) -> None:
        super().__init__(message, **values)


class Forbidden(DomainError):
    """There, but this role may not (403)."""

    def __init__(self, message: str = "", **values: Any) -> None:
        super().__init__(message, **values)


class RuleBroken(DomainError):
    """The input breaks a rule of the form; `field` is the form field to which the sentence belongs (422)."""

    def __init__(self, message: str, *, field: str = "", **values: Any) -> None:
        super().__init__(message, **values)
        self.field = field


class Conflict(DomainError):
    """Somebody or something was there first: seat taken, state changed (409)."""


class Closed(DomainError):
    """The window is closed, the attempt is over (409)."""


class TooMany(DomainError):
    """A rate limit is reached; `retry_after` in seconds (429)."""

    def __init__(self, message: str, *, retry_after: int, **values: Any) -> None:
        super().__init__(message, **values)
        self.retry_after = retry_after


class NotReady(DomainError):
    """Being made; come back in `retry_after` seconds (503)."""

    def __init__(self, message: str, *, retry_after: int, **values: Any) -> None:
        super().__init__(message, **values)
        self.retry_after = retry_after
