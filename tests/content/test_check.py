"""One test for each fault that the lint knows: it is found, on its line."""

import pytest

from elearn.content.check import check_course
from elearn.content.course import load_course, read_course
from elearn.content.faults import ContentError
from tests.content.course_files import (
    BODY,
    COURSE,
    FINAL,
    FRONT,
    GLOSSARY,
    SECOND,
    SINGLE,
    faults_of,
    lesson_faults,
    write_course,
)

MATCHING = """\
::: question q1 | matching | recall | objective 1
Which goes where?

- l1. One. => a
  > With a.
- l2. Two. => b
  > With b.

targets:
a = First
b = Second
:::
"""
ORDERING = """\
::: question q1 | ordering | recall | objective 1
In which order?

- s1. One.
  > First.
- s2. Two.
  > Second.
:::
"""
FIGURE = """
# First lesson

::: figure F07
title: T
label.state1: S1
label.state2: S2
label.offence: O
label.planning: P
label.group: G
label.effects: E
panel.a: A
panel.b: B
panel.c: C
panel.d: D
caption: Cap
alt: What it shows
:::
"""


def test_a_sound_course_has_no_fault(tmp_path):
    assert check_course(write_course(tmp_path)) == ()


def test_the_folder_of_a_course_has_its_id_as_its_name(tmp_path):
    (fault,) = faults_of(tmp_path, "course.toml", "# A comment.\n" + COURSE.replace('"small"', '"large"'))
    assert (fault.rule, fault.file, fault.line) == ("bad-course-file", "course.toml", 2)
    assert fault.message == "The id is not the name of the folder."


def test_every_fault_is_reported_and_not_only_the_first(tmp_path):
    body = BODY.replace("[x]", "[ ]").replace("## Key", "#### Key").replace("A paragraph", "<b>A</b> paragraph")
    assert {fault.rule for fault in lesson_faults(tmp_path, body)} == {"no-right-answer", "heading-skip", "raw-html"}


def test_a_fault_names_file_line_and_mend(tmp_path):
    (fault,) = lesson_faults(tmp_path, BODY.replace("[x]", "[ ]"))
    text = (tmp_path / "01-start/01-first.md").read_text().split("\n")
    assert (fault.file, text[fault.line - 1]) == (
        "01-start/01-first.md",
        "::: question q1 | single | recall | objective 1",
    )
    assert "[x]" in fault.mend
    assert str(fault).startswith(f"01-start/01-first.md:{fault.line}: ")


