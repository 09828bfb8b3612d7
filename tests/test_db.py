"""What the two engines promise: readers cannot write, writers queue, moments are UTC."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from elearn.accounts.models import Grant
from elearn.db import Database, fetch
from elearn.ledger.models import Heartbeat
from tests.conftest import Installation
from tests.factories import make_cohort, make_person

NOON = datetime(2027, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def heartbeat(at: datetime = NOON, name: str = "x") -> Heartbeat:
    return Heartbeat(name=name, at=at, holder="h")


def names(database: Database) -> list[str]:
    with database.read_session() as session:
        return list(session.scalars(select(Heartbeat.name)))


@pytest.mark.parametrize(
    "statement",
    [
        "insert into heartbeats (name, at, holder) values ('x', '2027-01-01', 'h')",
        "update catalogue_heads set domain = 'x'",
        "delete from catalogue_heads",
        "create table smuggled (id integer)",
        "drop table heartbeats",
    ],
)
def test_the_reader_refuses_to_write(statement: str, database: Database):
    with database.read_session() as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.execute(text(statement))
    with database.read_session() as session:
        assert session.scalar(text("select count(*) from catalogue_heads")) == 6


def test_objects_are_not_written_through_a_reader(database: Database):
    with database.read_session() as session:
        session.add(heartbeat())
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            session.flush()


def test_a_reader_sees_one_moment_until_it_is_closed(database: Database):
    with database.read_session() as reading:
        count = select(func.count()).select_from(Heartbeat)
        assert reading.scalar(count) == 0
        with database.transaction() as writing:
            writing.add(heartbeat())
        assert reading.scalar(count) == 0
        assert fetch(reading, count, {}).scalar_one() == 0, "both ways of reading share the transaction"
    assert names(database) == ["x"]


def test_a_reader_can_be_used_again_after_it_was_closed(database: Database):
    reading = database.read_session()
    for _ in range(2):
        assert fetch(reading, select(func.count()).select_from(Heartbeat), {}).scalar_one() == 0
        assert reading.scalar(text("select 1")) == 1
        reading.close()  # type: ignore[no-untyped-call]
    pool = database.reader.pool
    assert pool.checkedout() == 0  # type: ignore[attr-defined]


def test_a_transaction_commits_at_its_end_or_leaves_nothing(database: Database):
    with database.transaction() as session:
        session.add(heartbeat(name="kept"))

    def fail() -> None:
        with database.transaction() as session:
            session.add(heartbeat(name="gone"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(database) == ["kept"]


def test_read_then_write_steps_of_two_sqlite_writers_queue(installation: Installation):
    """With a plain BEGIN the second one fails: its snapshot is old when it wants to write."""
    database = installation.platform.database
    with database.transaction() as session:
        session.add(heartbeat(name="0"))

    def step() -> None:
        with database.transaction() as session:
            count = session.scalar(select(func.count()).select_from(Heartbeat))
            session.execute(insert(Heartbeat).values(name=str(count), at=NOON, holder="h"))

    threads = [threading.Thread(target=step) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(names(database)) == [str(n) for n in range(9)]


def test_the_sqlite_writer_holds_the_lock_from_its_first_statement(installation: Installation):
    database = installation.platform.database
    other = sqlite3.connect(database.url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    with closing(other), database.write_session() as session:
        other.execute("begin immediate")
        other.execute("rollback")
        session.execute(text("select 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("begin immediate")


@pytest.mark.parametrize(("engine", "query_only"), [("writer", 0), ("reader", 1)])
def test_pragmas_of_sqlite(engine: str, query_only: int, installation: Installation):
    database = Database(installation.platform.database.url)
    wanted = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000, "query_only": query_only,
    }  # fmt: skip
    with getattr(database, engine).connect() as connection:
        found = {name: connection.execute(text(f"pragma {name}")).scalar() for name in wanted}
        connection.rollback()
    database.close()
    assert found == wanted


def test_foreign_keys_and_checks_hold(database: Database):
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(Grant(person_id=404, role="owner", scope="*", granted_at=NOON))
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text("insert into rate_counters (key, window_ends, hits) values ('k', '2027-01-01', 0)"))


def test_moments_come_back_in_utc_to_the_microsecond(session: Session):
    vienna = timezone(timedelta(hours=2))
    session.add(heartbeat(NOON.astimezone(vienna)))
    session.flush()
    session.expire_all()
    at = session.get_one(Heartbeat, "x").at
    assert (at, at.utcoffset()) == (NOON, timedelta(0))
    assert session.scalar(select(Heartbeat.name).where(Heartbeat.at == NOON.astimezone(vienna))) == "x"


def test_a_moment_without_a_zone_is_refused(session: Session):
    session.add(heartbeat(NOON.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="naive"):
        session.flush()


def test_texts_of_every_script_come_back_and_json_stays_readable(session: Session):
    names_ = {"ar": "الفوج الأول", "en": "Cohort \U0001f600 \u2068x\u2069"}
    made = make_cohort(session, names=names_)
    person = make_person(session, full_name="Nguyễn Thị Ví Dụ")
    session.expire_all()
    assert made.names == names_
    assert person.full_name == "Nguyễn Thị Ví Dụ"
    assert "الفوج" in str(session.scalar(text("select cast(names as text) from cohorts")))


def test_lower_case_is_known_of_every_script_and_nothing_stays_nothing(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'lower.db'}")
    for new_session in (database.write_session, database.read_session):
        with new_session() as session:
            assert tuple(session.execute(text("select lower('ÉŁΔЖ'), lower(null)")).one()) == ("éłδж", None)
    database.close()


def test_what_people_typed_is_not_among_the_parameters_of_an_error(database: Database):
    with database.write_session() as session, pytest.raises(DBAPIError) as raised:
        session.execute(text("select :value from nowhere"), {"value": "a secret"})
    assert "nowhere" in str(raised.value)
    assert "a secret" not in str(raised.value)


def test_a_database_file_is_made_where_there_is_none(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.transaction() as session:
        session.execute(text("create table t (id integer)"))
    with database.read_session() as session:
        assert session.scalar(text("select count(*) from t")) == 0
    database.close()
