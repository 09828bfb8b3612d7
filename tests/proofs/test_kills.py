"""(d) The whole process group is killed at random moments under many writes, and started again on the same data.

Judged by the clients' own record: nothing that was acknowledged is lost, and nothing is there twice.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from elearn import clock
from elearn.certificates.models import Certificate, CertificateDocument
from elearn.cohorts.models import Application, Decision, Enrolment
from elearn.content.model import Course
from elearn.i18n.locales import LOCALES
from elearn.jobs.models import OutboxJob
from elearn.learning.models import Answer, Attempt, Completion, LessonDone
from elearn.learning.queries import saved_answers
from elearn.ledger.models import Heartbeat, MessageSent
from tests.factories import make_open_call
from tests.proofs.conftest import address
from tests.proofs.harness import Crowd, Server, crowd, eventually
from tests.proofs.lives import Record
from tests.proofs.people import SignedIn, choices, convention, right_answers, sign_up

WRITERS = 6
FEWEST_WRITES = 300
A_LONG_TIME = timedelta(hours=1)
_NUMBERS = select(Certificate.enrolment_id, Certificate.number)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_acknowledged_survives_every_kill(
    kind: str, is_full: bool, request: pytest.FixtureRequest, tmp_path: Path
):
    kills, learners = (30, 80) if is_full else (2 if kind == "sqlite" else 1, 12)
    with a_server(tmp_path, address(kind, f"kills-{is_full}", request)) as server:
        with server.database.transaction() as session:
            cohort = make_open_call(session, entry="open", study_opens=clock.now() - timedelta(days=1)).id
            people = sign_up(session, server.settings, WRITERS * learners)
        server.start()
        course = convention()
        stop = tmp_path / "stop"
        with crowd(server, "live", parts(course, people, cohort, stop), processes=3) as gathered:
            kill_at_random(server, gathered, kills)
            stop.touch()
            records = [Record(**one) for life in lives_of(gathered) for one in life]
        let_leases_run_out(server)
        wait_until_jobs_are_done(server)
        print_figures(kind, kills, records, server)
        assert sum(one.writes for one in records) >= (FEWEST_WRITES if is_full else 50)
        assert sum(one.unanswered for one in records) >= kills
        check_records(server, course, people, records)
        check_nothing_is_doubled(server, len(records))
        check_letters(server, {person.email for person in people if person.token in {r.token for r in records}})


@contextmanager
def a_server(folder: Path, database_url: str) -> Iterator[Server]:
    made = Server(folder / "server", database_url)
    try:
        yield made
    finally:
        made.close()


def parts(course: Course, people: Sequence[SignedIn], cohort: int, stop: Path) -> list[dict[str, Any]]:
    """What each writer is given: people of its own, and what the course asks."""
    lessons = [f"/en/learn/untoc/{lesson.module}/{lesson.slug}" for lesson in course.lessons()]
    shared = {
        "cohort": cohort, "stop": str(stop), "lessons": lessons,
        "choices": choices(course), "right": right_answers(course),
    }  # fmt: skip
    tokens = [person.token for person in people]
    return [shared | {"seed": n, "learners": tokens[n::WRITERS]} for n in range(WRITERS)]


def kill_at_random(server: Server, gathered: Crowd, kills: int) -> None:
    """Kill under the writers' hands, at moments that only chance knows; start again."""
    rng = random.Random()
    for _ in range(kills):
        time.sleep(rng.uniform(0.05, 1.2))
        assert gathered.is_acting, "the writers ended before the last kill"
        server.kill()
        server.start()


def lives_of(gathered: Crowd) -> list[list[dict[str, Any]]]:
    told = gathered.told()
    errors = [one["error"] for one in told if isinstance(one, dict)]
    assert not errors, errors[0]
    return told


def let_leases_run_out(server: Server) -> None:
    """As if an hour had passed with the server down: what dead workers held is free again."""
    server.kill()
    past = clock.now() - A_LONG_TIME
    with server.database.transaction() as session:
        session.execute(update(OutboxJob).where(OutboxJob.lease_until.is_not(None)).values(lease_until=past))
        session.execute(update(MessageSent).where(MessageSent.sent_at.is_(None)).values(claimed_at=past))
        session.execute(update(Heartbeat).values(at=past))
    server.start()


