"""What can be wrong in a course file, said so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `line` counts from 1 in `file` (relative to the course folder); `mend` says what to do.

    A fault of level "error" keeps the course from loading; a "warning" is only reported.
    """

    file: str
    line: int
    rule: str
    message: str
    mend: str
    level: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} {self.mend} [{self.rule}]"


class ContentError(Exception):
    """A course, or a translation of a page, cannot be used; `faults` holds every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class FaultLog:
    """Collects the faults of one file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def add(self, line: int, rule: str, message: str, mend: str, *, level: str = "error") -> None:
        """Note one fault of this file."""
        self.faults.append(Fault(self.file, line, rule, message, mend, level))
