"""A worker that dies over a letter: another one sends it as soon as it may run the job, and the letter is not lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from elearn.commands import serve
from elearn.db import Database
from elearn.jobs import service as jobs
from elearn.ledger import service as ledger
from elearn.pages.views import health

START = datetime(2027, 3, 1, 8, tzinfo=UTC)
LETTER = {"recipient": "r", "kind": "enrolled", "occasion": "application:1"}
SLOW = timedelta(seconds=20)
"""What a busy database may put between taking a job and claiming its letter."""


class Died(BaseException):
    """The process is gone: nothing of its own is run any more."""


def test_a_letter_that_was_claimed_by_a_dead_worker_is_sent_by_the_next(database: Database):
    sent: list[str] = []

    def send(database: Database) -> jobs.Finish | None:
        with database.transaction() as session:
            if not ledger.claim_message(session, **LETTER):
                return None
        if not sent:
            sent.append("died")
            raise Died
        sent.append("sent")
        return lambda session: ledger.mark_message_sent(session, **LETTER)

    def slow(database: Database) -> jobs.Finish | None:
        traveller.shift(SLOW)
        return send(database)

    with time_machine.travel(START, tick=False) as traveller:
        with database.transaction() as session:
            jobs.enqueue(session, "mail.send", key="one")
        with pytest.raises(Died):
            jobs.run_job(database, {"mail.send": slow}, 1)
        traveller.move_to(START + jobs.LEASE + timedelta(seconds=1))
        assert jobs.run_job(database, {"mail.send": send}, 1)
    assert sent == ["died", "sent"]


def test_a_letter_that_was_sent_is_not_sent_again(database: Database):
    with time_machine.travel(START, tick=False) as traveller:
        with database.transaction() as session:
            assert ledger.claim_message(session, **LETTER)
            ledger.mark_message_sent(session, **LETTER)
        traveller.shift(timedelta(days=1))
        with database.transaction() as session:
            assert not ledger.claim_message(session, **LETTER)


def test_the_next_worker_is_seen_before_readiness_is_lost():
    """It renews the heartbeat once the dead one's lease is over, at one of its beats."""
    assert timedelta(seconds=serve.LEASE_SECONDS + serve.BEAT_SECONDS) < health.WORKER_SILENCE
