"""Ask for a job, and run one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from elearn import clock
from elearn.db import Database
from elearn.jobs.models import OutboxJob

log = structlog.get_logger("elearn.jobs")
Finish = Callable[[Session], None]
Handler = Callable[..., Finish | None]
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=30)
PENDING = "elearn.pending_jobs"  # in session.info: ids to hand to the engine after the commit


def enqueue(session: Session, task: str, *, key: str, run_at: datetime | None = None, **args: Any) -> bool:
    """Write a job in the caller's transaction. False when a job with this key exists already.

    `task` names a handler as "room.verb"; `args` are JSON values; `run_at` delays it.
    """
    now = clock.now()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(OutboxJob)
        .values(key=key, task=task, args=args, created_at=now, run_at=run_at or now, attempts=0, error="")
        .on_conflict_do_nothing()
        .returning(OutboxJob.id)
    )
    job_id = session.execute(statement).scalar()
    if job_id is not None and (run_at is None or run_at <= now):
        session.info.setdefault(PENDING, []).append(job_id)
    return job_id is not None


def due_jobs(session: Session, *, limit: int = 200) -> list[int]:
    """Ids of jobs that should run now: due, not done, not leased, oldest first."""
    now = clock.now()
    statement = (
        select(OutboxJob.id)
        .where(
            OutboxJob.done_at.is_(None),
            OutboxJob.failed_at.is_(None),
            OutboxJob.run_at <= now,
            OutboxJob.attempts < MAX_ATTEMPTS,
            or_(OutboxJob.lease_until.is_(None), OutboxJob.lease_until < now),
        )
        .order_by(OutboxJob.run_at)
        .limit(limit)
    )
    return list(session.scalars(statement))


def _claim(database: Database, job_id: int) -> tuple[str, dict[str, Any], int] | None:
    now = clock.now()
    statement = (
        update(OutboxJob)
        .where(
            OutboxJob.id == job_id,
            OutboxJob.done_at.is_(None),
            OutboxJob.failed_at.is_(None),
            OutboxJob.run_at <= now,
            OutboxJob.attempts < MAX_ATTEMPTS,
            or_(OutboxJob.lease_until.is_(None), OutboxJob.lease_until < now),
        )
        .values(lease_until=now + LEASE, attempts=OutboxJob.attempts + 1)
        .returning(OutboxJob.task, OutboxJob.args, OutboxJob.attempts)
    )
    with database.transaction() as session:
        row = session.execute(statement).first()
    return None if row is None else (row.task, row.args, row.attempts)


def run_job(database: Database, handlers: dict[str, Handler], job_id: int) -> bool:
    """Claim and run one job. False when there was nothing to do or it failed.

    A handler is called as `handler(database, **args)`, outside of any transaction, since sending and drawing take
    time; what it returns is called with the session of the transaction that marks the job done. A failed job is
    tried again with growing delays, at most MAX_ATTEMPTS times; a repeated delivery of the same id does no harm.
    """
    claimed = _claim(database, job_id)
    if claimed is None:
        return False
    task, args, attempts = claimed
    try:
        finish = handlers[task](database, **args)
        with database.transaction() as session:
            if finish is not None:
                finish(session)
            session.execute(
                update(OutboxJob)
                .where(OutboxJob.id == job_id)
                .values(done_at=clock.now(), lease_until=None, args={}, error="")  # personal values go with the work
            )
    except Exception as error:
        log.exception("job failed", job=job_id, task=task, attempts=attempts)
        _record_failure(database, job_id, attempts, error)
        return False
    return True


def _record_failure(database: Database, job_id: int, attempts: int, error: Exception) -> None:
    now = clock.now()
    values: dict[str, Any] = {"lease_until": None, "error": f"{type(error).__name__}: {error}"[:500]}
    if attempts >= MAX_ATTEMPTS:
        values |= {"failed_at": now, "args": {}}  # personal values and links do not stay
    else:
        values["run_at"] = now + timedelta(seconds=min(15 * 4 ** (attempts - 1), 6 * 3600))
    with database.transaction() as session:
        session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))


def run_due_jobs(database: Database, handlers: dict[str, Handler]) -> int:
    """Run everything that is due, in this process, until nothing is; the number of jobs done."""
    done = 0
    while True:
        with database.read_session() as session:
            ids = due_jobs(session)
        results = [run_job(database, handlers, job_id) for job_id in ids]
        done += sum(results)
        if not any(results):
            return done


def sweep(session: Session) -> None:
    """Delete jobs that were done a week ago, and failed ones after a month; give up those that kill their process."""
    now = clock.now()
    session.execute(delete(OutboxJob).where(OutboxJob.done_at < now - KEEP_DONE))
    session.execute(delete(OutboxJob).where(OutboxJob.failed_at < now - KEEP_FAILED))
    worn = (OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None), OutboxJob.attempts >= MAX_ATTEMPTS)
    lapsed = update(OutboxJob).where(*worn, OutboxJob.lease_until < now)
    session.execute(lapsed.values(failed_at=now, args={}, error="the process ended at each attempt"))
