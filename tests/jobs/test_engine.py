"""The binding to huey: the same code on SQLite's and on PostgreSQL's queue, JSON on the wire, nothing lost on the way."""

import sqlite3
import threading

import pytest

from elearn.jobs import service
from elearn.jobs.engine import Engine, JsonSerializer
from tests.conftest import Installation

WAIT_SECONDS = 15


@pytest.fixture
def queue_url(both: Installation, tmp_path) -> str:
    """A queue of the same kind as the database."""
    settings = both.settings
    return f"sqlite:///{tmp_path / 'queue.db'}" if settings.is_sqlite else settings.database_url


def _ask(installation: Installation, key: str, **args) -> list[int]:
    with installation.platform.database.transaction() as session:
        service.enqueue(session, "room.verb", key=key, **args)
        return session.info[service.PENDING]


def test_a_job_goes_through_the_queue_and_runs(both: Installation, queue_url: str):
    seen, done = [], threading.Event()

    def handler(_database, word):
        seen.append(word)
        done.set()

    engine = Engine(queue_url, both.platform.database, {"room.verb": handler})
    consumer = engine.start_embedded()
    try:
        engine.submit(_ask(both, "one", word="مرحبا"))
        assert done.wait(WAIT_SECONDS)
    finally:
        consumer.stop(graceful=True)
    assert seen == ["مرحبا"]


def test_a_lost_hand_over_is_found_by_the_sweep(both: Installation, queue_url: str):
    done = threading.Event()
    engine = Engine(queue_url, both.platform.database, {"room.verb": lambda _database: done.set()})
    _ask(both, "lost")  # committed, but its id never reached the queue
    consumer = engine.start_embedded()
    try:
        engine.submit_due()
        assert done.wait(WAIT_SECONDS)
    finally:
        consumer.stop(graceful=True)


def test_what_lies_in_the_queue_is_json(installation: Installation, tmp_path):
    engine = Engine(f"sqlite:///{tmp_path / 'queue.db'}", installation.platform.database, {})
    engine.submit([41])
    (data,) = sqlite3.connect(tmp_path / "queue.db").execute("select data from task").fetchone()
    assert bytes(data).startswith(b"[")
    assert b"run_job" in bytes(data)


def test_a_pickle_in_the_queue_is_not_executed():
    with pytest.raises(ValueError, match=r"utf-8|Expecting|decode"):
        JsonSerializer().deserialize(b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.")


def test_an_unknown_queue_is_refused(installation: Installation):
    with pytest.raises(ValueError, match="no queue"):
        Engine("amqp://example.org", installation.platform.database, {})
