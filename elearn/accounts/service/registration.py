"""Registering, and confirming an address. Seen from outside, known and unknown addresses are treated alike."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts import policy
from elearn.accounts.models import AccountToken, Consent, Person
from elearn.accounts.service import letters
from elearn.accounts.service.letters import Addresses
from elearn.accounts.service.tokens import has_fresh_token, issue_token, use_token, void_tokens
from elearn.errors import Conflict
from elearn.i18n.markers import N_
from elearn.ledger.service import insert_or_ignore

CARRIED = ("password_hash", "full_name", "locale", "time_zone")  # by the link that confirms

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
    """Have a letter sent; whoever opens its link and presses its button owns the account.

    Until then the account has no password: name, password, language and zone travel with the link, so that a rival
    registration of the same address changes nothing for the first. A confirmed address stays untouched and is told by
    letter. Somebody disabled gets no letter.
    """
    _insert(session, replace(registration, password_hash=""))
    person = session.scalars(select(Person).where(Person.email == registration.email).with_for_update()).one()
    if person.disabled_at is not None:
        return
    if person.email_confirmed_at is not None:
        letters.post_known_address(session, person=person, addresses=addresses)
        return
    _record_consent(session, person.id, registration.locale)
    _post_link(session, person.id, registration, addresses)


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
    session.flush()
    _record_consent(session, person.id, person.locale)
    return person.id


def resend_confirmation(session: Session, *, email: str, addresses: Addresses) -> None:
    """A new link for an address that waits for confirmation; for any other address nothing happens.

    Where several registrations wait, nobody here knows which one is the owner's: then the link is one to set a new
    password, which confirms the address too.
    """
    person = session.scalars(select(Person).where(Person.email == email).with_for_update()).first()
    if person is None or person.email_confirmed_at is not None or person.disabled_at is not None:
        return
    if has_fresh_token(session, person_id=person.id, purpose="confirm"):
        return
    waiting = _waiting(session, person)
    if len(waiting) == 1:
        _post_link(session, person.id, waiting[0], addresses)
    else:
        letters.post_reset(session, person=person, addresses=addresses)


def confirm_address(session: Session, *, token: str) -> None:
    """The button behind the mailed link: what this link carries becomes the person's. Signs nobody in.

    Raises NotFound for an unknown link, Closed for a used or expired one.
    """
    person, link = use_token(session, purpose="confirm", token=token)
    person.email_confirmed_at = clock.now()
    for name in CARRIED:
        setattr(person, name, getattr(link, name))
    void_tokens(session, person_id=person.id, purpose="confirm")


def _post_link(session: Session, person_id: int, registration: Registration, addresses: Addresses) -> None:
    carried = {name: getattr(registration, name) for name in CARRIED}
    token = issue_token(
        session, person_id=person_id, purpose="confirm", lifetime=policy.CONFIRM_LIFETIME, carried=carried
    )
    letters.post_confirmation(session, to=registration, token=token, addresses=addresses)


def _waiting(session: Session, person: Person) -> list[Registration]:
    """The registrations of this address that were not confirmed; a link that was sent again counts once."""
    statement = (
        select(*(getattr(AccountToken, name) for name in CARRIED))
        .where(AccountToken.person_id == person.id, AccountToken.purpose == "confirm", AccountToken.used_at.is_(None))
        .distinct()
    )
    return [Registration(email=person.email, **row._mapping) for row in session.execute(statement)]


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


def _record_consent(session: Session, person_id: int, locale: str) -> None:
    session.add(
        Consent(
            person_id=person_id,
            kind=policy.CONSENT,
            version=policy.CONSENT_VERSION,
            locale=locale,
            given_at=clock.now(),
        )
    )
