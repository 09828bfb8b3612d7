"""Feedback after an answer, and the solution after submission."""

from pathlib import Path

import pytest
from markupsafe import Markup

from elearn.content.course import load_course
from elearn.content.feedback import render_feedback, render_solution
from elearn.content.model import Translation
from elearn.content.reading import Edition

ENGLISH = Edition("en", "ltr")
UNTOC = load_course(Path(__file__).parents[2] / "modules/untoc")
GOLD = UNTOC.lesson("convention", "transnational-offence")


def feedback(name, answers, edition=ENGLISH, texts=()):
    return render_feedback(GOLD.question(name), answers, dict(texts), edition)


def test_a_single_choice_gets_the_feedback_of_the_option_chosen_alone():
    found = feedback("q1", {"q1": ["a"]})
    (entry,) = found.entries
    assert (found.verdict, entry.id, entry.is_chosen, entry.is_right) == ("wrong", "a", True, False)
    assert entry.html.startswith("You rightly looked at the place of the act")


def test_multiple_choice_shows_what_was_chosen_and_what_was_missed():
    found = feedback("q2", {"q2": ["a", "b"]})
    assert [(entry.id, entry.is_chosen, entry.is_right) for entry in found.entries] == [
        ("a", True, True), ("b", True, False), ("c", False, True),
    ]  # fmt: skip
    assert (found.verdict, found.points) == ("wrong", 0)


@pytest.mark.parametrize("name", ["q1", "q2"])
def test_without_an_answer_no_option_is_given_away(name):
    found = feedback(name, {})
    assert (found.entries, found.answered) == ((), False)


def test_matching_shows_each_line_with_what_was_given():
    found = feedback("q3", {"q3.l1": ["a"], "q3.l2": ["c"]})
    assert [(entry.is_chosen, entry.is_right, entry.given) for entry in found.entries] == [
        (True, True, "Case (a): the act"), (True, False, "Case (c): the group"), (False, False, ""), (False, False, ""),
    ]  # fmt: skip
    assert {entry.answer for entry in found.entries} == {""}
    assert found.verdict == "partly"


def test_a_case_has_the_feedback_of_its_parts():
    found = feedback("q4", {"q4a": ["a"]})
    assert [part.verdict for part in found.parts] == ["right", "wrong"]
    assert (found.verdict, found.entries) == ("partly", ())


def test_ordering_shows_each_step_under_its_form_name_and_not_in_the_right_order():
    question = next(q for lesson in UNTOC.lessons() for q in lesson.questions if q.kind == "ordering")
    answers = {f"{question.id}.{line.field}": [line.answer] for line in question.lines}
    found = render_feedback(question, answers, {}, ENGLISH)
    assert found.verdict == "right"
    assert all(entry.is_right for entry in found.entries)
    assert [entry.id for entry in found.entries] != [line.field for line in question.lines]
    solution = render_solution(question, {}, {}, ENGLISH)
    assert [entry.answer for entry in solution.entries] == [line.answer for line in question.lines]


def test_the_solution_shows_every_option_and_the_right_answers():
    found = render_solution(GOLD.question("q1"), {"q1": ["a"]}, {}, ENGLISH)
    assert [(entry.id, entry.is_right) for entry in found.entries] == [
        ("a", False), ("b", True), ("c", False), ("d", False),
    ]  # fmt: skip
    lines = render_solution(GOLD.question("q3"), {}, {}, ENGLISH).entries
    assert [entry.answer for entry in lines] == [
        "Case (a): the act", "Case (b): the planning", "Case (c): the group", "None of the four cases",
    ]  # fmt: skip


def test_feedback_falls_back_with_its_whole_question():
    question = GOLD.question("q1")
    texts = {unit.context: Translation("كلمة") for unit in question.units()}
    arabic = Edition("ar", "rtl", Markup("<p>missing</p>"))
    assert feedback("q1", {"q1": ["a"]}, arabic, texts).entries[0].html == "كلمة"
    texts.pop("convention/transnational-offence#q1.d.fb")
    found = feedback("q1", {"q1": ["a"]}, arabic, texts)
    assert found.entries[0].html.startswith("You rightly")
    assert (found.lang, found.direction, found.fallback, found.notice) == ("en", "ltr", "missing", "<p>missing</p>")


def test_no_translation_reaches_feedback_as_markup():
    texts = {unit.context: Translation("<script>x</script> [x](javascript:x)") for unit in GOLD.question("q2").units()}
    found = feedback("q2", {"q2": ["a", "b", "c", "d"]}, Edition("ar", "rtl"), texts)
    assert "<" not in "".join(entry.html + entry.text for entry in found.entries)
