"""Rate limits, across processes and by network."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.app import create_app
from elearn.db import Database
from elearn.errors import TooMany
from elearn.ledger.meter import Limit
from elearn.ledger.models import RateCounter
from elearn.web import limits
from elearn.web.limits import client_network, enforce
from tests.conftest import Installation, make_settings

TWO = Limit(2, 3600)
ASKING = "/fr/verify?number=ABCDEFGHJKMNPQRSTVWXYZ2345"


def refused(
    app: Flask, *, subject: str = "a@example.org", address: str = "192.0.2.1", network: Limit | None = None
) -> int:
    """One request; the seconds to wait, 0 when it was within the limits."""
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        try:
            enforce("trial", subject=subject, per_subject=TWO if network is None else None, per_network=network)
        except TooMany as error:
            return error.retry_after
    return 0


def test_what_is_beyond_the_limit_waits_until_the_window_ends(both: Installation) -> None:
    waits = [refused(both.app) for _ in range(4)]
    assert waits[:2] == [0, 0]
    assert all(0 < wait <= TWO.seconds + 1 for wait in waits[2:])


def test_subjects_are_counted_apart_whatever_their_case(both: Installation) -> None:
    for subject in ("a@example.org", "A@Example.ORG"):
        assert not refused(both.app, subject=subject)
    assert refused(both.app, subject="a@EXAMPLE.org")
    assert not refused(both.app, subject="b@example.org")


def test_two_processes_count_together(both: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Database(both.settings.database_url)
    ours = both.platform.database
    try:
        waits = []
        for database in (ours, other, ours, other):
            monkeypatch.setattr(both.platform, "database", database)
            waits.append(bool(refused(both.app)))
    finally:
        other.close()
    assert waits == [False, False, True, True]


def test_a_network_is_counted_whoever_asks(both: Installation) -> None:
    for number in (1, 200):
        assert not refused(both.app, subject=f"{number}@example.org", address=f"192.0.2.{number}", network=TWO)
    assert refused(both.app, subject="3@example.org", address="192.0.2.3", network=TWO)
    assert not refused(both.app, subject="3@example.org", address="192.0.3.3", network=TWO)


def test_no_address_is_stored(both: Installation) -> None:
    refused(both.app)
    refused(both.app, address="192.0.2.77", network=TWO)
    with both.platform.database.read_session() as session:
        keys = list(session.scalars(select(RateCounter.key)))
    assert len(keys) == 2
    assert not [key for key in keys if "example" in key or "192.0" in key]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/64"), ("", "0.0.0.0/24"), ("unix:", "unknown"), ("1.2.3.4.5", "unknown"), ("x" * 5_000, "unknown"),
    ],
)  # fmt: skip
def test_neighbours_share_a_network_and_no_address_is_an_error(address: str, network: str, app: Flask) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client_network() == network


def test_limits_can_be_switched_off(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation.platform, "settings", replace(installation.settings, rate_limits=False))
    assert not any(refused(installation.app) for _ in range(5))


def test_a_page_that_was_asked_for_too_often_is_429_for_this_network_only(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("elearn.certificates.views.NUMBERS_PER_NETWORK", Limit(1, 3600))
    browser = installation.app.test_client()
    answers = [browser.get(ASKING) for _ in range(2)]
    assert answers[0].status_code == 303
    assert answers[1].status_code == 429
    assert 0 < int(answers[1].headers["Retry-After"]) <= 3601
    sentence = installation.platform.catalogues.current().messages("fr").gettext(limits.TOO_MANY)
    assert sentence != limits.TOO_MANY
    assert sentence in answers[1].get_data(as_text=True)
    elsewhere = browser.get(ASKING, environ_base={"REMOTE_ADDR": "198.51.100.1"})
    assert elsewhere.status_code == 303


def test_nobody_chooses_their_own_network_by_a_header(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr("elearn.certificates.views.enforce", lambda *_a, **_k: seen.append(client_network()))
    app.test_client().get(ASKING, headers={"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9"})
    assert seen == ["127.0.0.0/24"]


def test_behind_a_trusted_proxy_its_word_counts_and_not_the_visitors(seed: Path, tmp_path: Path) -> None:
    shutil.copyfile(seed / "elearn.db", tmp_path / "elearn.db")
    app = create_app(make_settings(tmp_path, trusted_proxies=1))
    with pytest.MonkeyPatch.context() as patch:
        seen: list[str] = []
        patch.setattr("elearn.certificates.views.enforce", lambda *_a, **_k: seen.append(client_network()))
        app.test_client().get(ASKING, headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"})
    app.extensions["elearn"].database.close()
    assert seen == ["198.51.100.0/24"]
