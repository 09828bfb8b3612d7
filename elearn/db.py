"""Database: typed base class, UTC timestamps, and one engine for reading and one for writing.

The reader cannot write: SQLite `query_only`, PostgreSQL read-only transactions. The writer of SQLite begins with
BEGIN IMMEDIATE, so that two read-then-write steps queue instead of failing.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, DateTime, Dialect, Engine, Executable, MetaData, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import JSON, TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_TIMEOUT_MS = 5000


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime given to the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Parent of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UTCDateTime, dict[str, Any]: JSON, list[Any]: JSON}


class Database:
    """The two engines of one process and sessions on them."""

    def __init__(self, url: str, *, synchronous: str = "FULL", pool_size: int = 5) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            self.writer = _sqlite_engine(url, synchronous, reader=False)
            self.reader = _sqlite_engine(url, synchronous, reader=True)
        else:
            self.writer = create_engine(
                url, pool_size=pool_size, pool_pre_ping=True, json_serializer=_json, hide_parameters=True
            )
            self.reader = create_engine(
                url, pool_size=pool_size, pool_pre_ping=True, json_serializer=_json, hide_parameters=True
            ).execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")

    def read_session(self) -> Session:
        """A session that the database refuses to write through; close it after use."""
        return ReadSession(self.reader, autoflush=False, expire_on_commit=False)

    def write_session(self) -> Session:
        """A session for one write transaction; the caller commits (web/transaction, job runner, command line only)."""
        return Session(self.writer, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One write transaction for jobs, commands and the meter: commit at the end, roll back on an exception."""
        with self.write_session() as session, session.begin():
            yield session

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()


class ReadSession(Session):
    """A session for reading whose connection is at hand without the ORM's book-keeping; both share one transaction."""

    def __init__(self, engine: Engine, **options: Any) -> None:
        super().__init__(engine, **options)
        self._engine = engine
        self._at_hand: Connection | None = None

    def at_hand(self) -> Connection:
        """The connection of this session's transaction, asked for once."""
        if self._at_hand is None:
            self._at_hand = self.connection() if self.in_transaction() else self._engine.connect()
            self.bind = self._at_hand
        return self._at_hand

    def close(self) -> None:
        """End the transaction and give the connection back."""
        if self.in_transaction():
            super().close()
        connection, self._at_hand = self._at_hand, None
        if connection is not None:
            self.bind = self._engine
            connection.close()


def fetch(session: Session, statement: Executable, values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """The rows of a prebuilt statement of columns, past the ORM, in the session's transaction: a third of the cost."""
    connection = session.at_hand() if isinstance(session, ReadSession) else session.connection()
    return connection.execute(statement, values)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _lower(value: Any) -> Any:
    """SQL's lower() for every script: SQLite's own knows ASCII alone."""
    return value.lower() if isinstance(value, str) else value


def _sqlite_engine(url: str, synchronous: str, *, reader: bool) -> Engine:
    engine = create_engine(
        url,
        json_serializer=_json,
        hide_parameters=True,  # what people typed does not go into logs
        pool_reset_on_return=None,  # every session ends its own transaction
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False, "cached_statements": 512},
    )
    pragmas = [
        f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
        "PRAGMA journal_mode=WAL",
        f"PRAGMA synchronous={synchronous}",
        "PRAGMA foreign_keys=ON",
        "PRAGMA cache_size=-16000",
        "PRAGMA mmap_size=134217728",
        *(["PRAGMA query_only=ON"] if reader else []),
    ]

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        connection.create_function("lower", 1, _lower, deterministic=True)
        for pragma in pragmas:
            connection.execute(pragma)

    begin = "BEGIN" if reader else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.execute(begin)

    return engine
