"""What a check has to say about a translation."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of a translation: `block` keeps it from being published, `warn` is for a person to judge.

    The names of rules are stable, so that dismissals and statistics can refer to them.
    """

    rule: str
    level: Level
    message: str


def block(rule: str, message: str) -> Finding:
    """A fault that keeps a translation from being published."""
    return Finding(rule, "block", message)


def warn(rule: str, message: str) -> Finding:
    """A fault that a person judges."""
    return Finding(rule, "warn", message)
