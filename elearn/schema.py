"""The schema: all tables of all rooms, and migrations up, down and compared (floor of `app.py`)."""

import importlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine

from elearn.db import Base

QUEUE_PREFIX = "huey_"  # tables of the queue, which may live in the same PostgreSQL database
ROOMS = ("ledger", "jobs", "catalogues", "accounts", "cohorts", "learning", "certificates")


def metadata() -> MetaData:
    """The tables of every room."""
    for room in ROOMS:
        importlib.import_module(f"elearn.{room}.models")
    return Base.metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table, with its indexes, is compared with the models: not those that the queue makes for itself."""
    return kind != "table" or name is None or not name.startswith(QUEUE_PREFIX)


@contextmanager
def _config(url: str) -> Iterator[Config]:
    logging.getLogger("alembic").setLevel(logging.WARNING)  # operators read what we print, not how it is done
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            yield config
            connection.commit()
    finally:
        engine.dispose()


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to `revision`."""
    with _config(url) as config:
        command.upgrade(config, revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision` ("base" for an empty one)."""
    with _config(url) as config:
        command.downgrade(config, revision)


def new_revision(url: str, message: str) -> None:
    """Write a migration for what the models have and the database has not."""
    with _config(url) as config:
        command.revision(config, message, autogenerate=True)


def differences(url: str) -> list[str]:
    """What separates the database from the models: missing migrations, or a schema changed by hand."""
    with _config(url) as config:
        connection: Connection = config.attributes["connection"]
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        heads = set(ScriptDirectory.from_config(config).get_heads())
        if set(context.get_current_heads()) != heads:
            return ["the database is not at the newest revision: run `elearn db upgrade`"]
        return [str(change) for change in compare_metadata(context, metadata())]
