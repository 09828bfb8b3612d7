"""Snapshots put straight into the database, past the gate that catalogue files go through."""

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.catalogues.models import Head, Snapshot


def pack(content: Mapping[str, Any], *, locale: str = "fr", mode: str = "interface") -> bytes:
    """The bytes of a snapshot with any content."""
    document = {"version": 1, "mode": mode, "locale": locale, "content": content}
    return zlib.compress(json.dumps(document).encode())


def put(
    session: Session, payload: bytes, *, locale: str = "fr", domain: str = "messages", digest: str | None = None
) -> int:
    """Make these bytes live; their revision."""
    newest = session.scalar(
        select(func.max(Snapshot.revision)).where(Snapshot.locale == locale, Snapshot.domain == domain)
    )
    row = Snapshot(
        locale=locale, domain=domain, revision=(newest or 0) + 1, source_sha256="-", payload=payload,
        payload_sha256=digest or hashlib.sha256(payload).hexdigest(), accepted=0, dropped=0, created_at=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.merge(Head(locale=locale, domain=domain, snapshot_id=row.id))
    return row.revision
