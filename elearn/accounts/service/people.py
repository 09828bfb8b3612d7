"""What people change about themselves, and what operators change about people."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts import policy
from elearn.accounts.models import Grant, Person
from elearn.accounts.service.sessions import end_all_sessions
from elearn.accounts.service.tokens import void_tokens
from elearn.errors import NotFound
from elearn.i18n.markers import N_
from elearn.ledger.service import insert_or_ignore
from elearn.permissions import Role

NOBODY = N_("There is no such person.")


@dataclass(frozen=True, slots=True)
class Profile:
    """What people may change about themselves; `time_zone` is an IANA name."""

    full_name: str
    locale: str
    time_zone: str


def change_profile(session: Session, *, person_id: int, profile: Profile) -> None:
    """Store a checked profile. Certificates that were issued keep the name they were issued with."""
    person = _person(session, person_id)
    person.full_name = profile.full_name
    person.locale = profile.locale
    person.time_zone = profile.time_zone


def set_password(session: Session, *, person_id: int, password_hash: str) -> None:
    """Set a password as an operator: all sessions end, open links are void."""
    person = _person(session, person_id)
    person.password_hash = password_hash
    end_all_sessions(session, person_id=person_id)
    void_tokens(session, person_id=person_id)


def grant_role(session: Session, *, person_id: int, role: Role, scope: str) -> bool:
    """Give a role in a scope; False when it was held already. Holds from the next request on.

    Raises NotFound for an unknown person, RuleBroken for a scope that does not go with the role.
    """
    policy.check_scope(role, scope)
    _person(session, person_id)
    return insert_or_ignore(session, Grant, person_id=person_id, role=role.value, scope=scope, granted_at=clock.now())


def revoke_role(session: Session, *, person_id: int, role: Role, scope: str) -> bool:
    """Take a role back; False when it was not held."""
    statement = delete(Grant).where(Grant.person_id == person_id, Grant.role == role.value, Grant.scope == scope)
    return session.execute(statement.returning(Grant.id)).first() is not None


def disable_person(session: Session, *, person_id: int) -> None:
    """Lock somebody out from the next request on; what they did stays. Raises NotFound for an unknown person."""
    person = _person(session, person_id)
    person.disabled_at = person.disabled_at or clock.now()
    end_all_sessions(session, person_id=person_id)
    void_tokens(session, person_id=person_id)


def enable_person(session: Session, *, person_id: int) -> None:
    """Let somebody in again. Raises NotFound for an unknown person."""
    _person(session, person_id).disabled_at = None


def _person(session: Session, person_id: int) -> Person:
    person = session.scalars(select(Person).where(Person.id == person_id).with_for_update()).first()
    if person is None:
        raise NotFound(NOBODY)
    return person
