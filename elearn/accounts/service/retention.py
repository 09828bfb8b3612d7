"""What is not kept: ended sessions, old links, accounts whose address nobody confirmed."""

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import AccountToken, Consent, Grant, LoginSession, Person
from elearn.accounts.policy import KEEP_ENDED


def sweep(session: Session) -> None:
    """Delete what ended, ran out or waited in vain for 30 days (GDPR, article 5(1)(e)). Idempotent."""
    now = clock.now()
    before = now - KEEP_ENDED
    session.execute(delete(LoginSession).where(or_(LoginSession.ended_at < before, LoginSession.expires_at < before)))
    session.execute(delete(AccountToken).where(AccountToken.expires_at < before))
    waiting = select(Person.id).where(
        Person.email_confirmed_at.is_(None),
        Person.disabled_at.is_(None),
        Person.created_at < before,
        ~exists().where(AccountToken.person_id == Person.id, AccountToken.expires_at > now),
        ~exists().where(Grant.person_id == Person.id),
    )
    for table in (AccountToken, Consent):
        session.execute(delete(table).where(table.person_id.in_(waiting)))
    session.execute(delete(Person).where(Person.id.in_(waiting)))
