"""The live catalogues of a process: swapped without a restart, and never the reason that a page fails."""

import re
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from elearn.catalogues.models import Head, Snapshot
from elearn.catalogues.service import INTERFACE, roll_back
from elearn.catalogues.store import POLL_SECONDS, CatalogueStore
from elearn.db import Database
from elearn.i18n.formatting import placeholders
from elearn.mail.letters import post
from tests.catalogues.payloads import pack, put
from tests.conftest import Installation
from tests.pages import parse
from tests.world import plant

HOSTILE = "<script>hostile()</script>\"'><img src=x onerror=hostile()>"


@pytest.fixture
def old_heads(database: Database) -> Iterator[Database]:
    """A database whose heads are put back afterwards: PostgreSQL keeps catalogues from one test to the next."""
    with database.read_session() as session:
        before = {(h.locale, h.domain): h.snapshot_id for h in session.scalars(select(Head))}
    yield database
    with database.transaction() as session:
        for head in session.scalars(select(Head)):
            if (head.locale, head.domain) in before:
                head.snapshot_id = before[head.locale, head.domain]
            else:
                session.delete(head)
        session.flush()
        for snapshot in session.scalars(select(Snapshot).where(Snapshot.source_sha256 == "-")):
            session.delete(snapshot)


def go_live(database: Database, payload: bytes, **place: str) -> int:
    with database.transaction() as session:
        return put(session, payload, **place)


def test_a_running_store_shows_what_was_published_and_taken_back(old_heads: Database) -> None:
    store = CatalogueStore(old_heads)
    first = store.refresh()
    go_live(old_heads, pack({"Home": "un"}))
    one = store.refresh()
    newer = go_live(old_heads, pack({"Home": "deux"}))
    two = store.refresh()
    assert [c.messages("fr").gettext("Home") for c in (one, two)] == ["un", "deux"]
    with old_heads.transaction() as session:
        roll_back(session, locale="fr", domain=INTERFACE, revision=newer - 1)
    back = store.refresh()
    assert back.messages("fr").gettext("Home") == "un"
    assert back.stamp == one.stamp != two.stamp
    assert first.messages("fr").gettext("Home") not in ("un", "deux"), "a request keeps the catalogues it began with"


def test_what_did_not_change_stays_the_same_object(old_heads: Database) -> None:
    store = CatalogueStore(old_heads)
    before = store.refresh()
    go_live(old_heads, pack({"Home": "un"}))
    after = store.refresh()
    assert after.messages("es") is before.messages("es")
    assert after.course("untoc", "fr") is before.course("untoc", "fr")
    assert after.revision("fr", INTERFACE) != before.revision("fr", INTERFACE)
    assert store.refresh() is after


def test_heads_are_asked_for_at_most_once_in_a_second(old_heads: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    store = CatalogueStore(old_heads)
    before = store.current()
    go_live(old_heads, pack({"Home": "un"}))
    assert store.current() is before
    later = time.monotonic() + POLL_SECONDS
    monkeypatch.setattr("elearn.catalogues.store.time.monotonic", lambda: later)
    assert store.current().messages("fr").gettext("Home") == "un"


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"no snapshot", pack({"Home": "un"})[:-5], pack({"Home": "un"}, locale="es"), pack({"Home": 5}), pack({"Home": ["one form"]}),
        pack({"Home": "un"}, mode="course"),
    ],
    ids=["empty", "garbage", "cut-off", "other-language", "number", "one-form", "of-a-course"],
)  # fmt: skip
def test_an_unusable_interface_snapshot_shows_the_source(payload: bytes, old_heads: Database) -> None:
    go_live(old_heads, payload)
    found = CatalogueStore(old_heads).refresh()
    assert found.messages("fr").gettext("Home") == "Home"
    assert found.messages("ar").gettext("Home") != "Home", "other languages are not touched"


def test_bytes_that_differ_from_their_digest_are_not_used(old_heads: Database) -> None:
    with old_heads.transaction() as session:
        put(session, pack({"Home": "un"}), digest="0" * 64)
        put(session, pack({"m/l#aaaaaa": ["un", False, "x"]}, mode="course"), domain="untoc", digest="0" * 64)
    found = CatalogueStore(old_heads).refresh()
    assert found.messages("fr").gettext("Home") == "Home"
    assert found.course("untoc", "fr") == {}