LESSON_FAULTS = [
    ("duplicate-id", BODY + SINGLE),
    ("duplicate-id", BODY.replace("] b.", "] a.")),
    ("no-right-answer", BODY.replace("[x]", "[ ]")),
    ("too-many-right", BODY.replace("[ ]", "[x]")),
    ("no-wrong-answer", BODY.replace("[ ]", "[x]").replace("single", "multiple")),
    ("missing-feedback", BODY.replace("  > No, the other.\n", "")),
    ("unknown-kind", BODY.replace("| single |", "| guess |")),
    ("unknown-level", BODY.replace("| recall |", "| dream |")),
    ("too-few-options", BODY.replace("- [ ] b. That one. {m01}\n  > No, the other.\n", "")),
    ("truefalse-ids", BODY.replace("single", "truefalse")),
    ("bad-question-header", BODY.replace(" | objective 1", "")),
    ("unexpected-line", BODY.replace("  > Right, this.", "  > Right, this.\nstray")),
    ("empty-text", BODY.replace("Which is it?\n", "")),
    ("unknown-objective", BODY.replace("| objective 1", "| objective 2")),
    ("missing-alt", BODY.replace("[link](02-second.md)", "![](02-second.md)")),
    ("missing-alt", FIGURE.replace("alt: What it shows\n", "")),
    ("missing-text", FIGURE.replace("caption: Cap\n", "")),
    ("unexpected-line", FIGURE.replace("caption: Cap", "caption: Cap\nmotto: None")),
    ("unknown-figure", FIGURE.replace("F07", "F99")),
    ("unknown-link", BODY.replace("02-second.md", "03-third.md")),
    ("unknown-link", BODY.replace("02-second.md", "../../../../etc/passwd")),
    ("unknown-link", BODY.replace("02-second.md", "glossary:7")),
    ("unknown-link", BODY.replace("02-second.md", "ftp://example.org/x")),
    ("unknown-link", BODY.replace("02-second.md", "/en/about")),
    ("unknown-link", BODY.replace("02-second.md", "//example.org/x")),
    ("long-block", BODY + "\n" + "word " * 91 + "\n"),
    ("raw-html", BODY.replace("A paragraph", "A <i>paragraph</i>")),
    ("raw-html", BODY.replace("A paragraph", "A&nbsp;paragraph")),
    ("ambiguous-markup", BODY.replace("A paragraph", "*A*_p_ paragraph")),
    ("unclosed-block", BODY.rstrip().removesuffix(":::")),
    ("unclosed-block", BODY + "\n:::\n"),
    ("unknown-block", BODY.replace("::: question", "::: riddle")),
    ("title-count", BODY + "\n# Second title\n"),
    ("title-count", BODY.replace("# First lesson", "")),
    ("title-count", "\nBefore.\n" + BODY),
    ("heading-skip", BODY.replace("## Key points", "#### Key points")),
    ("missing-target", BODY.replace(SINGLE, MATCHING.replace("=> b", "=> c"))),
    ("missing-target", BODY.replace(SINGLE, MATCHING.replace(" => b", ""))),
    ("duplicate-id", BODY.replace(SINGLE, MATCHING.replace("b = Second", "b = Second\nb = Third"))),
    ("too-few-options", BODY.replace(SINGLE, MATCHING.replace("b = Second\n", "").replace("=> b", "=> a"))),
    ("ordering-ids", BODY.replace(SINGLE, ORDERING.replace("s2.", "s3."))),
    ("unexpected-line", BODY.replace(SINGLE, ORDERING.replace("- s1. One.", "- [x] s1. One."))),
    ("too-few-options", BODY.replace(SINGLE, "::: question q1 | case | apply | objective 1\nA story.\n:::\n")),
]


@pytest.mark.parametrize(("rule", "body"), LESSON_FAULTS)
def test_a_broken_lesson_has_the_fault(tmp_path, rule, body):
    assert rule in {fault.rule for fault in lesson_faults(tmp_path, body)}


FRONT_FAULTS = [
    ("bad-front-matter", FRONT.replace('id = "first"\n', "")),
    ("bad-front-matter", FRONT.replace('id = "first"', 'id = "other"')),
    ("bad-front-matter", FRONT.replace('objectives = ["tell a from b"]\n', "")),
    ("bad-front-matter", FRONT[: FRONT.index("[[sources]]")] + "+++\n"),
    ("bad-front-matter", FRONT.replace("minutes = 5", 'minutes = "5"')),
    ("bad-front-matter", FRONT.replace("minutes = 5", "minutes = 5\nminuets = 6")),
    ("bad-front-matter", FRONT.replace("+++\n", "", 1)),
    ("bad-front-matter", FRONT.rstrip().removesuffix("+++")),
    ("bad-toml", FRONT.replace("minutes = 5", "minutes five")),
]


@pytest.mark.parametrize(("rule", "front"), FRONT_FAULTS)
def test_broken_front_matter_has_the_fault(tmp_path, rule, front):
    assert rule in {fault.rule for fault in lesson_faults(tmp_path, BODY, front)}


def test_bad_toml_is_found_on_its_line(tmp_path):
    faults = lesson_faults(tmp_path, BODY, FRONT.replace("minutes = 5", "minutes five"))
    assert [fault.line for fault in faults if fault.rule == "bad-toml"] == [3]


