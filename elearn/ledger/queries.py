"""Reads of the ledger."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.ledger.models import Heartbeat, MessageSent

WORKER = "worker"


def is_message_sent(session: Session, *, recipient: str, kind: str, occasion: str) -> bool:
    """Whether the transport accepted this message; one that is only claimed is not sent."""
    statement = select(MessageSent.sent_at).where(
        MessageSent.recipient == recipient, MessageSent.kind == kind, MessageSent.occasion == occasion
    )
    return session.scalar(statement) is not None


def age_of_heartbeat(session: Session, name: str, now: datetime) -> timedelta | None:
    """How long ago `name` was last alive; None when it never was."""
    at = session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return None if at is None else now - at
