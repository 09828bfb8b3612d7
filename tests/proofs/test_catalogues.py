"""(e) The hostile catalogues put straight on disk under a running installation, published, and met at start.

Pages in all four languages answer 200 throughout, and nothing of an attack is in them.
"""

import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from elearn.i18n.entries import Entry
from elearn.i18n.locales import LOCALES, SOURCE, Locale
from elearn.i18n.po import read
from elearn.settings import bundle_path
from tests.factories import make_student
from tests.hostile.catalogues import TEXTS, hostile_catalogues, hostile_places
from tests.proofs.browser import Browser
from tests.proofs.harness import Crowd, Server, crowd
from tests.proofs.people import token_of

DOMAINS = ("messages", "untoc")
TARGETS = tuple(locale for locale in LOCALES if locale.code != SOURCE)
LESSON = "learn/untoc/welcome/how-this-course-works"
PAGES = tuple(
    f"/{locale.code}/{path}" for locale in LOCALES for path in ("", "courses/untoc/", "account/login", LESSON)
)
STEP = f"/en/{LESSON}"
MAP = tuple(f"/{locale.code}/learn/untoc/" for locale in LOCALES)
# What a browser would obey. The letters alone, escaped in a text of the course, harm nobody.
ATTACK = (
    r"<script>alert|<[^>]*\son[a-z]+\s*=|(?:href|src|action)=[\"']?\s*(?:javascript|vbscript|data)\s*:|<!--|\u202e"
    r"|<style|<html>|<img src=x"
)
LARGEST_PAGE = 400_000  # bytes
MOST_ENTRIES = 100
NOTICED_SECONDS = 1.3  # processes look for new catalogues once a second
SHORT = (
    "text-script", "text-width-bomb", "text-override", "structure-spoofed-source", "garbage", "big-number-of-entries",
)  # fmt: skip

Round = dict[tuple[str, str], tuple[str, bytes]]


@dataclass
class Ground:
    """An installation with its own folder of translations, and the hostile files aimed at its pages."""

    server: Server
    translations: Path
    token: str
    heading: str
    """In Arabic, as the good files have it."""
    rounds: list[Round]

    def path(self, code: str, domain: str) -> Path:
        return self.translations / code / "LC_MESSAGES" / f"{domain}.po"

    def put(self, files: Round) -> None:
        for (code, domain), (_name, data) in files.items():
            _clear(self.path(code, domain))
            self.path(code, domain).write_bytes(data)

    def restore(self) -> None:
        """The good files again."""
        for locale in TARGETS:
            for domain in DOMAINS:
                _clear(self.path(locale.code, domain))
                source = bundle_path("translations") / locale.code / "LC_MESSAGES" / f"{domain}.po"
                shutil.copyfile(source, self.path(locale.code, domain))

    def look(self) -> None:
        """Every page once, each process having noticed what is live."""
        for path in (*PAGES, *MAP):
            answer = Browser(self.server.port, self.token if path in MAP else "").get(path)
            assert answer.status == 200, f"{path}: {answer.status}"
            assert not re.search(ATTACK, answer.text, re.IGNORECASE), path
            assert len(answer.body) < LARGEST_PAGE, path


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, is_full: bool) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("ground")
    translations = folder / "translations"
    shutil.copytree(bundle_path("translations"), translations)
    server = Server(folder / "server", ELEARN_TRANSLATIONS=str(translations))
    try:
        with server.database.transaction() as session:
            student = make_student(session)
            token = token_of(session, server.settings, student.enrolled.person_id)
        server.start()
        heading = sign_in_heading(server, "ar")
        yield Ground(server, translations, token, heading, rounds(shown_entries(server), is_full))
    finally:
        server.close()


def shown_entries(server: Server) -> dict[str, tuple[Entry, ...]]:
    """By domain: messages that stand on the pages that are looked at, as far as a file can name them unescaped."""
    html = " ".join(Browser(server.port).get(path).text for path in PAGES if path.startswith(f"/{SOURCE}/"))
    found = {}
    for domain in DOMAINS:
        entries = read((bundle_path("translations") / f"{domain}.pot").read_bytes())
        plain = [e for e in entries if not re.search(r'["\\\n]', e.source + (e.context or ""))]
        shown = [e for e in plain if re.split(r"%\(|\[|\*|`", e.source)[0].strip() in html]
        found[domain] = tuple(shown[:MOST_ENTRIES])
        assert len(found[domain]) >= 20, domain
    return found


