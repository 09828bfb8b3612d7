"""Registering, mailed links, sessions and roles, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.accounts import queries
from elearn.accounts.models import AccountToken, Consent, LoginSession, Person
from elearn.accounts.policy import CONSENT_VERSION
from elearn.accounts.service import people, recovery, registration, retention, sessions
from elearn.db import Database
from elearn.errors import Closed, Conflict, NotFound, RuleBroken
from elearn.jobs.models import OutboxJob
from elearn.permissions import GrantedRole, Permission, Role
from elearn.settings import Settings
from tests.factories import make_account

EMAIL = "amal@example.org"


class Addresses:
    """Addresses of letters whose links are easy to read."""

    def confirm(self, locale: str, token: str) -> str:
        return f"{locale}:{token}"

    def reset(self, locale: str, token: str) -> str:
        return f"{locale}:{token}"

    def sign_in(self, locale: str) -> str:
        return f"{locale}:login"

    def ask_reset(self, locale: str) -> str:
        return f"{locale}:reset"


def registered(session: Session, email: str = EMAIL, password_hash: str = "hash", **changes: Any) -> None:
    values = {"full_name": "Amal Haddad", "locale": "ar", "time_zone": "Europe/Vienna", **changes}
    wanted = registration.Registration(email=email, password_hash=password_hash, **values)
    registration.register_person(session, registration=wanted, addresses=Addresses())


def letters(session: Session) -> list[dict[str, Any]]:
    return list(session.scalars(select(OutboxJob.args).order_by(OutboxJob.id)))


def last_token(session: Session) -> str:
    return str(letters(session)[-1]["values"]["link"].partition(":")[2])


def person(session: Session, email: str = EMAIL) -> Person:
    return session.scalars(select(Person).where(Person.email == email)).one()


# --- registering


def test_a_new_address_gets_an_unconfirmed_account_a_consent_and_a_letter_in_its_language(session: Session) -> None:
    registered(session)
    made = person(session)
    assert made.email_confirmed_at is None
    consent = session.scalars(select(Consent)).one()
    assert (consent.person_id, consent.version, consent.locale) == (made.id, CONSENT_VERSION, "ar")
    (letter,) = letters(session)
    assert (letter["kind"], letter["to"], letter["locale"]) == ("confirm", EMAIL, "ar")


def test_the_secret_of_a_link_is_not_in_the_table(session: Session) -> None:
    registered(session)
    assert session.scalars(select(AccountToken.token_hash)).one() != last_token(session)


def test_pressing_the_button_confirms_the_address_once(session: Session) -> None:
    registered(session)
    token = last_token(session)
    registration.confirm_address(session, token=token)
    assert person(session).email_confirmed_at is not None
    with pytest.raises(Closed):
        registration.confirm_address(session, token=token)


def test_a_link_runs_out(session: Session) -> None:
    registered(session)
    token = last_token(session)
    with time_machine.travel(clock.now() + timedelta(days=3, seconds=1)), pytest.raises(Closed):
        registration.confirm_address(session, token=token)


def test_an_unknown_link_and_a_link_for_something_else_are_not_found(session: Session) -> None:
    registered(session)
    token = last_token(session)
    for use in (
        lambda: registration.confirm_address(session, token="x" * 43),
        lambda: recovery.reset_password(session, token=token, password_hash="new", addresses=Addresses()),
    ):
        with pytest.raises(NotFound):
            use()


RIVAL = {"password_hash": "of an attacker", "full_name": "Somebody Else", "locale": "fr", "time_zone": "UTC"}


@pytest.mark.parametrize("minutes", [0, 2])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_link_gives_what_its_own_registration_asked_for_and_voids_the_others(
    is_first: bool, minutes: int, session: Session
) -> None:
    for turn, changes in enumerate(({}, RIVAL) if is_first else (RIVAL, {})):
        with time_machine.travel(clock.now() + timedelta(minutes=turn * minutes)):
            registered(session, **changes)
    sent = {letter["values"]["name"]: letter["values"]["link"].partition(":")[2] for letter in letters(session)}
    registration.confirm_address(session, token=sent["Amal Haddad"])
    owner = person(session)
    assert (owner.password_hash, owner.full_name, owner.locale, owner.time_zone) == (
        "hash", "Amal Haddad", "ar", "Europe/Vienna",
    )  # fmt: skip
    with pytest.raises(Closed):
        registration.confirm_address(session, token=sent["Somebody Else"])
    assert person(session).password_hash == "hash"


def test_nobody_signs_in_with_an_address_that_is_not_confirmed(session: Session) -> None:
    registered(session)
    assert person(session).password_hash == ""
    assert queries.credentials(session, EMAIL) is None
    registration.confirm_address(session, token=last_token(session))
    known = queries.credentials(session, EMAIL)
    assert known is not None
    assert known.password_hash == "hash"


def test_a_page_behind_a_link_shows_the_name_that_it_would_give(session: Session) -> None:
    registered(session)
    registered(session, **RIVAL)
    link = queries.mailed_link(session, purpose="confirm", token=last_token(session))
    assert (link.email, link.full_name) == (EMAIL, "Somebody Else")


def test_a_letter_that_is_asked_for_again_carries_the_same_registration(session: Session) -> None:
    registered(session)
    for minutes in (0, 2, 4):
        with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
            registration.resend_confirmation(session, email=EMAIL, addresses=Addresses())
    assert [letter["kind"] for letter in letters(session)] == ["confirm"] * 3
    registration.confirm_address(session, token=last_token(session))
    assert person(session).password_hash == "hash"


def test_between_rival_registrations_a_letter_that_is_asked_for_lets_its_reader_choose_a_password(
    session: Session,
) -> None:
    registered(session)
    registered(session, **RIVAL)
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        registration.resend_confirmation(session, email=EMAIL, addresses=Addresses())
        assert letters(session)[-1]["kind"] == "reset"
        recovery.reset_password(session, token=last_token(session), password_hash="new", addresses=Addresses())
    assert person(session).password_hash == "new"
    with pytest.raises(Closed):
        registration.confirm_address(session, token=str(letters(session)[1]["values"]["link"].partition(":")[2]))


def test_registering_a_confirmed_address_changes_nothing_and_tells_its_owner(
    session: Session, settings: Settings
) -> None:
    make_account(session, settings, EMAIL)
    before = person(session).password_hash
    registered(session, password_hash="of an attacker", full_name="Somebody Else")
    assert (person(session).password_hash, person(session).full_name) == (before, "Amal Haddad")
    assert [letter["kind"] for letter in letters(session)] == ["known_address"]


def test_a_disabled_account_gets_no_letter(session: Session, settings: Settings) -> None:
    people.disable_person(session, person_id=make_account(session, settings, EMAIL))
    registered(session)
    recovery.request_reset(session, email=EMAIL, addresses=Addresses())
    registration.resend_confirmation(session, email=EMAIL, addresses=Addresses())
    assert letters(session) == []


def test_an_operator_cannot_make_the_same_account_twice(session: Session, settings: Settings) -> None:
    make_account(session, settings, EMAIL)
    with pytest.raises(Conflict):
        make_account(session, settings, EMAIL.upper())


# --- a new password


def test_a_reset_sets_the_password_confirms_the_address_ends_sessions_and_sends_a_letter(
    session: Session, settings: Settings
) -> None:
    registered(session)
    someone = person(session).id
    kept = sessions.start_session(session, person_id=someone, settings=settings)
    recovery.request_reset(session, email=EMAIL, addresses=Addresses())
    recovery.reset_password(session, token=last_token(session), password_hash="new", addresses=Addresses())
    assert person(session).password_hash == "new"
    assert person(session).email_confirmed_at is not None
    assert queries.viewer_of_session(session, kept.token) is None
    assert [letter["kind"] for letter in letters(session)] == ["confirm", "reset", "password_changed"]


def test_a_reset_link_lives_an_hour(session: Session, settings: Settings) -> None:
    make_account(session, settings, EMAIL)
    recovery.request_reset(session, email=EMAIL, addresses=Addresses())
    token = last_token(session)
    with time_machine.travel(clock.now() + timedelta(minutes=60)):
        assert queries.mailed_link(session, purpose="reset", token=token).state is queries.TokenState.EXPIRED
        with pytest.raises(Closed):
            recovery.reset_password(session, token=token, password_hash="new", addresses=Addresses())


def test_asking_for_an_unknown_address_sends_nothing(session: Session) -> None:
    recovery.request_reset(session, email="nobody@example.org", addresses=Addresses())
    assert letters(session) == []


# --- sessions


def test_a_session_shows_who_it_is_with_every_role(session: Session, settings: Settings) -> None:
    someone = make_account(session, settings, EMAIL)
    people.grant_role(session, person_id=someone, role=Role.TRANSLATOR, scope="ar")
    people.grant_role(session, person_id=someone, role=Role.COURSE_ADMIN, scope="untoc")
    viewer = queries.viewer_of_session(
        session, sessions.start_session(session, person_id=someone, settings=settings).token
    )
    assert viewer is not None
    assert set(viewer.grants) == {GrantedRole(Role.TRANSLATOR, "ar"), GrantedRole(Role.COURSE_ADMIN, "untoc")}
    assert viewer.may(Permission.COHORT_MANAGE, "untoc")
    assert not viewer.may(Permission.COHORT_MANAGE, "other")


@pytest.mark.parametrize(("remember", "hours"), [(False, 12), (True, 14 * 24)])
def test_a_session_ends_with_its_hours_and_a_remembered_one_when_unused_for_two_weeks(
    remember: bool, hours: int, session: Session, settings: Settings
) -> None:
    someone = make_account(session, settings, EMAIL)
    token = sessions.start_session(session, person_id=someone, settings=settings, remember=remember).token
    start = clock.now()
    with time_machine.travel(start + timedelta(hours=hours, seconds=-5), tick=False):
        assert queries.viewer_of_session(session, token) is not None
    with time_machine.travel(start + timedelta(hours=hours, seconds=5), tick=False):
        assert queries.viewer_of_session(session, token) is None
        assert queries.open_sessions(session, someone) == []


def test_ending_sessions_of_others_is_not_found(session: Session, settings: Settings) -> None:
    mine, other = (make_account(session, settings, f"{n}@example.org") for n in ("a", "b"))
    sessions.start_session(session, person_id=other, settings=settings)
    theirs = queries.open_sessions(session, other)[0]
    with pytest.raises(NotFound):
        sessions.end_session(session, person_id=mine, session_id=theirs.id)
    assert queries.open_sessions(session, other) == [theirs]


def test_all_sessions_but_one_can_be_ended(session: Session, settings: Settings) -> None:
    someone = make_account(session, settings, EMAIL)
    tokens = [sessions.start_session(session, person_id=someone, settings=settings).token for _ in range(3)]
    kept = queries.viewer_of_session(session, tokens[1])
    assert kept is not None
    sessions.end_other_sessions(session, person_id=someone, kept_id=kept.session_id)
    assert [queries.viewer_of_session(session, t) is not None for t in tokens] == [False, True, False]


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox/Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36", "Chrome/Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge/Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari/iPhone"),
        ("<script>", "/"),
    ],
)
def test_of_the_user_agent_only_browser_and_system_are_kept(header: str, kept: str) -> None:
    assert sessions.device_name(header) == kept


def test_a_password_that_changed_while_it_was_compared_is_refused(session: Session, settings: Settings) -> None:
    someone = make_account(session, settings, EMAIL)
    known = queries.credentials(session, EMAIL)
    assert known is not None
    people.set_password(session, person_id=someone, password_hash="another")
    with pytest.raises(RuleBroken):
        sessions.hold_credentials(session, known=known)


def test_last_seen_is_noted_at_most_once_a_minute(database: Database, settings: Settings) -> None:
    with database.transaction() as session:
        someone = make_account(session, settings, EMAIL)
        token = sessions.start_session(session, person_id=someone, settings=settings).token
    load = sessions.viewer_loader(database)
    seen = []
    for seconds in (30, 70, 100, 131):
        with time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=False), database.read_session() as read:
            assert load(read, token) is not None
            now = clock.now()
        with database.read_session() as read:
            seen.append(read.scalars(select(LoginSession.last_seen_at)).one() == now)
    assert seen == [False, True, False, True]


# --- operators


def test_disabling_ends_sessions_and_links_and_takes_the_credentials_away(session: Session, settings: Settings) -> None:
    someone = make_account(session, settings, EMAIL)
    token = sessions.start_session(session, person_id=someone, settings=settings).token
    recovery.request_reset(session, email=EMAIL, addresses=Addresses())
    link = last_token(session)
    people.disable_person(session, person_id=someone)
    assert queries.viewer_of_session(session, token) is None
    assert queries.credentials(session, EMAIL) is None
    with pytest.raises(NotFound):
        recovery.reset_password(session, token=link, password_hash="new", addresses=Addresses())
    people.enable_person(session, person_id=someone)
    assert queries.credentials(session, EMAIL) is not None
    assert queries.viewer_of_session(session, token) is None


def test_a_role_is_held_once_and_can_be_taken_back(session: Session, settings: Settings) -> None:
    someone = make_account(session, settings, EMAIL)
    given = {"person_id": someone, "role": Role.REVIEWER, "scope": "fr"}
    assert people.grant_role(session, **given)
    assert not people.grant_role(session, **given)
    record = queries.person_by_email(session, EMAIL)
    assert record is not None
    assert record.grants == (GrantedRole(Role.REVIEWER, "fr"),)
    assert people.revoke_role(session, **given)
    assert not people.revoke_role(session, **given)


def test_people_are_listed_by_address_with_their_roles(session: Session, settings: Settings) -> None:
    for name in ("b", "a"):
        make_account(session, settings, f"{name}@example.org")
    owner = queries.person_by_email(session, "b@example.org")
    assert owner is not None
    people.grant_role(session, person_id=owner.id, role=Role.OWNER, scope="*")
    assert [(p.email, len(p.grants), p.is_confirmed) for p in queries.people(session)] == [
        ("a@example.org", 0, True),
        ("b@example.org", 1, True),
    ]


def test_what_nobody_needs_any_more_is_swept_away(session: Session, settings: Settings) -> None:
    kept = make_account(session, settings, "kept@example.org")
    sessions.start_session(session, person_id=kept, settings=settings)
    registered(session, "never@example.org")
    with time_machine.travel(clock.now() + timedelta(days=31)):
        registered(session, "late@example.org")
    with time_machine.travel(clock.now() + timedelta(days=32)):
        retention.sweep(session)
        retention.sweep(session)
    assert list(session.scalars(select(Person.email).order_by(Person.email))) == [
        "kept@example.org",
        "late@example.org",
    ]
    assert session.scalar(select(func.count()).select_from(LoginSession)) == 0
