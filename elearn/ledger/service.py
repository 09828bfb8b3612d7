"""Idempotency keys, messages sent once, heartbeats."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from elearn import clock
from elearn.db import Base
from elearn.ledger.models import Heartbeat, IdempotencyKey, MessageSent

KEY_LIFETIME = timedelta(days=2)
# Shorter than the lease of a job: whoever may run the job of a dead worker again finds its claim over.
CLAIM_LEASE = timedelta(minutes=4)


def insert_or_ignore(session: Session, model: type[Base], **values: object) -> bool:
    """Insert a row unless a unique constraint holds it already; True when it was inserted."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    key = next(iter(model.__table__.primary_key.columns))  # type: ignore[attr-defined]
    statement: ReturningInsert[tuple[object]] = insert(model).values(**values).on_conflict_do_nothing().returning(key)
    return session.execute(statement).first() is not None


def claim_key(session: Session, *, actor: str, key: str, endpoint: str, location: str) -> str | None:
    """Remember the answer to a form. None when this is the first time, else the first answer's location.

    The caller runs in the transaction of the form's act: a repeat that arrives meanwhile waits for the unique key.
    """
    if insert_or_ignore(
        session, IdempotencyKey, actor=actor, key=key, endpoint=endpoint, location=location, created_at=clock.now()
    ):
        return None
    return first_answer(session, actor=actor, key=key, endpoint=endpoint)


def first_answer(session: Session, *, actor: str, key: str, endpoint: str) -> str | None:
    """Where the first use of this key was sent to, if it was used on this endpoint."""
    statement = select(IdempotencyKey.location).where(
        IdempotencyKey.actor == actor, IdempotencyKey.key == key, IdempotencyKey.endpoint == endpoint
    )
    return session.execute(statement).scalar()


def claim_message(session: Session, *, recipient: str, kind: str, occasion: str) -> bool:
    """True when this message is to be sent now: never claimed, or claimed by a worker that died before sending."""
    now = clock.now()
    if insert_or_ignore(
        session, MessageSent, recipient=recipient, kind=kind, occasion=occasion, claimed_at=now, sent_at=None
    ):
        return True
    statement = (
        update(MessageSent)
        .where(
            MessageSent.recipient == recipient,
            MessageSent.kind == kind,
            MessageSent.occasion == occasion,
            MessageSent.sent_at.is_(None),
            MessageSent.claimed_at < now - CLAIM_LEASE,
        )
        .values(claimed_at=now)
        .returning(MessageSent.id)
    )
    return session.execute(statement).first() is not None


def release_message(session: Session, *, recipient: str, kind: str, occasion: str) -> None:
    """Give a claim back after a failed delivery, so that the retry may send."""
    session.execute(
        delete(MessageSent).where(
            MessageSent.recipient == recipient,
            MessageSent.kind == kind,
            MessageSent.occasion == occasion,
            MessageSent.sent_at.is_(None),
        )
    )


def mark_message_sent(session: Session, *, recipient: str, kind: str, occasion: str) -> None:
    """Record that the transport accepted the message."""
    session.execute(
        update(MessageSent)
        .where(MessageSent.recipient == recipient, MessageSent.kind == kind, MessageSent.occasion == occasion)
        .values(sent_at=clock.now())
    )


def beat(session: Session, *, name: str, holder: str, lease_seconds: int) -> bool:
    """Renew the heartbeat `name`; True when `holder` holds the lease of the periodic work behind it."""
    now = clock.now()
    if insert_or_ignore(session, Heartbeat, name=name, at=now, holder=holder):
        return True
    statement = (
        update(Heartbeat)
        .where(
            Heartbeat.name == name,
            (Heartbeat.holder == holder) | (Heartbeat.at < now - timedelta(seconds=lease_seconds)),
        )
        .values(at=now, holder=holder)
        .returning(Heartbeat.name)
    )
    return session.execute(statement).first() is not None


def sweep(session: Session) -> None:
    """Delete idempotency keys that no browser repeats any more."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEY_LIFETIME))
