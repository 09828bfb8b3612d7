"""Publish the PO files on disk as snapshots; roll back."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.catalogues.models import Head, Snapshot
from elearn.db import Database
from elearn.errors import NotFound
from elearn.i18n import sandbox
from elearn.i18n.errors import CatalogueError
from elearn.i18n.locales import LOCALES, SOURCE, matching
from elearn.i18n.snapshot import Compiled
from elearn.ledger.service import insert_or_ignore

INTERFACE = "messages"
STRUCTURE_CHECK = "elearn.content.inline:integrity"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing one file did; `changed` is False when the live snapshot was made from the same bytes."""

    locale: str
    domain: str
    changed: bool
    accepted: int
    dropped: tuple[str, ...]


def catalogue_path(translations: Path, locale: str, domain: str) -> Path:
    """Where the PO file of a locale and domain lies."""
    return translations / locale / "LC_MESSAGES" / f"{domain}.po"


def _digest(path: Path) -> str:
    """SHA-256 of the file, or of nothing when it cannot be read: an unreadable file is an empty catalogue."""
    try:
        return hashlib.sha256(sandbox.file_bytes(path)).hexdigest()
    except CatalogueError:
        return hashlib.sha256(b"").hexdigest()


def publish_files(
    database: Database, *, translations: Path, domains: Iterable[str], only_new: bool = False
) -> list[Published]:
    """Make the files on disk live: compile those that changed, insert snapshots, move the heads.

    With `only_new` a file that was published before is left alone, so that a restart does not undo a roll-back.

    A hostile or broken file becomes a snapshot with fewer entries, in the worst case none: the source text shows.
    Compiling takes long and happens before the transaction, so that nobody's writing waits for it.
    """
    wanted = [(locale.code, domain) for locale in LOCALES if locale.code != SOURCE for domain in domains]
    digests = {pair: _digest(catalogue_path(translations, *pair)) for pair in wanted}
    with database.read_session() as session:
        known = {(row.locale, row.domain, row.source_sha256) for row in session.execute(_SEEN if only_new else _LIVE)}
    stale = [pair for pair in wanted if (*pair, digests[pair]) not in known]
    compiled = dict(zip(stale, _compile(translations, stale), strict=True))
    with database.transaction() as session:
        for pair, snapshot in compiled.items():
            _insert(session, pair, digests[pair], snapshot)
    return [_published(pair, compiled.get(pair)) for pair in wanted]


def _compile(translations: Path, pairs: list[tuple[str, str]]) -> tuple[Compiled, ...]:
    return sandbox.compile_files([_file(translations, *pair) for pair in pairs]) if pairs else ()


def _file(translations: Path, code: str, domain: str) -> sandbox.CatalogueFile:
    locale = matching(code)
    assert locale is not None
    path = catalogue_path(translations, code, domain)
    if domain == INTERFACE:
        return sandbox.CatalogueFile(path, locale, "interface")
    return sandbox.CatalogueFile(path, locale, "course", STRUCTURE_CHECK)


def _published(pair: tuple[str, str], compiled: Compiled | None) -> Published:
    if compiled is None:
        return Published(*pair, changed=False, accepted=0, dropped=())
    return Published(*pair, changed=True, accepted=compiled.accepted, dropped=tuple(map(str, compiled.dropped)))


def _insert(session: Session, pair: tuple[str, str], digest: str, compiled: Compiled) -> None:
    locale, domain = pair
    newest = session.scalar(
        select(func.max(Snapshot.revision)).where(Snapshot.locale == locale, Snapshot.domain == domain)
    )
    snapshot = Snapshot(
        locale=locale,
        domain=domain,
        revision=(newest or 0) + 1,
        source_sha256=digest,
        payload=compiled.payload,
        payload_sha256=hashlib.sha256(compiled.payload).hexdigest(),
        accepted=compiled.accepted,
        dropped=len(compiled.dropped),
        created_at=clock.now(),
    )
    session.add(snapshot)
    session.flush()
    _move_head(session, locale, domain, snapshot.id)


def _move_head(session: Session, locale: str, domain: str, snapshot_id: int) -> None:
    if not insert_or_ignore(session, Head, locale=locale, domain=domain, snapshot_id=snapshot_id):
        head = session.get_one(Head, (locale, domain))
        head.snapshot_id = snapshot_id


def roll_back(session: Session, *, locale: str, domain: str, revision: int) -> None:
    """Make an earlier snapshot live again. Raises NotFound when there is no such revision."""
    snapshot_id = session.scalar(
        select(Snapshot.id).where(Snapshot.locale == locale, Snapshot.domain == domain, Snapshot.revision == revision)
    )
    if snapshot_id is None:
        raise NotFound
    _move_head(session, locale, domain, snapshot_id)


_SEEN = select(Snapshot.locale, Snapshot.domain, Snapshot.source_sha256)
_LIVE = select(Head.locale, Head.domain, Snapshot.source_sha256).join(Snapshot, Snapshot.id == Head.snapshot_id)
