"""Small course folders for the tests of this package."""

from pathlib import Path

from elearn.content.course import read_course, relock
from elearn.content.faults import ContentError, Fault

COURSE = """\
id = "small"
title = "A small course"
summary = "Short."
audience = "Everybody."
languages = ["ar", "en"]
open = ["start/first"]

[description]
about = "About *it*."

[outcomes]
CO1 = "tell a from b"
CO2 = "tell c from d"

[modules]
start = "Start"

[completion]
version = 1
lessons = "all"
assessments = ["final"]

[assessments.final]
draw = 2
pass_percent = 75
attempts = 3
wait_hours = 24
minutes = 10
"""

FRONT = """\
+++
id = "first"
minutes = 5
objectives = ["tell a from b"]
terms_introduced = [1]

[[sources]]
claim = "a is not b"
place = "Alphabet, article 1"
facts = "§1"
+++
"""

SINGLE = """\
::: question q1 | single | recall | objective 1
Which is it?

- [x] a. This one.
  > Right, this.
- [ ] b. That one. {m01}
  > No, the other.
:::
"""

BODY = f"""
# First lesson

## Beginning

*Invented.*

A paragraph with **bold** and a [link](02-second.md).

- one
- two

## Key points

- Keep this.

{SINGLE}"""

SECOND = FRONT.replace('"first"', '"second"') + "\n# Second lesson\n\nIt's about a [term](glossary:1).\n"

FINAL = """\
+++
id = "final"
objectives = ["show it"]
+++

# Final

Answer with care.

::: question f01 | truefalse | recall | CO1 | easy | Article 1
True?

- [x] t. True
  > It is.
- [ ] f. False
  > It is not so.
:::

::: question f02 | ordering | apply | CO2 | hard | Article 2
In which order?

- s1. First.
  > Nothing before.
- s2. Then.
  > In between.
- s3. Last.
  > Nothing after.
:::
"""

GLOSSARY = """\
[[terms]]
id = 1
term = "treaty"
definition = "An agreement between States."
place = "Article 2"
"""

FILES = {
    "course.toml": COURSE,
    "01-start/01-first.md": FRONT + BODY,
    "01-start/02-second.md": SECOND,
    "assessments/final.md": FINAL,
    "glossary.toml": GLOSSARY,
}


def write_course(folder: Path, changes: dict[str, str] | None = None, *, is_locked: bool = True) -> Path:
    """A course of two lessons and an assessment with some files changed; locked where it can be."""
    for name, text in (FILES | (changes or {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if is_locked:
        try:
            relock(folder)
        except ContentError:
            return folder
    return folder


def faults_of(folder: Path, file: str, text: str) -> list[Fault]:
    """The faults of the course with one file changed, without the lock's, which cannot be made for a broken text."""
    _course, faults = read_course(write_course(folder, {file: text}))
    return [fault for fault in faults if fault.rule != "stale-lock"]


def lesson_faults(folder: Path, body: str, front: str = FRONT) -> list[Fault]:
    """The faults of the course with another first lesson."""
    return faults_of(folder, "01-start/01-first.md", front + body)