def rounds(entries: dict[str, tuple[Entry, ...]], is_full: bool) -> list[Round]:
    """Six files at a time: each language and domain gets another one, and each file its turn in each domain."""
    files = {
        (locale.code, domain): chosen(entries[domain], locale, is_full) for locale in TARGETS for domain in DOMAINS
    }

    def turn(start: int) -> Round:
        places = {locale.code: start + place for place, locale in enumerate(TARGETS)}
        return {slot: every[places[slot[0]] % len(every)] for slot, every in files.items()}

    return [turn(start) for start in range(0, max(map(len, files.values())), len(TARGETS))]


def chosen(entries: tuple[Entry, ...], locale: Locale, is_full: bool) -> list[tuple[str, bytes]]:
    """All files, but of those that are cut off only every twentieth; in short, the worst ones."""
    every = list(hostile_catalogues(entries, locale))
    cut = [one for one in every if one[0].startswith("truncated")]
    kept = [one for one in every if not one[0].startswith("truncated")] + cut[::20]
    return kept if is_full else [one for one in kept if one[0] in SHORT]


def test_the_set_is_aimed_at_the_pages_and_large_enough(ground: Ground, is_full: bool):
    names = {name for files in ground.rounds for name, _data in files.values()}
    assert len(names) >= (60 if is_full else len(SHORT))
    assert names >= {f"text-{name}" for name in TEXTS} if is_full else names == set(SHORT)


def test_pages_answer_after_a_start_with_hostile_catalogues(ground: Ground, is_full: bool):
    """Before the others: a start leaves files alone that were published once. The good ones come back by command."""
    for files in ground.rounds if is_full else ground.rounds[:1]:
        ground.put(files)
        restart(ground)
        ground.look()
    ground.restore()
    ground.server.command("i18n", "publish")
    time.sleep(NOTICED_SECONDS)
    ground.look()
    assert sign_in_heading(ground.server, "ar") == ground.heading != sign_in_heading(ground.server, SOURCE)


def test_pages_answer_while_hostile_catalogues_are_published(ground: Ground):
    """Readers look on all the time, and a learner's steps are recorded; each publication is seen by both processes."""
    until = ground.server.folder / "published"
    shared = {"until": str(until), "attack": ATTACK, "largest": LARGEST_PAGE}
    watchers = [{"paths": PAGES, **shared}, {"paths": MAP, "token": ground.token, "step": STEP, **shared}]
    with crowd(ground.server, "watch", watchers, processes=2) as gathered:
        for files in ground.rounds:
            ground.put(files)
            said = ground.server.command("i18n", "publish")
            assert all(f"{code}/{domain}: " in said for code, domain in files), said
            time.sleep(NOTICED_SECONDS)
        until.touch()
        told = told_by(gathered)
    seen = {key: number for one in told for key, number in one["seen"].items()}
    print(f"\n{len(ground.rounds)} publications of 6 files, {sum(seen.values())} pages looked at meanwhile")
    assert not [held for one in told for held in one["held"]]
    assert {key.split()[0] for key in seen} == {"200", "303"}
    assert {key.split()[1] for key in seen} == {*PAGES, *MAP, STEP}


def told_by(gathered: Crowd) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = gathered.told()
    errors = [record["error"] for record in told if "error" in record]
    assert not errors, errors[0]
    return told


def test_what_is_no_file_at_all_is_published_and_met_at_start(ground: Ground, is_full: bool, tmp_path: Path):
    """Directories, pipes, devices and loops under the names of catalogues."""
    places = list(hostile_places(tmp_path))
    slots = [(locale.code, domain) for locale in TARGETS for domain in DOMAINS]
    for batch in (places[: len(slots)], places[len(slots) :]) if is_full else (places[: len(slots)],):
        ground.restore()
        for (_name, place), slot in zip(batch, slots, strict=False):
            _clear(ground.path(*slot))
            if place.is_symlink() or place.exists():
                os.rename(place, ground.path(*slot))
        ground.server.command("i18n", "publish")
        time.sleep(NOTICED_SECONDS)
        ground.look()
    restart(ground)
    ground.look()


def restart(ground: Ground) -> None:
    ground.server.kill()
    ground.server.start()


def sign_in_heading(server: Server, code: str) -> str:
    """The heading of the page for signing in, in one language."""
    return Browser(server.port).page(f"/{code}/account/login").one("h1").text