def wait_until_jobs_are_done(server: Server) -> None:
    def is_idle() -> bool:
        with server.database.read_session() as session:
            return not session.scalar(select(func.count()).where(OutboxJob.done_at.is_(None)))

    eventually(is_idle, "every job is done", patience=90)
    server.kill()


def check_records(server: Server, course: Course, people: Sequence[SignedIn], records: list[Record]) -> None:
    """Each learner's own record against what the database holds."""
    ids = {person.token: person.id for person in people}
    with server.database.read_session() as session:
        enrolments = {row.person_id: row.id for row in session.execute(select(Enrolment.person_id, Enrolment.id))}
        numbers = {row.enrolment_id: row.number for row in session.execute(_NUMBERS)}
        for record in records:
            enrolment = enrolments[ids[record.token]]
            assert not record.problems, record.problems
            assert numbers[enrolment] == record.number
            done = session.scalars(select(LessonDone.lesson).where(LessonDone.enrolment_id == enrolment))
            assert sorted(done) == sorted(path.rsplit("/", 1)[1] for path in record.lessons)
            assert len(record.lessons) == len(course.lessons())
            attempt = session.scalars(select(Attempt).where(Attempt.enrolment_id == enrolment)).one()
            assert str(attempt.id) == record.attempt.rsplit("/", 1)[1]
            assert attempt.share == 1.0
            kept = saved_answers(session, attempt.id)
            assert kept == {name: sent[-1][0] for name, sent in record.saves.items()}
            rows: dict[str, list[list[str]]] = {}
            statement = select(Answer.field, Answer.values).where(Answer.attempt_id == attempt.id).order_by(Answer.id)
            for name, values in session.execute(statement):
                rows.setdefault(name, []).append(values)
            for name, sent in record.saves.items():
                assert_kept_in_order(rows[name], [(value, is_sure) for value, is_sure in sent])


def assert_kept_in_order(rows: list[list[str]], sent: list[tuple[list[str], bool]]) -> None:
    """Every acknowledged value is a row, in order and once; one that was not acknowledged may be there."""
    left, last = list(rows), None
    for value, is_sure in sent:
        if left and left[0] == value:
            last = left.pop(0)
        else:
            assert not is_sure or last == value, f"{value} was acknowledged and is not in {rows}"
    assert not left, f"{rows} holds more than {sent}"


def check_nothing_is_doubled(server: Server, learners: int) -> None:
    """One of each for every learner, also where the constraints of the tables would not speak."""
    with server.database.read_session() as session:
        for model in (Application, Enrolment, Attempt, Completion, Certificate):
            assert session.scalar(select(func.count()).select_from(model)) == learners, model
        decisions = select(func.count()).select_from(Decision)
        assert session.scalar(decisions) == learners
        documents = session.scalar(select(func.count()).select_from(CertificateDocument))
        assert documents == learners * len(LOCALES)
        assert set(session.scalars(select(OutboxJob.failed_at))) == {None}
        assert session.scalar(select(func.count()).select_from(OutboxJob)) == 2 * learners  # a letter, a certificate


def letters_of(server: Server) -> list[tuple[str, str]]:
    """Receiver and Message-ID of every file in the outbox."""
    files = (server.folder / "outbox").glob("*.eml")
    messages = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [(message["To"], message["Message-ID"]) for message in messages]


def check_letters(server: Server, receivers: set[str]) -> None:
    """One letter for each occasion; a second file of it, after a kill between sending and noting, has the same id."""
    letters = set(letters_of(server))
    assert Counter(to for to, _id in letters) == dict.fromkeys(receivers, 1)
    assert len({message_id for _to, message_id in letters}) == len(receivers)


def print_figures(kind: str, kills: int, records: list[Record], server: Server) -> None:
    """For whoever reads the proof's output (`-s`)."""
    sent = [one for record in records for values in record.saves.values() for one in values]
    files = letters_of(server)
    print(
        f"\n{kind}: {kills} kills, {len(records)} learners, {sum(r.writes for r in records)} acknowledged writes with "
        f"{sum(is_sure for _value, is_sure in sent)} answers and {sum(len(r.lessons) for r in records)} lessons; "
        f"{sum(r.unanswered for r in records)} requests died with the server; "
        f"{len(files) - len(set(files))} letters came twice under one Message-ID"
    )
