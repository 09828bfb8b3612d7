"""Right and wrong answers to a form, as a browser would post them."""

from collections.abc import Mapping
from typing import Any

from elearn.content.model import Assessment, Question
from elearn.learning.policy import form_questions


def right_answers(assessment: Assessment, form: Mapping[str, Any], number: int | None = None) -> dict[str, list[str]]:
    """The right answers to the first `number` questions of a form (to all without it)."""
    questions = [question for question, _item in form_questions(assessment, form)]
    return {name: values for question in questions[:number] for name, values in right(question).items()}


def right(question: Question) -> dict[str, list[str]]:
    """The fields of a right answer."""
    if question.parts:
        return {name: values for part in question.parts for name, values in right(part).items()}
    if question.lines:
        return {f"{question.id}.{line.field}": [line.answer] for line in question.lines}
    return {question.id: [option.id for option in question.options if option.is_right]}


def wrong(question: Question) -> dict[str, list[str]]:
    """The fields of an answer worth nothing."""
    if question.parts:
        return {name: values for part in question.parts for name, values in wrong(part).items()}
    if question.lines:
        return {f"{question.id}.{line.field}": [] for line in question.lines}
    return {question.id: [next(option.id for option in question.options if not option.is_right)]}
