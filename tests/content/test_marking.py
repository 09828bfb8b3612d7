"""Marks, and the draw of a form."""

import json
import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import load_course
from elearn.content.faults import FaultLog
from elearn.content.marking import draw, mark, score
from elearn.content.pages import parse_page
from elearn.content.units import CountedNames
from tests.content.course_files import write_course

QUESTIONS = """\
+++
id = "x"
objectives = ["a"]
+++
# X

::: question one | single | recall | CO1
?

- [ ] a. A
  > No.
- [x] b. B
  > Yes.
:::

::: question many | multiple | recall | CO1
?

- [x] a. A
  > Yes.
- [x] b. B
  > Yes.
- [ ] c. C
  > No.
- [ ] d. D
  > No.
:::

::: question pairs | matching | recall | CO1
?

- l1. One => a
  > A.
- l2. Two => b
  > B.
- l3. Three => a
  > A.
- l4. Four => c
  > C.

targets:
a = A
b = B
c = C
:::

::: question steps | ordering | recall | CO1
?

- s1. One
  > 1.
- s2. Two
  > 2.
- s3. Three
  > 3.
:::

::: question story | case | recall | CO1
A story.

:::: part part1 | truefalse | recall | CO1
?

- [x] t. True
  > Yes.
- [ ] f. False
  > No.
::::

:::: part part2 | multiple | recall | CO1
?

- [x] a. A
  > Yes.
- [x] b. B
  > Yes.
- [ ] c. C
  > No.
::::
:::
"""
DRAFT = parse_page(QUESTIONS.encode(), "m/x", CountedNames(), FaultLog("x.md"))
BY_ID = {question.id: question for question in DRAFT.questions}
UNTOC = load_course(Path(__file__).parents[2] / "modules/untoc")


@pytest.mark.parametrize(
    ("name", "answers", "points"),
    [
        ("one", {"one": ["b"]}, 1),
        ("one", {"one": ["a"]}, 0),
        ("one", {}, 0),
        ("one", {"one": ["a", "b"]}, 0),
        ("one", {"one": ["b", "zzz"]}, 1),
        ("many", {"many": ["a", "b"]}, 1),
        ("many", {"many": ["a"]}, Fraction(1, 2)),
        ("many", {"many": ["a", "b", "c"]}, Fraction(1, 2)),
        ("many", {"many": ["a", "c"]}, 0),
        ("many", {"many": ["c", "d"]}, 0),
        ("many", {"many": ["a", "b", "c", "d"]}, 0),
        ("many", {"many": ["a", "a", "a"]}, Fraction(1, 2)),
        ("pairs", {"pairs.l1": ["a"], "pairs.l2": ["b"], "pairs.l3": ["a"], "pairs.l4": ["c"]}, 1),
        ("pairs", {"pairs.l1": ["a"], "pairs.l2": ["a"], "pairs.l3": ["zzz"]}, Fraction(1, 4)),
        ("pairs", {"pairs.l1": ["a", "b"]}, 0),
        ("steps", {"steps.s1": ["1"], "steps.s2": ["2"], "steps.s3": ["3"]}, 1),
        ("steps", {"steps.s1": ["١"], "steps.s2": ["۲"], "steps.s3": [" 3 "]}, 1),
        ("steps", {"steps.s1": ["1"], "steps.s2": ["3"], "steps.s3": ["2"]}, Fraction(1, 3)),
        ("steps", {"steps.s1": ["1"], "steps.s2": ["1"], "steps.s3": ["1"]}, Fraction(1, 3)),
        ("steps", {"steps.s1": ["0"], "steps.s2": ["4"], "steps.s3": ["-3"]}, 0),
        ("story", {"part1": ["t"], "part2": ["a", "b"]}, 1),
        ("story", {"part1": ["t"], "part2": ["a"]}, Fraction(3, 4)),
        ("story", {"part1": ["t"]}, Fraction(1, 2)),
    ],
)
def test_points_follow_the_rule_of_the_kind(name, answers, points):
    found = mark(BY_ID[name], answers)
    assert found.points == points
    assert found.verdict == ("right" if points == 1 else "partly" if points else "wrong")


