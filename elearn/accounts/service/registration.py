"""Registering, and confirming an address. Seen from outside, known and unknown addresses are treated alike."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts import policy
from elearn.accounts.models import Consent, Person
from elearn.accounts.service import letters
from elearn.accounts.service.letters import Addresses
from elearn.accounts.service.tokens import use_token
from elearn.errors import Conflict
from elearn.i18n.markers import N_
from elearn.ledger.service import insert_or_ignore

KNOWN = N_("There is an account with this e-mail address already.")


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody typed, checked: `email` and `full_name` in their stored form, the password hashed."""

    email: str
    password_hash: str
    full_name: str
    locale: str
    time_zone: str


def register_person(session: Session, *, registration: Registration, addresses: Addresses) -> None:
    """Write the account and have a letter sent; whoever opens its link and presses its button owns the account.

    An address that was never confirmed takes the newest name and password: until then nobody has proved it is theirs.
    A confirmed one stays untouched and is told by letter. Somebody disabled gets no letter.
    """
    _insert(session, registration)
    person = session.scalars(select(Person).where(Person.email == registration.email).with_for_update()).one()
    if person.disabled_at is not None:
        return
    if person.email_confirmed_at is not None:
        letters.post_known_address(session, person=person, addresses=addresses)
        return
    person.password_hash = registration.password_hash
    person.full_name = registration.full_name
    person.locale = registration.locale
    _record_consent(session, person)
    letters.post_confirmation(session, person=person, addresses=addresses)


def create_confirmed_person(session: Session, *, registration: Registration) -> int:
    """An account that needs no letter, for operators and the demo; its id.

    Raises Conflict when the address is known, RuleBroken for a name or an address that registering would refuse.
    """
    name, email = policy.full_name(registration.full_name), policy.email_address(registration.email)
    registration = replace(registration, full_name=name, email=email)
    if not _insert(session, registration):
        raise Conflict(KNOWN)
    person = session.scalars(select(Person).where(Person.email == email)).one()
    person.email_confirmed_at = clock.now()
    _record_consent(session, person)
    session.flush()
    return person.id


def resend_confirmation(session: Session, *, email: str, addresses: Addresses) -> None:
    """A new link for an address that waits for confirmation; for any other address nothing happens."""
    person = session.scalars(select(Person).where(Person.email == email).with_for_update()).first()
    if person is not None and person.email_confirmed_at is None and person.disabled_at is None:
        letters.post_confirmation(session, person=person, addresses=addresses)


def confirm_address(session: Session, *, token: str) -> None:
    """The button behind the mailed link. Signs nobody in.

    Raises NotFound for an unknown link, Closed for a used or expired one.
    """
    person = use_token(session, purpose="confirm", token=token)
    person.email_confirmed_at = person.email_confirmed_at or clock.now()


def _insert(session: Session, registration: Registration) -> bool:
    return insert_or_ignore(
        session,
        Person,
        email=registration.email,
        password_hash=registration.password_hash,
        full_name=registration.full_name,
        locale=registration.locale,
        time_zone=registration.time_zone,
        created_at=clock.now(),
    )


def _record_consent(session: Session, person: Person) -> None:
    session.add(
        Consent(
            person_id=person.id,
            kind=policy.CONSENT,
            version=policy.CONSENT_VERSION,
            locale=person.locale,
            given_at=clock.now(),
        )
    )
