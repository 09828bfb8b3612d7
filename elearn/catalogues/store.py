"""The live catalogues in one process: heads are read at most once a second, a change swaps one reference."""

import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from elearn.catalogues.models import Head, Snapshot
from elearn.catalogues.service import INTERFACE
from elearn.db import Database
from elearn.i18n.errors import CatalogueError
from elearn.i18n.locales import LOCALES, SOURCE, matching
from elearn.i18n.messages import NullMessages, Translations
from elearn.i18n.pseudo import pseudo_messages
from elearn.i18n.snapshot import load_course, load_interface

log = structlog.get_logger("elearn.catalogues")
POLL_SECONDS = 1.0
_HEADS = select(Head.locale, Head.domain, Head.snapshot_id)


@dataclass(frozen=True, slots=True)
class Catalogues:
    """What is live at one moment. A request keeps one of these, so that no page mixes two revisions."""

    heads: Mapping[tuple[str, str], int]
    interface: Mapping[str, Translations]
    courses: Mapping[tuple[str, str], Mapping[str, Any]]
    stamp: str = ""
    _empty: Mapping[str, Any] = field(default_factory=dict)

    def messages(self, locale: str) -> Translations:
        """The interface texts of a locale."""
        return self.interface[locale]

    def course(self, course: str, locale: str) -> Mapping[str, Any]:
        """The texts of a course by unit; empty for the source language."""
        return self.courses.get((locale, course), self._empty)

    def revision(self, locale: str, domain: str) -> int:
        """A number that changes when this catalogue does; 0 when there is none."""
        return self.heads.get((locale, domain), 0)


class CatalogueStore:
    """One per process."""

    def __init__(
        self, database: Database, *, sources: Mapping[str, Mapping[str, str]] | None = None, pseudo: bool = False
    ) -> None:
        """`sources` holds today's English of each course by unit: a translation of other English is outdated."""
        self._database = database
        self._sources = sources or {}
        self._pseudo = pseudo
        self._lock = threading.Lock()
        self._next_poll = 0.0
        self._current = self._assemble({}, {}, {})

    def current(self) -> Catalogues:
        """The live catalogues, at most a second old."""
        if time.monotonic() >= self._next_poll and self._lock.acquire(blocking=False):
            try:
                self._poll()
            finally:
                self._lock.release()
        return self._current

    def refresh(self) -> Catalogues:
        """Read the heads now."""
        with self._lock:
            self._poll()
        return self._current

    def _poll(self) -> None:
        self._next_poll = time.monotonic() + POLL_SECONDS
        try:
            with self._database.read_session() as session:
                heads = {(row.locale, row.domain): row.snapshot_id for row in session.execute(_HEADS)}
                if heads == self._current.heads:
                    return
                self._current = self._load(session, heads)
        except SQLAlchemyError:
            log.exception("catalogue heads could not be read; the ones in memory stay")

    def _load(self, session: Any, heads: dict[tuple[str, str], int]) -> Catalogues:
        interface: dict[str, Translations] = {}
        courses: dict[tuple[str, str], Mapping[str, Any]] = {}
        old = self._current
        for (locale, domain), snapshot_id in heads.items():
            unchanged = old.heads.get((locale, domain)) == snapshot_id
            if domain == INTERFACE:
                interface[locale] = old.interface[locale] if unchanged else _interface(session, locale, snapshot_id)
            else:
                pair = (locale, domain)
                courses[pair] = (
                    old.courses[pair] if unchanged else _course(session, snapshot_id, self._sources.get(domain))
                )
        return self._assemble(heads, interface, courses)

    def _assemble(
        self,
        heads: dict[tuple[str, str], int],
        interface: dict[str, Translations],
        courses: dict[tuple[str, str], Mapping[str, Any]],
    ) -> Catalogues:
        complete: dict[str, Translations] = {
            locale.code: interface.get(locale.code) or NullMessages(locale) for locale in LOCALES
        }
        if self._pseudo:
            complete[SOURCE] = pseudo_messages()
        stamp = hashlib.sha256(repr(sorted(heads.items())).encode()).hexdigest()[:12]
        return Catalogues(heads, complete, courses, stamp)


def _payload(session: Any, snapshot_id: int) -> bytes:
    payload, digest = session.execute(
        select(Snapshot.payload, Snapshot.payload_sha256).where(Snapshot.id == snapshot_id)
    ).one()
    if hashlib.sha256(payload).hexdigest() != digest:
        raise CatalogueError("snapshot bytes differ from their digest")
    return bytes(payload)


def _interface(session: Any, code: str, snapshot_id: int) -> Translations:
    locale = matching(code)
    assert locale is not None
    try:
        return load_interface(_payload(session, snapshot_id), locale)
    except CatalogueError:
        log.exception("interface snapshot unusable; the source text shows", locale=code)
        return NullMessages(locale)


def _course(session: Any, snapshot_id: int, sources: Mapping[str, str] | None) -> Mapping[str, Any]:
    try:
        return load_course(_payload(session, snapshot_id), sources)
    except CatalogueError:
        log.exception("course snapshot unusable; the source text shows", snapshot=snapshot_id)
        return {}