def test_steps_are_answered_under_the_names_that_the_form_uses():
    answers = {f"steps.{line.field}": [line.answer] for line in BY_ID["steps"].lines}
    assert mark(BY_ID["steps"], answers).points == 1


def test_the_name_of_a_step_in_a_form_does_not_tell_its_place():
    for line in BY_ID["steps"].lines:
        assert line.id not in line.field
    assert len({line.field for line in BY_ID["steps"].lines}) == 3


@pytest.mark.parametrize("name", BY_ID)
@pytest.mark.parametrize("answers", [{}, {"zzz": ["a"]}, {"one": []}, {"one": ["zzz"], "many": ["zzz"], "part1": [""]}])
def test_nothing_usable_is_no_answer(name, answers):
    assert not mark(BY_ID[name], answers).answered


@given(st.dictionaries(
    st.sampled_from(["one", "many", "pairs.l1", "pairs.l2", "steps.s1", "steps.s2", "part1", "part2", "x"]) | st.text(),
    st.lists(st.sampled_from(["a", "b", "c", "t", "1", "2", "٣", "²", "½", "9" * 5000]) | st.text(), max_size=5),
))  # fmt: skip
def test_no_answer_breaks_the_marking_or_leaves_its_bounds(answers):
    for question in DRAFT.questions:
        assert 0 <= mark(question, answers).points <= 1


def test_the_score_is_the_unrounded_share_of_all_points():
    answers = {"one": ["b"], "many": ["a"], "steps.s1": ["1"]}
    assert score(DRAFT.questions, answers) == (1 + Fraction(1, 2) + Fraction(1, 3)) / 5
    assert score((), {}) == 0


@pytest.mark.parametrize("seed", range(60))
def test_a_draw_keeps_to_its_rules(seed):
    final = UNTOC.assessment("final")
    form = draw(final, random.Random(seed))
    items = [final.item(item["id"]) for item in form["items"]]
    assert len({item.id for item in items}) == final.draw
    assert len({item.kind for item in items}) >= 4
    assert sum(item.kind == "case" for item in items) <= 2
    pool = Counter(item.objectives[0] for item in final.items)
    drawn = Counter(item.objectives[0] for item in items)
    for outcome, count in pool.items():
        assert abs(drawn[outcome] - final.draw * count / len(final.items)) < 1


def test_four_kinds_are_drawn_even_where_the_outcomes_would_not_give_them():
    one, many, pairs, steps, _case = DRAFT.questions
    singles = tuple(replace(one, id=f"one{n}", objectives=("CO2",)) for n in range(9))
    pool = replace(UNTOC.assessment("final"), items=(*singles, many, pairs, steps), draw=4)
    for seed in range(20):
        form = draw(pool, random.Random(seed))
        assert len({pool.item(item["id"]).kind for item in form["items"]}) == 4


def test_a_form_is_json_and_the_same_for_the_same_seed():
    final = UNTOC.assessment("final")
    form = draw(final, random.Random(7))
    assert json.loads(json.dumps(form)) == form == draw(final, random.Random(7))
    assert form != draw(final, random.Random(8))


def test_every_item_of_the_pool_is_drawn_now_and_then():
    final = UNTOC.assessment("final")
    drawn = {item["id"] for seed in range(100) for item in draw(final, random.Random(seed))["items"]}
    assert drawn == {item.id for item in final.items}


def test_an_order_holds_every_choice_once(tmp_path):
    small = load_course(write_course(tmp_path)).assessment("final")
    for seed in range(20):
        orders = {item["id"]: item["order"] for item in draw(small, random.Random(seed))["items"]}
        assert orders["f01"] == ["t", "f"]
        steps = [line.field for line in small.item("f02").lines]
        assert sorted(orders["f02"]) == sorted(steps)
        assert orders["f02"] != steps


def test_a_case_fixes_the_order_of_its_parts_options():
    final = UNTOC.assessment("final")
    case = next(item for item in final.items if item.kind == "case")
    form = next(
        item for seed in range(100) for item in draw(final, random.Random(seed))["items"] if item["id"] == case.id
    )
    assert [part["id"] for part in form["parts"]] == [part.id for part in case.parts]
    for drawn, part in zip(form["parts"], case.parts, strict=True):
        assert sorted(drawn["order"]) == sorted(option.id for option in part.options)
