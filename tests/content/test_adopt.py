"""Taking over whole translated files."""

import pytest

from elearn.content.adopt import adopt
from elearn.content.course import load_course
from elearn.content.faults import ContentError
from tests.content.course_files import BODY, COURSE, FINAL, FRONT, GLOSSARY, write_course

TRANSLATED_FRONT = '+++\nid = "first"\nlang = "fr"\nobjectives = ["distinguer a de b"]\n+++\n'
TRANSLATED = TRANSLATED_FRONT + BODY.replace("First lesson", "Première leçon").replace("one", "l'un")


@pytest.fixture
def course(tmp_path):
    return load_course(write_course(tmp_path))


@pytest.fixture
def lesson(course):
    return course.lesson("start", "first")


def test_a_translated_page_gives_a_text_for_every_unit(lesson):
    texts = adopt(lesson, TRANSLATED)
    assert list(texts) == [unit.context for unit in lesson.units()]
    assert texts["start/first#title"] == "Première leçon"
    assert texts["start/first#q1.a.fb"] == "Right, this."
    assert "l'un" in texts.values()


def test_the_english_adopted_is_the_english(course):
    for source, text in ((course.lesson("start", "first"), FRONT + BODY), (course.assessment("final"), FINAL)):
        assert adopt(source, text) == {unit.context: unit.text for unit in source.units()}
    assert adopt(course, COURSE) == {unit.context: unit.text for unit in course.own_units()}
    assert adopt(course.glossary, GLOSSARY) == {
        "glossary#1.term": "treaty",
        "glossary#1.definition": "An agreement between States.",
    }


def test_links_in_another_order_are_renumbered(tmp_path):
    body = BODY.replace("[link](02-second.md)", "[a](02-second.md) [b](https://example.org/)")
    lesson = load_course(write_course(tmp_path, {"01-start/01-first.md": FRONT + body})).lesson("start", "first")
    other = BODY.replace("[link](02-second.md)", "[ب](https://example.org/) [أ](02-second.md)")
    assert "A paragraph with **bold** and a [ب][2] [أ][1]." in adopt(lesson, TRANSLATED_FRONT + other).values()


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("other-structure", "- two\n", ""),
        ("other-structure", "- two\n", "- two\n- three\n"),
        ("other-structure", "## Key", "### Key"),
        ("other-structure", "*Invented.*\n", ""),
        ("other-structure", "- Keep this.", "Keep this."),
        ("other-answers", "[x] a.", "[ ] a."),
        ("other-answers", "] b. That", "] c. That"),
        ("other-answers", "| recall |", "| apply |"),
        ("other-answers", "  > No, the other.\n", ""),
        ("markdown-structure", "**bold**", "bold"),
        ("markdown-structure", "(02-second.md)", "(https://evil.example/) [x](https://evil.example/2)"),
        ("raw-html", "A paragraph", "<b>A</b> paragraph"),
        ("unclosed-block", "  > No, the other.\n:::", "  > No, the other.\n"),
    ],
)
def test_a_translation_that_differs_in_structure_is_refused_with_its_line(lesson, rule, old, new):
    with pytest.raises(ContentError) as error:
        adopt(lesson, TRANSLATED_FRONT + BODY.replace(old, new), "fr/first.md")
    assert rule in {fault.rule for fault in error.value.faults}
    assert {fault.file for fault in error.value.faults} == {"fr/first.md"}
    assert all(fault.line > 1 for fault in error.value.faults)


def test_too_few_objectives_are_refused(lesson):
    with pytest.raises(ContentError, match="objectives"):
        adopt(lesson, TRANSLATED.replace('["distinguer a de b"]', '["a", "b"]'))


def test_a_longer_translation_is_no_fault(lesson):
    assert adopt(lesson, TRANSLATED.replace("Keep this.", "Gardez ceci. " + "mot " * 100))


def test_a_course_or_glossary_text_that_is_missing_is_refused(course):
    with pytest.raises(ContentError, match="summary"):
        adopt(course, COURSE.replace('summary = "Short."\n', ""))
    with pytest.raises(ContentError, match=r"1\.definition"):
        adopt(course.glossary, GLOSSARY.replace("definition", "meaning"))
    with pytest.raises(ContentError, match="TOML"):
        adopt(course, "= 1")


def test_emphasis_must_be_kept_in_a_course_text(course):
    with pytest.raises(ContentError, match="emphasis"):
        adopt(course, COURSE.replace("*it*", "it"))
