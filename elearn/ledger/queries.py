"""Reads of the ledger."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.ledger.models import Heartbeat

WORKER = "worker"


def age_of_heartbeat(session: Session, name: str, now: datetime) -> timedelta | None:
    """How long ago `name` was last alive; None when it never was."""
    at = session.scalar(select(Heartbeat.at).where(Heartbeat.name == name))
    return None if at is None else now - at