OTHER_FILES = [
    ("reserved-slug", "02-search/01-x.md", FRONT),
    ("duplicate-lesson", "01-start/03-first.md", FRONT + BODY),
    ("duplicate-lesson", "02-start/01-other.md", FRONT),
    ("unexpected-file", "01-start/notes.md", "Notes."),
    ("bad-course-file", "02-next/01-x.md", FRONT),
    ("bad-course-file", "assessments/extra.md", FINAL.replace('"final"', '"extra"')),
    ("bad-course-file", "course.toml", COURSE.replace('title = "A small course"\n', "")),
    ("bad-course-file", "course.toml", COURSE.replace('lessons = "all"', 'lessons = "some"')),
    ("bad-course-file", "course.toml", COURSE.replace("pass_percent = 75", "pass_percent = 750")),
    ("bad-course-file", "course.toml", COURSE.replace("attempts = 3", "attemps = 3")),
    ("bad-toml", "course.toml", COURSE + "= 1\n"),
    ("unknown-lesson", "course.toml", COURSE.replace("start/first", "start/third")),
    ("unknown-module", "course.toml", COURSE.replace("[completion]", 'finish = "Finish"\n[completion]')),
    ("unknown-assessment", "course.toml", COURSE.replace('["final"]', '["finale"]')),
    ("unknown-assessment", "course.toml", COURSE + COURSE[COURSE.index("[assess") :].replace("final", "other")),
    ("draw-too-large", "course.toml", COURSE.replace("draw = 2", "draw = 3")),
    ("unknown-objective", "assessments/final.md", FINAL.replace("CO2", "CO9")),
    ("duplicate-id", "assessments/final.md", FINAL.replace("f02", "f01")),
    ("duplicate-id", "glossary.toml", GLOSSARY + GLOSSARY),
    ("bad-glossary", "glossary.toml", GLOSSARY.replace("definition", "meaning")),
    ("bad-toml", "glossary.toml", "[[terms]\n"),
    ("bad-lock", "units.lock.json", "{"),
]


@pytest.mark.parametrize(("rule", "file", "text"), OTHER_FILES)
def test_another_broken_file_has_the_fault(tmp_path, rule, file, text):
    write_course(tmp_path)
    assert rule in {fault.rule for fault in faults_of(tmp_path, file, text)}


def test_a_course_without_its_file_says_so(tmp_path):
    assert "unreadable-file" in {fault.rule for fault in check_course(tmp_path)}


def test_bytes_that_are_no_utf8_are_found_on_their_line(tmp_path):
    write_course(tmp_path)
    path = tmp_path / "01-start/02-second.md"
    path.write_bytes(SECOND.encode() + b"\xff\n")
    found = [fault for fault in check_course(tmp_path) if fault.rule == "bad-encoding"]
    assert [fault.line for fault in found] == [SECOND.count("\n") + 1]


def test_a_term_that_the_glossary_lacks_is_a_warning_and_the_course_loads(tmp_path):
    faults = lesson_faults(tmp_path, BODY, FRONT.replace("[1]", "[1, 2]"))
    assert [(fault.rule, fault.level) for fault in faults] == [("unknown-term", "warning")]
    assert load_course(tmp_path).lesson("start", "first").terms_introduced == (1, 2)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("01-start/01-first.md", "- one\n", "- one\n- more\n"),
        ("01-start/01-first.md", "- two\n", ""),
        ("01-start/01-first.md", "Keep this.", "Drop this."),
        ("assessments/final.md", "Answer with care.", "Answer quickly."),
    ],
)
def test_text_that_is_newer_than_the_lock_is_a_fault_once_a_page(tmp_path, file, old, new):
    path = write_course(tmp_path) / file
    path.write_text(path.read_text().replace(old, new))
    (fault,) = check_course(tmp_path)
    assert (fault.rule, fault.file) == ("stale-lock", file)
    assert "elearn content extract" in fault.mend


def test_a_page_that_is_gone_makes_the_lock_stale(tmp_path):
    write_course(tmp_path)
    (tmp_path / "01-start/02-second.md").unlink()
    assert "stale-lock" in {fault.rule for fault in check_course(tmp_path)}


def test_a_course_with_errors_does_not_load_and_names_them_all(tmp_path):
    write_course(tmp_path, {"01-start/01-first.md": FRONT + BODY.replace("[x]", "[ ]"), "glossary.toml": "= 1"})
    with pytest.raises(ContentError) as error:
        load_course(tmp_path)
    assert {"no-right-answer", "bad-toml"} <= {fault.rule for fault in error.value.faults}
    _course, faults = read_course(tmp_path)
    assert set(error.value.faults) <= set(faults)
