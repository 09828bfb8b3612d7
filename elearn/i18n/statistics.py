"""How much of a catalogue is translated, in units and in words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from elearn.i18n.entries import Entry, Mode, identity

_LINK_TARGET = re.compile(r"\]\[[^\]]*\]|\]\([^)]*\)")
_PLACEHOLDER = re.compile(r"%\([^)]*\)[sd]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts of units; `words` are the words of their English text. A unit is translated, fuzzy or missing."""

    total: int
    translated: int
    fuzzy: int
    missing: int
    words: int
    words_translated: int
    words_fuzzy: int
    words_missing: int

    @property
    def share(self) -> float:
        """The translated share in words, between 0 and 1; an empty catalogue is complete."""
        return self.words_translated / self.words if self.words else 1.0


def word_count(text: str) -> int:
    """The words of a text: what stands between spaces and holds a letter or a digit; Markdown does not count."""
    plain = _PLACEHOLDER.sub("x", _LINK_TARGET.sub("]", text))
    return sum(_LETTER_OR_DIGIT.search(token) is not None for token in plain.split())


def statistics(template: Sequence[Entry], entries: Iterable[Entry], mode: Mode) -> Stats:
    """The state of a catalogue measured against the template, never against itself.

    A translation of another source text than the template's counts as fuzzy, a partly filled plural as missing.
    """
    known = {identity(entry, mode): entry for entry in entries if not entry.obsolete}
    units = {"translated": 0, "fuzzy": 0, "missing": 0}
    words = dict(units)
    for wanted in template:
        state = _state(wanted, known.get(identity(wanted, mode)))
        units[state] += 1
        words[state] += word_count(wanted.source)
    return Stats(
        total=len(template),
        **units,
        words=sum(words.values()),
        **{f"words_{state}": count for state, count in words.items()},
    )


def _state(wanted: Entry, entry: Entry | None) -> str:
    if entry is None or not entry.forms or not all(entry.forms):
        return "missing"
    same_source = (entry.source, entry.source_plural) == (wanted.source, wanted.source_plural)
    return "translated" if same_source and not entry.fuzzy else "fuzzy"
