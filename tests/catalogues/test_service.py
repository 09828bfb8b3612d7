"""Publishing files as snapshots, and going back."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from elearn.catalogues.models import Head, Snapshot
from elearn.catalogues.service import Published, catalogue_path, publish_files, roll_back
from elearn.db import Database
from elearn.errors import NotFound
from elearn.i18n.snapshot import load_course

DOMAIN = "tiny"


def write(folder: Path, locale: str, entries: Sequence[tuple[str, str, str]]) -> Path:
    """A course catalogue of (id, source, translation)."""
    path = catalogue_path(folder, locale, DOMAIN)
    path.parent.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    path.write_text(head + "".join(f'\nmsgctxt "{c}"\nmsgid "{s}"\nmsgstr "{t}"\n' for c, s, t in entries))
    return path


def publish(database: Database, folder: Path) -> dict[str, Published]:
    return {p.locale: p for p in publish_files(database, translations=folder, domains=[DOMAIN])}


def live(database: Database, locale: str) -> tuple[int, dict[str, str]]:
    """The revision that is live and its texts."""
    with database.read_session() as session:
        row = session.scalars(
            select(Snapshot)
            .join(Head, Head.snapshot_id == Snapshot.id)
            .where(Head.locale == locale, Head.domain == DOMAIN)
        ).one()
    assert hashlib.sha256(row.payload).hexdigest() == row.payload_sha256
    return row.revision, {name: unit.text for name, unit in load_course(row.payload).items()}


@pytest.fixture
def tiny(database: Database) -> Database:
    """The database without catalogues of this domain, which it keeps from one test to the next."""
    with database.transaction() as session:
        for kind in (Head, Snapshot):
            for row in session.scalars(select(kind).where(kind.domain == DOMAIN)):
                session.delete(row)
            session.flush()
    return database


def test_publishing_makes_live_what_changed_and_nothing_else(tiny: Database, tmp_path: Path) -> None:
    for locale in ("ar", "fr", "es"):
        write(tmp_path, locale, [("m/l#aaaaaa", "One", "un")])
    assert {k: (p.changed, p.accepted) for k, p in publish(tiny, tmp_path).items()} == dict.fromkeys(
        ("ar", "fr", "es"), (True, 1)
    )
    assert not any(p.changed for p in publish(tiny, tmp_path).values())
    write(tmp_path, "fr", [("m/l#aaaaaa", "One", "deux")])
    assert [k for k, p in publish(tiny, tmp_path).items() if p.changed] == ["fr"]
    assert live(tiny, "fr") == (2, {"m/l#aaaaaa": "deux"})
    assert live(tiny, "es") == (1, {"m/l#aaaaaa": "un"})


def test_a_refused_entry_is_named_and_costs_only_itself(tiny: Database, tmp_path: Path) -> None:
    write(tmp_path, "fr", [("m/l#aaaaaa", "One", "un"), ("m/l#bbbbbb", "Two", "<script>x()</script>")])
    published = publish(tiny, tmp_path)["fr"]
    assert (published.accepted, len(published.dropped)) == (1, 1)
    assert "Two" in published.dropped[0] or "bbbbbb" in published.dropped[0]
    assert live(tiny, "fr")[1] == {"m/l#aaaaaa": "un"}


def test_structure_that_differs_from_the_source_is_refused(tiny: Database, tmp_path: Path) -> None:
    write(tmp_path, "fr", [("m/l#aaaaaa", "See [this][1].", "Voyez cela."), ("m/l#bbbbbb", "[A][1]", "[B][1]")])
    publish(tiny, tmp_path)
    assert live(tiny, "fr")[1] == {"m/l#bbbbbb": "[B][1]"}


@pytest.mark.parametrize("how", ["missing", "broken", "directory", "empty"])
def test_a_file_that_cannot_be_used_becomes_an_empty_catalogue(how: str, tiny: Database, tmp_path: Path) -> None:
    path = write(tmp_path, "fr", [("m/l#aaaaaa", "One", "un")])
    publish(tiny, tmp_path)
    path.unlink()
    if how == "directory":
        path.mkdir()
    elif how != "missing":
        path.write_bytes(b"\xff\x00 no catalogue" if how == "broken" else b"")
    assert publish(tiny, tmp_path)["fr"].accepted == 0
    assert live(tiny, "fr") == (2, {})


def test_going_back_makes_the_earlier_bytes_live_again(tiny: Database, tmp_path: Path) -> None:
    for word in ("un", "deux"):
        write(tmp_path, "fr", [("m/l#aaaaaa", "One", word)])
        publish(tiny, tmp_path)
    for revision, word in ((1, "un"), (2, "deux")):
        with tiny.transaction() as session:
            roll_back(session, locale="fr", domain=DOMAIN, revision=revision)
        assert live(tiny, "fr") == (revision, {"m/l#aaaaaa": word})


def test_after_going_back_a_new_file_gets_a_new_revision(tiny: Database, tmp_path: Path) -> None:
    for word in ("un", "deux"):
        write(tmp_path, "fr", [("m/l#aaaaaa", "One", word)])
        publish(tiny, tmp_path)
    with tiny.transaction() as session:
        roll_back(session, locale="fr", domain=DOMAIN, revision=1)
    write(tmp_path, "fr", [("m/l#aaaaaa", "One", "trois")])
    publish(tiny, tmp_path)
    assert live(tiny, "fr") == (3, {"m/l#aaaaaa": "trois"})


@pytest.mark.parametrize(("locale", "revision"), [("fr", 2), ("fr", 0), ("es", 99), ("de", 1)])
def test_one_cannot_go_back_to_what_never_was(locale: str, revision: int, tiny: Database, tmp_path: Path) -> None:
    write(tmp_path, "fr", [("m/l#aaaaaa", "One", "un")])
    publish(tiny, tmp_path)
    with tiny.write_session() as session, pytest.raises(NotFound):
        roll_back(session, locale=locale, domain=DOMAIN, revision=revision)
    assert live(tiny, "fr")[0] == 1