def test_while_the_database_is_away_the_catalogues_in_memory_stay(
    old_heads: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = CatalogueStore(old_heads)
    before = store.refresh()

    def away() -> None:
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(old_heads, "read_session", away)
    assert store.refresh() is before
    assert CatalogueStore(old_heads).refresh().messages("fr").gettext("Home") == "Home"


def test_a_translation_of_other_english_is_outdated(old_heads: Database) -> None:
    source = CatalogueStore(old_heads).refresh().course("untoc", "fr")
    name = next(name for name, unit in source.items() if not unit.outdated)
    changed = CatalogueStore(old_heads, sources={"untoc": {name: "Something else."}}).refresh()
    assert changed.course("untoc", "fr")[name].outdated
    assert changed.course("untoc", "fr")[name].text == source[name].text


def test_the_pseudo_language_stands_in_for_english_only(database: Database) -> None:
    found = CatalogueStore(database, pseudo=True).refresh()
    assert found.messages("en").gettext("Home").startswith("⟦")
    assert not found.messages("fr").gettext("Home").startswith("⟦")


# --- put straight into the database, as it reaches pages


def swap(installation: Installation, change: str) -> None:
    """Every French message of the interface becomes `change` and what it was."""
    platform = installation.platform
    messages = platform.catalogues.refresh().messages("fr")
    texts = {name: change + text for name, text in messages.texts.items()}  # type: ignore[attr-defined]
    plurals = {name: [change + form for form in forms] for name, forms in messages.plurals.items()}  # type: ignore[attr-defined]
    with platform.database.transaction() as session:
        put(session, pack({**texts, **plurals}))
    platform.catalogues.refresh()


def test_a_running_application_changes_its_words_without_a_restart(installation: Installation) -> None:
    browser = installation.app.test_client()
    assert "Nouveau" not in browser.get("/fr/account/login").get_data(as_text=True)
    swap(installation, "Nouveau ")
    assert "Nouveau" in browser.get("/fr/account/login").get_data(as_text=True)
    assert browser.get("/en/account/login").status_code == 200


def test_markup_in_a_snapshot_never_reaches_a_page_as_markup(installation: Installation) -> None:
    world = plant(installation)
    swap(installation, HOSTILE)
    visited = 0
    for role, prefixes in (
        ("visitor", ("",)),
        ("learner", ("learning.",)),
        ("owner", ("admin.", "progress.", "accounts.")),
    ):
        browser = world.browser(role)
        for place in world.places("fr"):
            if "GET" not in place.methods or not place.endpoint.startswith(prefixes):
                continue
            answer = browser.get(place.path)
            if not (answer.content_type or "").startswith("text/html") or answer.status_code in (302, 303):
                continue
            html = answer.get_data(as_text=True)
            page = parse(html, place.path)
            visited += "hostile()" in html
            assert not re.search("<script>hostile|<img src=x", html), place.path
            assert not [e for e in page.elements for name in e.attributes if name.startswith("on")], place.path
    assert visited > 30, "the hostile words are there, as words"


@pytest.mark.parametrize("sign", ["100 % ", "%s ", "%(nothing)s ", "%(n)99999999d ", "%% "])
def test_per_cent_signs_in_a_snapshot_break_no_page(sign: str, installation: Installation) -> None:
    world = plant(installation)
    swap(installation, sign)
    for role, path in (
        ("visitor", "/fr/"), ("visitor", "/fr/courses/untoc/"), ("visitor", "/fr/nothing"), ("learner", "/fr/learn/untoc/"),
        ("owner", "/fr/admin/"), ("learner", world.place("learning.attempt", "fr").path),
    ):  # fmt: skip
        answer = world.browser(role).get(path)
        assert answer.status_code in (200, 404)
        assert len(answer.get_data()) < 1_000_000


def test_letters_with_hostile_words_are_still_letters(installation: Installation) -> None:
    swap(installation, HOSTILE)
    with installation.platform.database.transaction() as session:
        post(session, kind="reset", to="a@example.org", locale="fr", occasion="x",
             values={"name": "Example", "link": "https://example.org/fr/x", "minutes": 60})  # fmt: skip
    installation.run_jobs()
    ((_name, message),) = installation.platform.rooms["outbox"]()
    html = message.get_body(("html",)).get_content()
    assert "hostile()" in html
    assert not re.search("<script|<img src=x", html)
    assert HOSTILE in message.get_body(("plain",)).get_content()


def test_the_messages_that_are_swapped_are_the_real_ones(installation: Installation) -> None:
    """Guards the tests above."""
    messages = installation.platform.catalogues.refresh().messages("fr")
    assert len(messages.texts) > 300  # type: ignore[attr-defined]
    assert any(placeholders(text) for text in messages.texts.values())  # type: ignore[attr-defined]
