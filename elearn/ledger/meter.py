"""Counting during any request, on a connection of its own: rate limits that hold across processes, last seen.

This is the one named exception to "GET cannot write" and to "one place commits".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from elearn import clock
from elearn.db import Database
from elearn.ledger.models import RateCounter


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `hits` in each window of `seconds`."""

    hits: int
    seconds: int


def _window_end(now: datetime, seconds: int) -> datetime:
    start = int(now.timestamp()) // seconds * seconds
    return datetime.fromtimestamp(start + seconds, UTC)


def count_hit(session: Session, *, key: str, limit: Limit) -> int:
    """Count one hit; returns 0 when it is within the limit, else the seconds until the window ends."""
    now = clock.now()
    ends = _window_end(now, limit.seconds)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(RateCounter)
        .values(key=key, window_ends=ends, hits=1)
        .on_conflict_do_update(index_elements=["key", "window_ends"], set_={"hits": RateCounter.hits + 1})
        .returning(RateCounter.hits)
    )
    hits = session.execute(statement).scalar_one()
    return 0 if hits <= limit.hits else max(1, int((ends - now).total_seconds()) + 1)


def hit(database: Database, keys: Iterable[tuple[str, Limit]]) -> int:
    """Count one hit on each key in a transaction of its own; the longest wait in seconds, 0 when all are within."""
    with database.transaction() as session:
        return max((count_hit(session, key=key, limit=limit) for key, limit in keys), default=0)


def sweep(session: Session) -> None:
    """Delete counters whose window ended more than a day ago."""
    session.execute(delete(RateCounter).where(RateCounter.window_ends < clock.now() - timedelta(days=1)))
