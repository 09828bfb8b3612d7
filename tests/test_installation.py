"""What happens before the first request."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from elearn import schema
from elearn.app import create_app
from elearn.content.faults import ContentError
from elearn.courses.library import Library
from elearn.installation import prepare, publish
from tests.conftest import make_settings

PAIRS = {(locale, domain) for locale in ("ar", "fr", "es") for domain in ("messages", "untoc")}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed") / "new" / "instance"
    published = prepare(make_settings(folder))
    assert {(one.locale, one.domain) for one in published} == PAIRS
    assert all(one.changed and one.accepted > 500 and not one.dropped for one in published), (
        "the files shipped are whole"
    )
    return folder


def test_everything_is_there_and_nothing_elsewhere(prepared: Path):
    settings = make_settings(prepared)
    assert schema.differences(settings.database_url) == []
    names = {path.name.removesuffix("-wal").removesuffix("-shm") for path in prepared.iterdir()}
    assert names == {"elearn.db", "queue.db", "static"}
    with closing(sqlite3.connect(prepared / "queue.db")) as queue:
        assert queue.execute("select count(*) from task").fetchone() == (0,)


def test_what_was_made_is_for_the_account_of_elearn_alone(prepared: Path):
    """The folder is closed, and so is each file of its own; what browsers get may be read, where the folder is opened."""
    made = [prepared, *(path for path in prepared.iterdir() if path.name != "static")]
    assert [path for path in made if path.stat().st_mode & 0o077] == []


def test_an_open_folder_gets_closed_files_and_the_process_keeps_its_own_mask(tmp_path: Path):
    tmp_path.chmod(0o755)
    before = os.umask(0o022)
    try:
        prepare(make_settings(tmp_path))
        (tmp_path / "other").touch()
    finally:
        os.umask(before)
    assert (tmp_path / "elearn.db").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o644


def test_a_second_time_changes_nothing(prepared: Path):
    before = {p: p.stat().st_mtime_ns for p in (prepared / "static").rglob("*")}
    assert not any(one.changed for one in prepare(make_settings(prepared)))
    assert {p: p.stat().st_mtime_ns for p in (prepared / "static").rglob("*")} == before


def test_the_application_serves_at_once(prepared: Path):
    app = create_app(make_settings(prepared))
    client = app.test_client()
    assert client.get("/ar/").status_code == 200
    assert client.get("/readyz").json == {"status": "not ready", "missing": ["worker"]}
    app.extensions["elearn"].database.close()


def test_a_file_that_changed_is_published_and_a_broken_one_is_left_out(prepared: Path, tmp_path: Path):
    translations = tmp_path / "translations"
    for locale, domain in PAIRS:
        target = translations / locale / "LC_MESSAGES"
        target.mkdir(parents=True, exist_ok=True)
        os.symlink(
            make_settings(prepared).translations / locale / "LC_MESSAGES" / f"{domain}.po", target / f"{domain}.po"
        )
    broken = translations / "fr" / "LC_MESSAGES" / "messages.po"
    broken.unlink()
    broken.write_bytes(b'msgid "unterminated\n\xff')
    changed = [one for one in publish(make_settings(prepared, translations=translations)) if one.changed]
    assert [(one.locale, one.domain, one.accepted) for one in changed] == [("fr", "messages", 0)]
    assert changed[0].dropped
    assert [one.locale for one in publish(make_settings(prepared)) if one.changed] == ["fr"], "and back again"


def test_a_course_with_faults_stops_the_start_and_names_them(tmp_path: Path):
    course = tmp_path / "modules" / "broken"
    course.mkdir(parents=True)
    (course / "course.toml").write_text('id = "broken"\n')
    with pytest.raises(ContentError, match=r"course\.toml"):
        Library(tmp_path / "modules")
