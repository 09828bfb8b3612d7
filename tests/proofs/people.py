"""People who are signed in, made straight in the database of a server."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from elearn.accounts.service.sessions import start_session
from elearn.content.model import Course, Question
from elearn.courses.library import Library
from elearn.settings import Settings, bundle_path
from tests.factories import make_person
from tests.learning.answers import right


@dataclass(frozen=True)
class SignedIn:
    """A person and the token of a session."""

    id: int
    email: str
    token: str


def sign_up(session: Session, settings: Settings, number: int) -> list[SignedIn]:
    """This many new people."""
    people = [make_person(session) for _ in range(number)]
    return [SignedIn(p.id, p.email, token_of(session, settings, p.id)) for p in people]


def token_of(session: Session, settings: Settings, person_id: int) -> str:
    """The token of one more session of a person."""
    return start_session(session, person_id=person_id, settings=settings).token


def convention() -> Course:
    """The course that the proofs are about."""
    return Library(bundle_path("modules")).course("untoc")


def right_answers(course: Course) -> dict[str, list[str]]:
    """The right values of every field of the final assessment's pool."""
    return {name: values for question in course.assessment("final").items for name, values in right(question).items()}


def choices(course: Course) -> dict[str, list[list[str]]]:
    """Values to choose from, for every field of the pool that takes more than one."""
    found: dict[str, list[list[str]]] = {}
    for question in course.assessment("final").items:
        for part in question.parts or (question,):
            found |= _choices(part)
    return found


def _choices(question: Question) -> dict[str, list[list[str]]]:
    if question.options:
        return {question.id: [[option.id] for option in question.options]}
    values = sorted({line.answer for line in question.lines})
    return {f"{question.id}.{line.field}": [[value] for value in values] for line in question.lines}
