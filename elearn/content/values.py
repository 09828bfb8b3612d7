"""Typed reading of TOML values; what is missing or of another type becomes a fault with its line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from elearn.content.faults import FaultLog


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one TOML table. `text` is the file's text, in which lines are looked up by key."""

    table: Mapping[str, Any]
    log: FaultLog
    text: str = ""
    rule: str = "bad-front-matter"

    def line(self, key: str) -> int:
        """The first line of the file that sets `key`, else 1."""
        found = re.search(rf"^\s*(\[.*)?\b{re.escape(key)}\b\s*[=\].]", self.text, re.MULTILINE)
        return self.text.count("\n", 0, found.start()) + 1 if found else 1

    def string(self, key: str) -> str:
        """A text that is not empty."""
        value = self.table.get(key)
        if isinstance(value, str) and value.strip():
            return value
        self._missing(key, 'a text: key = "…"')
        return ""

    def integer(self, key: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`; `low` where it is missing."""
        value = self.table.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        self._missing(key, f"a whole number from {low} to {high}")
        return low

    def strings(self, key: str, *, is_needed: bool = True) -> tuple[str, ...]:
        """A list of texts; not empty where it is needed."""
        value = self.table.get(key, [])
        is_list = isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
        if is_list and (value or not is_needed):
            return tuple(value)
        self._missing(key, 'a list of texts: ["…", "…"]')
        return ()

    def integers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers; empty where it is missing."""
        value = self.table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, int) for item in value):
            return tuple(value)
        self._missing(key, "a list of numbers: [1, 2]")
        return ()

    def table_of(self, key: str) -> "Values":
        """The table under `key`."""
        value = self.table.get(key)
        if not isinstance(value, dict):
            self._missing(key, f"a table: [{key}]")
            value = {}
        return Values(value, self.log, self.text, self.rule)

    def tables(self, key: str) -> tuple["Values", ...]:
        """The list of tables under `key`; not empty."""
        value = self.table.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            self._missing(key, f"at least one table: [[{key}]]")
            return ()
        return tuple(Values(item, self.log, self.text, self.rule) for item in value)

    def only(self, known: Iterable[str]) -> None:
        """Note every key that is none of `known`: a slip of the pen would else be silent."""
        for key in self.table.keys() - set(known):
            self.log.add(self.line(key), self.rule, f"There is no value “{key}” here.",
                         f"Use one of: {', '.join(sorted(known))}.")  # fmt: skip

    def _missing(self, key: str, form: str) -> None:
        self.log.add(self.line(key), self.rule, f"The value “{key}” is missing or not as it should be.",
                     f"Write {form}.")  # fmt: skip
