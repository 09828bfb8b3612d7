"""A made-up course of any size, for benchmarks and tests."""

import random
from pathlib import Path

_WORDS = (
    "State", "party", "offence", "group", "border", "paper", "office", "lorry", "witness", "customs", "letter",
    "court", "record", "bank", "harbour", "permit", "teacher", "river", "market", "clerk", "folder", "meeting",
)  # fmt: skip

_COURSE = """\
id = "sample"
title = "A made-up course"
summary = "It has no meaning."
audience = "Programs."
languages = ["ar", "en", "fr", "es"]
[description]
about = "Made for measuring."
[outcomes]
CO1 = "recognize a made-up course"
[modules]
{modules}
[completion]
version = 1
lessons = "all"
assessments = []
"""

_LESSON = """\
+++
id = "lesson-{number}"
minutes = 5
objectives = ["recognize lesson {number}"]

[[sources]]
claim = "none"
place = "nowhere"
facts = "none"
+++

# Lesson {number}

{prose}

::: question q1 | single | recall | objective 1
Is this lesson {number}?

- [x] a. Yes.
  > It says so in its title.
- [ ] b. No.
  > Read the title again.
:::
"""

UNITS_PER_QUESTION = 5
UNITS_PER_LESSON = 2 + UNITS_PER_QUESTION


def write_sample(folder: Path, *, modules: int, lessons: int, paragraphs: int, seed: int = 1) -> None:
    """Write a course of `modules` × `lessons` lessons, each with that many paragraphs of about 40 words.

    The same arguments always give the same bytes. The lock is not written.
    """
    dice = random.Random(seed)
    titles = "\n".join(f'module-{n} = "Module {n}"' for n in range(1, modules + 1))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(_COURSE.format(modules=titles), encoding="utf-8")
    for module in range(1, modules + 1):
        place = folder / f"{module:02}-module-{module}"
        place.mkdir()
        for number in range(1, lessons + 1):
            prose = "\n\n".join(_paragraph(dice) for _ in range(paragraphs))
            text = _LESSON.format(number=number, prose=prose)
            (place / f"{number:02}-lesson-{number}.md").write_text(text, encoding="utf-8")


def _paragraph(dice: random.Random) -> str:
    words = dice.choices(_WORDS, k=40)
    words[dice.randrange(40)] = f"**{dice.choice(_WORDS)}**"
    return " ".join(words).capitalize() + "."
