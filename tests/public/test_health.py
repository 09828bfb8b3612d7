"""Alive and ready, for balancers: no details for strangers."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import delete, text

from elearn import clock
from elearn.app import create_app
from elearn.catalogues.models import Head
from elearn.ledger import service as ledger
from elearn.ledger.queries import WORKER
from elearn.pages.views.health import WORKER_SILENCE
from tests.conftest import Installation, make_settings

READY = {"status": "ready", "missing": []}


def beat(installation: Installation) -> None:
    with installation.platform.database.transaction() as session:
        ledger.beat(session, name=WORKER, holder="secret-host:17", lease_seconds=60)


def ready(client: FlaskClient) -> tuple[int, object]:
    answer = client.get("/readyz")
    assert answer.headers["Cache-Control"].startswith(("private", "no-store"))
    assert "secret-host" not in answer.get_data(as_text=True)
    return answer.status_code, answer.json


def test_ready_once_the_worker_was_seen_and_no_longer_than_it_is(installation: Installation, client: FlaskClient):
    assert ready(client) == (503, {"status": "not ready", "missing": ["worker"]})
    with time_machine.travel(clock.now(), tick=False) as traveller:
        beat(installation)
        traveller.shift(WORKER_SILENCE - timedelta(seconds=1))
        assert ready(client) == (200, READY)
        traveller.shift(timedelta(seconds=1))
        assert ready(client) == (503, {"status": "not ready", "missing": ["worker"]})


def test_not_ready_without_the_interface_of_each_language(both: Installation):
    client = both.app.test_client()
    beat(both)
    assert ready(client) == (200, READY)
    with both.platform.database.transaction() as session:
        head = session.get_one(Head, ("fr", "messages"))
        snapshot = head.snapshot_id
        session.execute(delete(Head).where(Head.locale == "fr", Head.domain == "messages"))
    both.platform.catalogues.refresh()
    try:
        assert ready(client) == (503, {"status": "not ready", "missing": ["catalogues"]})
    finally:
        with both.platform.database.transaction() as session:
            session.add(Head(locale="fr", domain="messages", snapshot_id=snapshot))
        both.platform.catalogues.refresh()
    assert ready(client) == (200, READY)


@pytest.mark.parametrize("ruin", ["a folder in its place", "no tables", "no database"])
def test_not_ready_and_still_alive_without_a_database(ruin: str, tmp_path: Path):
    settings = make_settings(tmp_path / "instance")
    settings.instance.mkdir()
    if ruin == "a folder in its place":
        (settings.instance / "elearn.db").mkdir()
    app = create_app(settings)
    if ruin == "no tables":
        with app.extensions["elearn"].database.transaction() as session:
            session.execute(text("create table other (id integer)"))
    client = app.test_client()
    status, told = ready(client)
    assert (status, told) == (503, {"status": "not ready", "missing": ["database", "catalogues"]})
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    app.extensions["elearn"].database.close()


def test_alive_asks_no_database(installation: Installation, client: FlaskClient, monkeypatch: pytest.MonkeyPatch):
    def fail() -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(installation.platform.database, "read_session", fail)
    monkeypatch.setattr(installation.platform.database, "write_session", fail)
    monkeypatch.setattr(installation.platform.catalogues, "_next_poll", float("inf"))
    assert client.get("/healthz").json == {"status": "ok"}
