"""Migrations run up and down on both databases, keep what is there, and end where the models are."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, create_engine, inspect, text

from elearn import schema
from elearn.cohorts import queries as cohorts
from elearn.db import Database
from elearn.jobs.engine import create_queue

ROWS = (
    "insert into people (id, email, email_confirmed_at, password_hash, full_name, locale, time_zone, created_at) values"
    " (7, 'a@example.org', '2027-03-01 12:00:00', '-', 'أمل', 'ar', 'Europe/Vienna', '2027-03-01 12:00:00')",
    "insert into cohorts (id, course, slug, names, notes, entry, zone, applications_open, applications_close,"
    " study_opens, study_closes, grace_closes, seats, created_at, updated_at) values (3, 'untoc', 'first',"
    """ '{"ar": "الفوج"}', '{}', 'open', 'Europe/Vienna', '2027-01-01', '2027-02-01', '2027-02-02', '2027-03-01',"""
    " '2027-03-08', 20, '2026-12-01', '2026-12-01')",
    "insert into enrolments (id, cohort_id, person_id, enrolled_at) values (5, 3, 7, '2027-01-15')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = create_engine(request.getfixturevalue("postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("create database migrated"))
        try:
            yield server.url.set(database="migrated").render_as_string(hide_password=False)
        finally:
            connection.execute(text("drop database migrated with (force)"))
    server.dispose()


def execute(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))
    engine.dispose()


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_up_down_and_up_again(empty: str):
    for _ in range(2):
        schema.upgrade(empty)
        assert tables(empty) == {*schema.metadata().tables, "alembic_version"}
        assert schema.differences(empty) == []
        schema.downgrade(empty, "base")
        assert tables(empty) == {"alembic_version"}


def test_every_check_of_the_models_is_in_the_database(empty: str):
    """Alembic compares tables, columns, keys and indexes, but no checks; PostgreSQL words them in its own way."""
    schema.upgrade(empty)
    engine = create_engine(empty)
    found = inspect(engine)
    for name, table in schema.metadata().tables.items():
        wanted = {str(c.name): str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
        checks = {str(c["name"]): c["sqltext"] for c in found.get_check_constraints(name)}
        assert checks == wanted if engine.dialect.name == "sqlite" else set(checks) == set(wanted), name
    engine.dispose()


def test_rows_of_the_first_revision_are_still_there_at_the_newest(empty: str):
    schema.upgrade(empty, "0001")
    execute(empty, *ROWS)
    schema.upgrade(empty)
    schema.upgrade(empty)
    database = Database(empty)
    with database.read_session() as session:
        enrolled = cohorts.enrolment(session, 5)
        cohort = cohorts.cohort(session, 3)
    database.close()
    assert (enrolled.person_id, enrolled.cohort_id) == (7, 3)
    assert (cohort.names, cohort.seats, cohort.zone) == ({"ar": "الفوج"}, 20, "Europe/Vienna")
    assert cohort.study_closes.isoformat() == "2027-03-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("alter table people add column stray integer", "stray"),
        ("drop index ix_cohorts_course", "ix_cohorts_course"),
        ("create table stray (id integer)", "stray"),
        ("drop table answers", "answers"),
        ("delete from alembic_version", "elearn db upgrade"),
    ],
)
def test_a_schema_changed_by_hand_is_found(damage: str, named: str, empty: str):
    schema.upgrade(empty)
    execute(empty, damage)
    assert named in "\n".join(schema.differences(empty))


def test_the_tables_of_the_queue_are_no_difference(empty: str):
    schema.upgrade(empty)
    if empty.startswith("postgresql"):
        create_queue(empty)
        assert {name for name in tables(empty) if name.startswith(schema.QUEUE_PREFIX)}
    assert schema.differences(empty) == []


def test_an_empty_database_is_behind(empty: str):
    assert schema.differences(empty) == ["the database is not at the newest revision: run `elearn db upgrade`"]


def test_every_room_with_tables_is_known():
    package = Path(schema.__file__).parent
    assert {path.parent.name for path in package.glob("*/models.py")} == set(schema.ROOMS)
