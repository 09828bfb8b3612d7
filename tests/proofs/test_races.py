"""Many clients in several processes act at one moment, against two web processes; judged by what they were told."""

from collections import Counter
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn.certificates.models import Certificate, CertificateDocument
from elearn.cohorts.models import Application, Enrolment
from elearn.content.model import Course
from elearn.i18n.locales import LOCALES
from elearn.jobs.models import OutboxJob
from elearn.learning.models import Answer, Attempt, Completion
from elearn.learning.policy import form_questions, result
from elearn.learning.queries import AttemptSheet, saved_answers
from elearn.learning.service.study import Student
from tests.factories import make_open_call, make_person, make_student
from tests.learning.answers import right, wrong
from tests.learning.steps import count, finish_lessons, start, submit
from tests.proofs.browser import Browser
from tests.proofs.harness import Crowd, Server, crowd, eventually
from tests.proofs.people import convention, sign_up, token_of


@pytest.fixture(scope="module")
def course() -> Course:
    return convention()


def told_by(gathered: Crowd) -> list[dict[str, Any]]:
    """What the clients were told; every one of them was answered."""
    told: list[dict[str, Any]] = gathered.told()
    errors = [record["error"] for record in told if "error" in record]
    assert not errors, errors[0]
    return told


def test_the_server_has_two_web_processes_and_a_worker(server: Server):
    assert server.process is not None
    children = psutil.Process(server.process.pid).children()
    worker = [child for child in children if "worker" in child.cmdline()]
    web = [child for child in children if "serve" in child.cmdline()]  # forked, so with the supervisor's own words
    assert (len(web), len(worker)) == (2, 1)


def test_parallel_applications_fill_the_seats_exactly(server: Server, is_full: bool):
    """(a) Where entry is open: so many seats, so many enrolled, the rest on the waiting list, everybody answered."""
    applicants, seats = (200, 20) if is_full else (40, 7)
    with server.database.transaction() as session:
        cohort = make_open_call(session, entry="open", seats=seats).id
        people = sign_up(session, server.settings, applicants)
    parts = [{"token": person.token, "cohort": cohort} for person in people]
    with crowd(server, "apply", parts) as gathered:
        told = told_by(gathered)
    assert Counter((one["status"], one["state"]) for one in told) == {
        (303, "accepted"): seats, (303, "waitlisted"): applicants - seats,
    }  # fmt: skip
    print(f"\n{server.kind}: {applicants} applications at once, {Counter(one['state'] for one in told)}")
    with server.database.read_session() as session:
        assert states(session, cohort) == {"accepted": seats, "waitlisted": applicants - seats}
        enrolled = set(session.scalars(select(Enrolment.person_id).where(Enrolment.cohort_id == cohort)))
    assert enrolled == {p.id for p, one in zip(in_order(people), told, strict=True) if one["state"] == "accepted"}


def states(session: Session, cohort: int) -> dict[str, int]:
    statement = select(Application.state, func.count()).where(Application.cohort_id == cohort)
    rows = session.execute(statement.group_by(Application.state))
    return {row[0]: row[1] for row in rows}


def in_order(parts: list[Any], processes: int = 5) -> list[Any]:
    """As the records come back: process by process."""
    return [one for n in range(processes) for one in parts[n::processes]]


def test_parallel_submissions_of_one_attempt_have_one_result(server: Server, course: Course, is_full: bool):
    """(b) Every client posts other answers: one post counts, whole, and all clients see the same result."""
    clients = 50 if is_full else 16
    with server.database.transaction() as session:
        student = make_student(session)
        sheet = start(session, student, course, seed=3)
        tokens = [token_of(session, server.settings, student.enrolled.person_id) for _ in range(clients)]
    path = f"/en/learn/untoc/attempts/{sheet.id}"
    answers = [answers_of(course, sheet, number) for number in range(clients)]
    parts = [{"token": t, "path": path, "answers": a} for t, a in zip(tokens, answers, strict=True)]
    with crowd(server, "submit", parts) as gathered:
        told = told_by(gathered)
    assert {(one["status"], one["location"]) for one in told} == {(303, path)}
    assert len({one["page"] for one in told}) == 1
    print(f"\n{server.kind}: {clients} submissions at once, one result page")
    with server.database.read_session() as session:
        saved = saved_answers(session, sheet.id)
        rows = session.scalar(select(func.count()).where(Answer.attempt_id == sheet.id))
        (attempt,) = session.scalars(select(Attempt).where(Attempt.enrolment_id == student.enrolled.id))
    assert saved in [{name: values for name, values in one.items() if values} for one in answers]
    assert rows == len(saved)
    final = course.assessment("final")
    marked = result(final, [question for question, _item in form_questions(final, sheet.form)], saved)
    assert attempt.points == float(marked.points)


