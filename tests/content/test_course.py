"""Loading: what a course folder becomes, and the course that comes with the project."""

from pathlib import Path

import pytest

from elearn.content.check import check_course
from elearn.content.course import load_course, relock
from elearn.content.faults import ContentError
from elearn.content.sample import UNITS_PER_LESSON, write_sample
from tests.content.course_files import BODY, COURSE, FINAL, FRONT, write_course

UNTOC = Path(__file__).parents[2] / "modules/untoc"


@pytest.fixture(scope="module")
def untoc():
    return load_course(UNTOC)


def test_a_course_is_what_its_files_say(tmp_path):
    course = load_course(write_course(tmp_path))
    assert (course.id, course.title.text, course.languages) == ("small", "A small course", ("ar", "en"))
    assert [outcome.code for outcome in course.outcomes] == ["CO1", "CO2"]
    assert [lesson.id for lesson in course.lessons()] == ["start/first", "start/second"]
    assert (course.completion.version, course.completion.every_lesson) == (1, True)
    assert course.completion.assessments == ("final",)
    assert course.effort_minutes == 5 + 5 + 10
    assert course.term(1).place == "Article 2"
    assert course.module("start").number == 1


def test_a_lesson_is_what_its_file_says(tmp_path):
    lesson = load_course(write_course(tmp_path)).lesson("start", "first")
    assert (lesson.number, lesson.minutes, lesson.is_open, lesson.course) == (1, 5, True, "small")
    assert [unit.text for unit in lesson.key_points] == ["Keep this."]
    assert [source.place for source in lesson.sources] == ["Alphabet, article 1"]
    assert [block.kind for block in lesson.blocks] == [
        "heading", "paragraph", "paragraph", "list", "heading", "list", "question",
    ]  # fmt: skip


def test_a_question_is_what_its_block_says(tmp_path):
    course = load_course(write_course(tmp_path))
    question = course.lesson("start", "first").question("q1")
    assert (question.kind, question.level, question.objectives) == ("single", "recall", ("1",))
    assert [(o.id, o.text.text, o.is_right, o.beliefs) for o in question.options] == [
        ("a", "This one.", True, ()), ("b", "That one.", False, ("m01",)),
    ]  # fmt: skip
    item = course.assessment("final").item("f02")
    assert (item.difficulty, item.source, item.objectives) == ("hard", "Article 2", ("CO2",))
    assert [line.answer for line in item.lines] == ["1", "2", "3"]


def test_an_assessment_is_what_its_files_say(tmp_path):
    final = load_course(write_course(tmp_path)).assessment("final")
    assert (final.draw, final.pass_percent, final.attempts, final.wait_hours, final.minutes) == (2, 75, 3, 24, 10)
    assert final.outcomes == ("CO1", "CO2")
    assert [unit.text for unit in final.objectives] == ["show it"]
    assert [block.unit.text for block in final.intro] == ["Answer with care."]


def test_what_is_not_there_is_a_key_error(tmp_path):
    course = load_course(write_course(tmp_path))
    for look_up in (
        lambda: course.lesson("start", "third"), lambda: course.lesson("assessments", "final"),
        lambda: course.assessment("first"), lambda: course.module("end"), lambda: course.term(2),
        lambda: course.lesson("start", "first").question("q2"), lambda: course.assessment("final").item("q1"),
    ):  # fmt: skip
        with pytest.raises(KeyError):
            look_up()


def test_contexts_name_page_and_unit(tmp_path):
    contexts = {unit.context for unit in load_course(write_course(tmp_path)).units()}
    assert {
        "course#title", "course#description.about", "course#outcomes.CO1", "course#modules.start",
        "start/first#title", "start/first#q1.stem", "start/first#q1.a", "start/first#q1.a.fb",
        "assessments/final#title", "assessments/final#f02.s1.fb", "glossary#1.term", "glossary#1.definition",
    } <= contexts  # fmt: skip


def test_every_unit_has_an_id_of_its_own(untoc):
    contexts = [unit.context for unit in untoc.units()]
    assert len(set(contexts)) == len(contexts)
    assert all("#" in context and not context.endswith("#") for context in contexts)


def test_translators_learn_the_place_the_right_answer_and_the_links(tmp_path):
    units = {unit.context: unit for unit in load_course(write_course(tmp_path)).units()}
    right = units["start/first#q1.a"]
    assert "“First lesson”" in right.comment
    assert "right answer" in right.comment
    assert "wrong answer" in units["start/first#q1.b"].comment
    linked = next(unit for unit in units.values() if unit.references)
    assert "[1] → 02-second.md" in linked.comment
    assert "graded wording" in units["assessments/final#f01.t"].comment


def test_only_the_wording_of_assessments_is_graded(tmp_path):
    for unit in load_course(write_course(tmp_path)).units():
        assert unit.graded == unit.context.startswith("assessments/")


def test_a_unit_says_file_and_line_of_its_text(untoc):
    for unit in untoc.lesson("convention", "transnational-offence").units():
        line = (UNTOC / unit.file).read_text().split("\n")[unit.line - 1]
        assert unit.kind == "objective" or unit.text.split("**")[0].split("*")[0][:12] in line


def test_the_digest_changes_with_any_file(tmp_path):
    digests = {load_course(write_course(tmp_path / "0" / "small")).digest}
    for n, changes in enumerate([
        {"course.toml": COURSE.replace("draw = 2", "draw = 1")}, {"assessments/final.md": FINAL + "\n"},
        {"01-start/01-first.md": FRONT + BODY + "\n"},
    ], 1):  # fmt: skip
        digests.add(load_course(write_course(tmp_path / str(n) / "small", changes)).digest)
    assert len(digests) == 4


def test_a_course_without_assessments_and_glossary_is_a_course(tmp_path):
    folder = tmp_path / "sample"
    write_sample(folder, modules=2, lessons=2, paragraphs=3)
    relock(folder)
    course = load_course(folder)
    assert (course.assessments, course.glossary) == ((), ())
    assert len(list(course.lessons()[0].units())) == 3 + UNITS_PER_LESSON


def test_a_course_must_be_locked_before_it_loads(tmp_path):
    with pytest.raises(ContentError, match="elearn content extract"):
        load_course(write_course(tmp_path, is_locked=False))


def test_the_projects_course_has_no_error(untoc):
    assert [fault for fault in check_course(UNTOC) if fault.level == "error"] == []


def test_the_projects_course_is_complete(untoc):
    assert [(module.slug, module.number, len(module.lessons)) for module in untoc.modules] == [
        ("welcome", 1, 3), ("convention", 3, 7),
    ]  # fmt: skip
    final = untoc.assessment("final")
    assert len(final.items) >= 30
    assert (final.draw, final.pass_percent, final.attempts, final.wait_hours) == (15, 75, 3, 24)
    assert len(untoc.glossary) >= 40
    assert [lesson.id for lesson in untoc.lessons() if lesson.is_open] == ["welcome/how-this-course-works"]
    assert {question.kind for lesson in untoc.lessons() for question in lesson.questions} >= {
        "single", "multiple", "matching", "ordering", "case",
    }  # fmt: skip
    assert all(len(lesson.key_points) >= 3 for lesson in untoc.lessons())
