"""Counting hits in fixed windows, across processes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from elearn.db import Database
from elearn.ledger import meter
from elearn.ledger.meter import Limit
from elearn.ledger.models import RateCounter

NOON = datetime(2027, 3, 1, 12, 0, 0, tzinfo=UTC)
TWO_IN_TEN_MINUTES = Limit(2, 600)


def hits(database: Database, now: datetime) -> dict[str, int]:
    """Hits by key in the windows that have not ended."""
    with database.read_session() as session:
        rows = session.scalars(select(RateCounter).where(RateCounter.window_ends > now))
        return {row.key: row.hits for row in rows}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_hits_up_to_the_limit_pass_and_the_next_one_waits_for_the_end_of_the_window(database: Database, clock):
    clock.shift(timedelta(minutes=4))
    assert [meter.hit(database, [("a", TWO_IN_TEN_MINUTES)]) for _ in range(3)] == [0, 0, 361]
    clock.move_to(NOON + timedelta(minutes=9, seconds=59.5))
    assert meter.hit(database, [("a", TWO_IN_TEN_MINUTES)]) == 1, "a wait is never zero seconds"


def test_the_next_window_begins_at_zero(database: Database, clock):
    for _ in range(5):
        meter.hit(database, [("a", TWO_IN_TEN_MINUTES)])
    clock.shift(timedelta(minutes=10))
    assert meter.hit(database, [("a", TWO_IN_TEN_MINUTES)]) == 0
    assert hits(database, NOON + timedelta(minutes=10)) == {"a": 1}


def test_keys_are_counted_apart_and_the_longest_wait_counts(database: Database, clock):
    keys = [("subject", Limit(1, 60)), ("network", Limit(1, 3600)), ("wide", Limit(9, 7200))]
    assert meter.hit(database, keys) == 0
    assert meter.hit(database, keys) == 3601
    assert hits(database, NOON) == {"subject": 2, "network": 2, "wide": 2}, "refused hits count too"


def test_two_processes_count_together(both, clock):
    other = Database(both.platform.database.url)
    try:
        waits = [meter.hit(place, [("a", TWO_IN_TEN_MINUTES)]) for place in (both.platform.database, other, other)]
    finally:
        other.close()
    assert waits == [0, 0, 601]


def test_the_sweep_removes_counters_whose_window_ended_a_day_ago(database: Database, clock):
    meter.hit(database, [("old", Limit(9, 60))])
    clock.shift(timedelta(days=1))
    meter.hit(database, [("new", Limit(9, 60))])
    clock.shift(timedelta(seconds=61))
    with database.transaction() as session:
        meter.sweep(session)
        assert [counter.key for counter in session.query(RateCounter)] == ["new"]