def answers_of(course: Course, sheet: AttemptSheet, number: int) -> dict[str, list[str]]:
    """A client's own answers to a form: `number` says in binary which questions it gets right."""
    questions = [question for question, _item in form_questions(course.assessment("final"), sheet.form)]
    chosen = [right if number >> place & 1 else wrong for place in range(len(questions))]
    return {n: v for choose, question in zip(chosen, questions, strict=True) for n, v in choose(question).items()}


def test_parallel_finishes_issue_one_certificate_with_the_same_bytes(server: Server, course: Course, is_full: bool):
    """(c) The last step and the PDF at one moment: one row, one number, equal bytes in each language, for good."""
    clients = 100 if is_full else 24
    with server.database.transaction() as session:
        student = make_student(session, make_person(session, full_name="Nguyễn Thị Ánh"))
        finish_lessons(session, student, course, leave=1)
        assert submit(session, student, course, right_ones=99).is_passed
        tokens = [token_of(session, server.settings, student.enrolled.person_id) for _ in range(clients)]
    last = course.lessons()[-1]
    lesson = f"/en/learn/untoc/{last.module}/{last.slug}"
    codes = [locale.code for locale in LOCALES]
    parts = [{"token": t, "lesson": lesson, "locale": codes[n % len(codes)]} for n, t in enumerate(tokens)]
    with crowd(server, "finish", parts) as gathered:
        told = told_by(gathered)
    assert {(one["status"], one["pdf"], one["start"]) for one in told} == {(303, 200, "%PDF-")}
    (numbers,) = {tuple(one["numbers"]) for one in told}
    (number,) = numbers
    digests = {(one["locale"], one["sha"]) for one in told}
    waits = sum(one["waits"] for one in told)
    print(
        f"\n{server.kind}: {clients} certificates asked for at once: {number}, {waits} answers 503 before the drawing"
    )
    assert len(digests) == len(codes) == len({sha for _locale, sha in digests})
    assert_issued_once(server, student, number, digests)


def assert_issued_once(server: Server, student: Student, number: str, digests: set[tuple[str, str]]) -> None:
    """What the database holds is what the clients were given."""
    with server.database.read_session() as session:
        (certificate,) = session.scalars(
            select(Certificate).where(Certificate.enrolment_id == student.enrolled.id)
        ).all()
        assert certificate.number == number
        statement = select(CertificateDocument.locale, CertificateDocument.sha256)
        kept = session.execute(statement.where(CertificateDocument.certificate_id == certificate.id))
        assert {(locale, sha) for locale, sha in kept} == digests
        assert count(session, Completion) == 1


def test_every_letter_of_the_crowd_is_written_once(server: Server):
    """Runs after the others: no job is left, each was done at the first try, one file for each letter."""

    def is_idle() -> bool:
        with server.database.read_session() as session:
            return not session.scalar(select(func.count()).where(OutboxJob.done_at.is_(None)))

    eventually(is_idle, "all jobs are done")
    with server.database.read_session() as session:
        letters = session.scalar(select(func.count()).where(OutboxJob.task == "mail.send"))
        assert set(session.scalars(select(OutboxJob.attempts))) == {1}
        assert letters == session.scalar(select(func.count()).select_from(Application))
    assert len(list((server.folder / "outbox").glob("*.eml"))) == letters
    assert Browser(server.port).get("/healthz").status == 200
