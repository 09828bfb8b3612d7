"""Marks for answers, and the draw of an attempt's form.

One item is worth one point, shared equally by the parts of a case. Single choice and true/false: all or nothing.
Multiple choice: (right chosen - wrong chosen) / right, never below zero. Matching and ordering: the share of lines
in their right place.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypedDict

from elearn.content.model import Assessment, Question

Answers = Mapping[str, Sequence[str]]
"""Form fields by name: `<qid>`, `<qid>.<line>`, each with the values sent."""

Verdict = Literal["right", "partly", "wrong"]
FEWEST_KINDS = 4
"""Kinds of question in one draw."""
MOST_CASES = 2
"""Cases in one draw."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The points of one question (0 to 1), in a word too, and whether anything usable was answered."""

    points: Fraction
    verdict: Verdict
    answered: bool


class FormItem(TypedDict):
    """A question of a form, the ids of its options, targets or steps in the order shown, and the parts of a case."""

    id: str
    order: list[str]
    parts: list["FormItem"]


class Form(TypedDict):
    """What an attempt shows, fixed at its start; plain JSON."""

    items: list[FormItem]


def mark(question: Question, answers: Answers) -> Mark:
    """The mark for what was sent. Unknown fields and values are as if they had not been sent."""
    if question.kind == "case":
        marks = [mark(part, answers) for part in question.parts]
        points = sum((one.points for one in marks), Fraction(0)) / max(1, len(marks))
        return _mark(points, answered=any(one.answered for one in marks))
    if question.options:
        chosen = chosen_options(question, answers)
        return _mark(_option_points(question, chosen), answered=bool(chosen))
    given = given_answers(question, answers)
    right = sum(given.get(line.id) == line.answer for line in question.lines)
    return _mark(Fraction(right, max(1, len(question.lines))), answered=bool(given))


def score(questions: Sequence[Question], answers: Answers) -> Fraction:
    """The share of all points reached, unrounded: passed when it is at least pass_percent / 100."""
    points = sum((mark(question, answers).points for question in questions), Fraction(0))
    return points / max(1, len(questions))


def chosen_options(question: Question, answers: Answers) -> frozenset[str]:
    """The ids of the options chosen. Where one may be chosen, several values count as none."""
    known = {option.id for option in question.options}
    chosen = frozenset(value for value in answers.get(question.id, ()) if value in known)
    return chosen if question.kind == "multiple" or len(chosen) == 1 else frozenset()


def given_answers(question: Question, answers: Answers) -> dict[str, str]:
    """What was given for each line by its id: a target's id, or a place "1", "2", … (digits of any script)."""
    given: dict[str, str] = {}
    for line in question.lines:
        values = answers.get(f"{question.id}.{line.field}") or answers.get(f"{question.id}.{line.id}") or ()
        value = _usable(question, values[0]) if len(values) == 1 else ""
        if value:
            given[line.id] = value
    return given


def _usable(question: Question, value: str) -> str:
    if question.kind == "matching":
        return value if any(target.id == value for target in question.targets) else ""
    value = value.strip()
    place = int(value) if value.isdecimal() and len(value) <= 3 else 0
    return str(place) if 1 <= place <= len(question.lines) else ""


def _option_points(question: Question, chosen: frozenset[str]) -> Fraction:
    right = {option.id for option in question.options if option.is_right}
    if question.kind != "multiple":
        return Fraction(chosen == right)
    return max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), max(1, len(right))))


def _mark(points: Fraction, *, answered: bool) -> Mark:
    verdict: Verdict = "right" if points == 1 else "partly" if points else "wrong"
    return Mark(points, verdict, answered)


def draw(assessment: Assessment, rng: random.Random) -> Form:
    """A form for one attempt: the outcomes in the proportions of the pool, at least four kinds where the pool has
    them, at most two cases; items, options, targets and steps in an order of their own (true/false stays)."""
    chosen = _Draw(assessment, rng).choose()
    return {"items": [_form_item(item, rng) for item in chosen]}


class _Draw:
    """The choice of items under the quotas of the outcomes."""

    def __init__(self, assessment: Assessment, rng: random.Random) -> None:
        self.size = assessment.draw
        self.pool = rng.sample(assessment.items, len(assessment.items))
        self.quotas = _quotas(assessment, rng)
        self.rng = rng
        self.chosen: list[Question] = []

    def choose(self) -> list[Question]:
        """First one item of each of four kinds, then the quotas, then whatever is left."""
        for kind in self._kinds():
            of_kind = [item for item in self.pool if item.kind == kind]
            self._take([item for item in of_kind if self._is_due(item)] or of_kind, 1)
        self._take(self.pool, self.size, only_due=True)
        self._take(self.pool, self.size)
        self.rng.shuffle(self.chosen)
        return self.chosen

    def _is_due(self, item: Question) -> bool:
        return self.quotas[item.objectives[0]] > 0

    def _kinds(self) -> list[str]:
        """Four kinds by lot, the rarest first, so that no quota is used up before its turn."""
        count: Counter[str] = Counter(item.kind for item in self.pool)
        kinds = self.rng.sample(sorted(count), min(FEWEST_KINDS, len(count)))
        return sorted(kinds, key=lambda kind: count[kind])

    def _take(self, items: Sequence[Question], number: int, *, only_due: bool = False) -> None:
        for item in items:
            if number <= 0 or len(self.chosen) == self.size:
                return
            if item in self.chosen or self._is_case_too_many(item) or (only_due and not self._is_due(item)):
                continue
            self.chosen.append(item)
            self.quotas[item.objectives[0]] -= 1
            number -= 1

    def _is_case_too_many(self, item: Question) -> bool:
        return item.kind == "case" and sum(one.kind == "case" for one in self.chosen) >= MOST_CASES


def _quotas(assessment: Assessment, rng: random.Random) -> dict[str, int]:
    """Items to draw of each outcome, by largest remainder; equal remainders by lot."""
    count = Counter(item.objectives[0] for item in assessment.items)
    shares = {outcome: Fraction(assessment.draw * n, len(assessment.items)) for outcome, n in sorted(count.items())}
    quotas = {outcome: int(share) for outcome, share in shares.items()}
    by_lot = rng.sample(sorted(shares), len(shares))
    for outcome in sorted(by_lot, key=lambda outcome: -(shares[outcome] % 1))[: assessment.draw - sum(quotas.values())]:
        quotas[outcome] += 1
    return quotas


def _form_item(item: Question, rng: random.Random) -> FormItem:
    return {"id": item.id, "order": _order(item, rng), "parts": [_form_item(part, rng) for part in item.parts]}


def _order(question: Question, rng: random.Random) -> list[str]:
    match question.kind:
        case "truefalse" | "case":
            return [choice.id for choice in question.options]
        case "matching":
            ids = [target.id for target in question.targets]
        case "ordering":
            return _shuffled_steps(question, rng)
        case _:
            ids = [option.id for option in question.options]
    return rng.sample(ids, len(ids))


def _shuffled_steps(question: Question, rng: random.Random) -> list[str]:
    """The steps in any order but the right one."""
    right = [line.field for line in question.lines]
    order = list(right)
    while order == right and len(right) > 1:
        rng.shuffle(order)
    return order
