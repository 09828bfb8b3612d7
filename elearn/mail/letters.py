"""Asking for a letter: written to the outbox in the caller's transaction, sent once per recipient, kind and occasion."""

from typing import Any

from sqlalchemy.orm import Session

from elearn.jobs import service as jobs

TASK = "mail.send"


def post(session: Session, *, kind: str, to: str, locale: str, occasion: str, values: dict[str, Any]) -> bool:
    """Have the letter `kind` (templates/emails/<kind>.html and .txt) sent to the address `to` in `locale`.

    `occasion` names what it is about ("application:17:accepted"): the same one is never sent twice. `values` are JSON
    values for the template; they leave the database when the letter is sent. False when it was asked for before.
    """
    return jobs.enqueue(
        session,
        TASK,
        key=f"mail:{kind}:{occasion}:{to}",
        kind=kind,
        to=to,
        locale=locale,
        occasion=occasion,
        values=values,
    )
