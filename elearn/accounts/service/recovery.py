"""A new password by a mailed link."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts.models import Person
from elearn.accounts.service import letters
from elearn.accounts.service.letters import Addresses
from elearn.accounts.service.sessions import end_all_sessions
from elearn.accounts.service.tokens import use_token, void_tokens


def request_reset(session: Session, *, email: str, addresses: Addresses) -> None:
    """Send a link for a new password; for an address without an account nothing happens."""
    person = session.scalars(select(Person).where(Person.email == email).with_for_update()).first()
    if person is not None and person.disabled_at is None:
        letters.post_reset(session, person=person, addresses=addresses)


def reset_password(session: Session, *, token: str, password_hash: str, addresses: Addresses) -> None:
    """Set the new password, end every session, void every open link, and tell the person by letter.

    The link came by mail, so it confirms the address too. Raises NotFound for an unknown link, Closed for a used or
    expired one.
    """
    person, _ = use_token(session, purpose="reset", token=token)
    person.email_confirmed_at = person.email_confirmed_at or clock.now()
    person.password_hash = password_hash
    end_all_sessions(session, person_id=person.id)
    void_tokens(session, person_id=person.id)
    letters.post_password_changed(session, person=person, addresses=addresses)
