"""Jobs exist exactly if their transaction committed, and run once."""

from datetime import timedelta

from elearn import clock
from elearn.db import Database
from elearn.jobs import service
from elearn.jobs.models import OutboxJob


def _enqueue(database: Database, **options):
    with database.transaction() as session:
        return service.enqueue(session, "room.verb", key=options.pop("key", "one"), **options)


def test_a_job_runs_once_even_when_delivered_twice(database: Database):
    seen = []
    assert _enqueue(database, word="مرحبا")
    handlers = {"room.verb": lambda _database, word: seen.append(word)}
    assert service.run_job(database, handlers, 1)
    assert not service.run_job(database, handlers, 1)
    assert seen == ["مرحبا"]


def test_the_same_key_is_the_same_job(database: Database):
    assert _enqueue(database)
    assert not _enqueue(database)


def test_a_rolled_back_transaction_leaves_no_job(database: Database):
    with database.write_session() as session:
        service.enqueue(session, "room.verb", key="gone")
        session.rollback()
    with database.read_session() as session:
        assert service.due_jobs(session) == []


def test_effect_and_done_are_one_transaction(database: Database):
    """A finish that fails leaves the job undone and its own rows unwritten; the next try does both."""
    _enqueue(database)
    fail = [True]

    def finish(session):
        service.enqueue(session, "room.other", key="effect")
        if fail.pop():
            raise OSError("disk")

    handlers = {"room.verb": lambda _database: finish, "room.other": lambda _database: None}
    assert not service.run_job(database, handlers, 1)
    with database.transaction() as session:
        row = session.get_one(OutboxJob, 1)
        assert row.done_at is None
        assert "disk" in row.error
        row.run_at = clock.now()
        fail.append(False)
    assert service.run_job(database, handlers, 1)
    with database.read_session() as session:
        assert [session.get_one(OutboxJob, i).key for i in service.due_jobs(session)] == ["effect"]


def test_arguments_leave_the_database_with_the_work(database: Database):
    _enqueue(database, word="secret")
    service.run_job(database, {"room.verb": lambda _database, word: None}, 1)
    with database.read_session() as session:
        assert session.get_one(OutboxJob, 1).args == {}


def test_a_job_that_always_fails_stops_after_its_last_attempt(database: Database):
    def fail(_database):
        raise OSError("always")

    _enqueue(database)
    for _ in range(service.MAX_ATTEMPTS + 3):
        service.run_job(database, {"room.verb": fail}, 1)
        with database.transaction() as session:
            session.get_one(OutboxJob, 1).run_at = clock.now()
    with database.read_session() as session:
        row = session.get_one(OutboxJob, 1)
        assert row.failed_at is not None
        assert row.attempts == service.MAX_ATTEMPTS


def test_a_delayed_job_waits(database: Database):
    _enqueue(database, run_at=clock.now() + timedelta(hours=1))
    assert not service.run_job(database, {}, 1)


def test_a_lease_that_ran_out_is_taken_over(database: Database):
    _enqueue(database)
    assert service._claim(database, 1) is not None
    assert service._claim(database, 1) is None
    with database.transaction() as session:
        session.get_one(OutboxJob, 1).lease_until = clock.now() - timedelta(seconds=1)
    assert service._claim(database, 1) is not None


def test_a_job_that_failed_for_good_keeps_no_personal_values(database: Database):
    def fail(_database, word):
        raise OSError("always")

    _enqueue(database, word="secret link")
    for _ in range(service.MAX_ATTEMPTS):
        service.run_job(database, {"room.verb": fail}, 1)
        with database.transaction() as session:
            session.get_one(OutboxJob, 1).run_at = clock.now()
    with database.read_session() as session:
        assert session.get_one(OutboxJob, 1).args == {}


def test_a_job_that_kills_its_process_is_given_up_by_the_sweep(database: Database):
    _enqueue(database, word="secret")
    with database.transaction() as session:
        job = session.get_one(OutboxJob, 1)
        job.attempts, job.lease_until = service.MAX_ATTEMPTS, clock.now() - timedelta(seconds=1)
    assert service._claim(database, 1) is None
    with database.transaction() as session:
        service.sweep(session)
        job = session.get_one(OutboxJob, 1)
        assert job.failed_at is not None
        assert job.args == {}


def test_old_jobs_are_swept_and_waiting_ones_stay(database: Database):
    for key in ("done", "failed", "waiting"):
        _enqueue(database, key=key)
    with database.transaction() as session:
        session.get_one(OutboxJob, 1).done_at = clock.now() - service.KEEP_DONE - timedelta(hours=1)
        session.get_one(OutboxJob, 2).failed_at = clock.now() - service.KEEP_FAILED - timedelta(hours=1)
    with database.transaction() as session:
        service.sweep(session)
    with database.read_session() as session:
        assert [session.get_one(OutboxJob, i).key for i in service.due_jobs(session)] == ["waiting"]
