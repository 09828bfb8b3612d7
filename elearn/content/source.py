"""A page's file cut into front matter, runs of prose and marked blocks."""

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elearn.content.faults import FaultLog

_FENCE = "+++"
_TOML_LINE = re.compile(r"at line (\d+)")


@dataclass(slots=True)
class Section:
    """Consecutive lines of a page. `marker` is the text after ":::" for a marked block, None for prose.

    `line` is the file line of the marker, or of the first line of prose. `parts` are the blocks opened with
    "::::" inside a marked block, in order; their lines are not among `lines`.
    """

    line: int
    marker: str | None = None
    lines: list[tuple[int, str]] = field(default_factory=list)
    parts: list["Section"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as cut: TOML values, sections, SHA-256 of the bytes in hexadecimal."""

    front: Mapping[str, Any]
    sections: tuple[Section, ...]
    digest: str


def read_bytes(path: Path, log: FaultLog) -> bytes:
    """The bytes of a file; a file that cannot be read is a fault and reads as empty."""
    try:
        return path.read_bytes()
    except OSError as error:
        log.add(1, "unreadable-file", f"The file cannot be read: {error.strerror}.", "Put a readable file there.")
        return b""


def read_text(data: bytes, log: FaultLog) -> str:
    """The text of a file; bytes that are not UTF-8 are a fault and read as replacement characters."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        log.add(line, "bad-encoding", "The file is not UTF-8.", "Save it as UTF-8.")
        text = data.decode("utf-8", "replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def read_toml(text: str, log: FaultLog, *, first_line: int = 1) -> dict[str, Any]:
    """The values of TOML text; text that is not TOML is a fault and reads as empty."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        line = first_line + (int(found[1]) - 1 if found else 0)
        log.add(line, "bad-toml", f"This is not TOML: {error}.", "Correct the line: key = value, texts in quotes.")
        return {}


def cut_page(data: bytes, log: FaultLog) -> Page:
    """Cut a page's bytes into its parts, noting faults of form."""
    lines = read_text(data, log).split("\n")
    front, start = _front_matter(lines, log)
    return Page(front, tuple(_sections(lines, start, log)), hashlib.sha256(data).hexdigest())


def _front_matter(lines: list[str], log: FaultLog) -> tuple[dict[str, Any], int]:
    mend = "Begin the file with values between two lines of +++."
    if lines[0].rstrip() != _FENCE:
        log.add(1, "bad-front-matter", "The front matter is missing.", mend)
        return {}, 0
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == _FENCE:
            return read_toml("\n".join(lines[1:number]), log, first_line=2), number + 1
    log.add(1, "bad-front-matter", "The front matter does not end.", mend)
    return {}, len(lines)


def _sections(lines: list[str], start: int, log: FaultLog) -> list[Section]:
    sections: list[Section] = []
    prose: Section | None = None
    block: Section | None = None
    part: Section | None = None
    for number, line in enumerate(lines[start:], start + 1):
        colons, marker = _marker(line)
        if block is None and colons == 3 and marker:
            block, prose = Section(number, marker), None
            sections.append(block)
        elif block and part is None and colons == 3 and not marker:
            block = None
        elif block and part is None and colons == 4 and marker:
            part = Section(number, marker)
            block.parts.append(part)
        elif part and colons == 4 and not marker:
            part = None
        elif colons:
            log.add(number, "unclosed-block", "This marker opens or closes a block where none can be.",
                    "Close each ::: block with a line of three colons and each :::: part with four.")  # fmt: skip
        elif inner := part or block:
            inner.lines.append((number, line))
        else:
            if prose is None:
                prose = Section(number)
                sections.append(prose)
            prose.lines.append((number, line))
    for open_section in (part, block):
        if open_section:
            _unclosed(open_section, log)
    return sections


def _unclosed(section: Section, log: FaultLog) -> None:
    log.add(section.line, "unclosed-block", f"The block “{section.marker}” is not closed.",
            "Close it with a line of as many colons as opened it.")  # fmt: skip


def _marker(line: str) -> tuple[int, str]:
    bare = line.lstrip(":")
    colons = len(line) - len(bare)
    return (colons, bare.strip()) if colons >= 3 else (0, "")
