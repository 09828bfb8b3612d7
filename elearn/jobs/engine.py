"""The binding to huey: SQLite's queue in one file, PostgreSQL's by LISTEN/NOTIFY. Its one task is `run_job(id)`."""

import json
from collections.abc import Iterable
from typing import Any

import structlog
from huey.api import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

from elearn.db import Database
from elearn.jobs import service

log = structlog.get_logger("elearn.jobs")


class JsonSerializer(Serializer):
    """huey's own serializers are pickle underneath; a queue that others can write must not run code."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(list(data) if isinstance(data, Message) else data, default=str).encode()

    def _deserialize(self, data: bytes) -> Any:
        value = json.loads(data)
        if isinstance(value, list) and len(value) == len(Message._fields):
            return _message(value)
        return value


def _message(value: list[Any]) -> Message:
    fields = dict(zip(Message._fields, value, strict=True))
    fields["args"] = tuple(fields["args"] or ())
    return Message(**fields)


class Engine:
    """One queue for a process that asks for jobs or runs them."""

    def __init__(self, queue_url: str, database: Database, handlers: dict[str, service.Handler]) -> None:
        self.database = database
        self.handlers = handlers
        self.huey = _huey(queue_url)
        self._run = self.huey.task(name="run_job")(self._run_job)

    def _run_job(self, job_id: int) -> None:
        service.run_job(self.database, self.handlers, job_id)

    def submit(self, job_ids: Iterable[int]) -> None:
        """Hand ids of committed jobs to the queue; a lost hand-over is found by the sweep.

        So nothing is raised for a queue that cannot be written: what asked for the jobs has been committed.
        """
        try:
            for job_id in job_ids:
                self._run(job_id)
        except Exception:
            log.exception("jobs not handed over; the sweep finds them")

    def submit_due(self) -> None:
        """Hand over all due jobs: delayed ones, and those whose hand-over was lost."""
        with self.database.read_session() as session:
            ids = service.due_jobs(session)
        self.submit(ids)

    def start_embedded(self) -> "EmbeddedConsumer":
        """Run jobs in threads of this process, which keeps its own signals."""
        consumer = EmbeddedConsumer(
            self.huey, workers=2, initial_delay=0.05, max_delay=0.5, backoff=1.2, periodic=False
        )
        consumer.start()
        return consumer


class EmbeddedConsumer(Consumer):
    """A consumer inside another process: signals belong to the host, and only the main thread may set them."""

    def _set_signal_handlers(self) -> None:
        """Set none."""


def create_queue(url: str) -> None:
    """Make the tables of the queue, before several processes open it: two that make them at once fail (PostgreSQL)."""
    _huey(url, create_tables=True).storage.close()


def _huey(url: str, *, create_tables: bool = False) -> Huey:
    if url.startswith("sqlite:///"):
        return SqliteHuey("elearn", filename=url.removeprefix("sqlite:///"), serializer=JsonSerializer(), results=False)
    if url.startswith("postgresql"):
        dsn = url.replace("+psycopg", "", 1)
        return PostgresHuey("elearn", dsn=dsn, serializer=JsonSerializer(), results=False, create_tables=create_tables)
    raise ValueError(f"no queue for {url!r}")
