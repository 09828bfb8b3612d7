"""`elearn users`: accounts and roles."""

import pytest
from sqlalchemy import select

from elearn.accounts.models import Consent, Grant, LoginSession, Person
from elearn.accounts.service.hashing import is_right_password
from elearn.accounts.service.sessions import start_session
from elearn.db import Database
from tests.commands.conftest import Operator

AMAL = ("users", "add", "Amal@Example.org", "Amal  Haddad")
PASSWORD = "four quiet blue herons"


def add(operator: Operator) -> None:
    assert operator.run(*AMAL, "--locale", "ar", typed=f"{PASSWORD}\n").code == 0


def grants(data: Database) -> set[tuple[str, str]]:
    with data.read_session() as session:
        return {(grant.role, grant.scope) for grant in session.scalars(select(Grant))}


def people(data: Database) -> list[Person]:
    with data.read_session() as session:
        return list(session.scalars(select(Person)))


def test_an_account_can_be_used_at_once(installed: Operator, data: Database):
    add(installed)
    (person,) = people(data)
    assert (person.email, person.full_name, person.locale) == ("amal@example.org", "Amal Haddad", "ar")
    assert person.email_confirmed_at is not None
    assert person.time_zone == installed.settings.default_time_zone
    assert is_right_password(PASSWORD, person.password_hash, settings=installed.settings)
    with data.read_session() as session:
        assert session.scalars(select(Consent)).one().person_id == person.id


@pytest.mark.parametrize(
    ("arguments", "typed", "sentence"),
    [
        (AMAL, "short\n", "at least 10 characters"),
        (AMAL, "", "at least 10 characters"),
        (("users", "add", "nonsense", "Amal"), PASSWORD, "name@example.org"),
        (("users", "add", "a@example.org", "<b>"), PASSWORD, "<"),
        (("users", "disable", "nobody@example.org"), "", "nobody has the address nobody@example.org"),
        (("users", "grant", "nobody@example.org", "owner"), "", "nobody has the address nobody@example.org"),
        (("users", "revoke", "nonsense", "owner"), "", "name@example.org"),
    ],
)
def test_what_is_refused_is_said_and_leaves_nothing(
    arguments: tuple[str, ...], typed: str, sentence: str, installed: Operator, data: Database
):
    result = installed.run(*arguments, typed=typed)
    assert result.code == 1
    assert sentence in result.out + result.err
    assert "Traceback" not in result.err
    assert people(data) == []


def test_an_address_is_taken_once(installed: Operator, data: Database):
    add(installed)
    result = installed.run("users", "add", "AMAL@example.org", "Somebody Else", typed=PASSWORD)
    assert (result.code, result.err) == (1, "There is an account with this e-mail address already.\n")
    assert people(data)[0].full_name == "Amal Haddad"


def test_an_address_of_another_script_is_found_as_it_was_typed(installed: Operator, data: Database):
    assert installed.run("users", "add", "post@bücher.example", "Amal", typed=PASSWORD).code == 0
    assert installed.run("users", "grant", "Post@BÜCHER.example", "owner").code == 0
    assert people(data)[0].email == "post@xn--bcher-kva.example"
    assert grants(data) == {("owner", "*")}


def test_roles_are_given_and_taken_back(installed: Operator, data: Database):
    add(installed)
    for role in (["owner"], ["course_admin", "untoc"], ["translator", "ar"], ["translator", "ar"]):
        assert installed.run("users", "grant", "amal@example.org", *role).code == 0
    assert grants(data) == {("owner", "*"), ("course_admin", "untoc"), ("translator", "ar")}
    assert installed.run("users", "revoke", "amal@example.org", "translator", "ar").code == 0
    assert grants(data) == {("owner", "*"), ("course_admin", "untoc")}
    assert installed.run("users", "revoke", "amal@example.org", "owner").code == 0
    assert grants(data) == {("course_admin", "untoc")}


@pytest.mark.parametrize("scope", ["ar", "*"])
def test_taking_back_what_is_not_held_is_said(scope: str, installed: Operator, data: Database):
    add(installed)
    result = installed.run("users", "revoke", "amal@example.org", "translator", scope)
    assert result.code == 1
    assert f"amal@example.org does not have the role translator for {scope}" in result.err


@pytest.mark.parametrize("act", ["grant", "revoke"])
@pytest.mark.parametrize(
    ("role", "kind"), [("course_admin", "course id"), ("translator", "locale"), ("reviewer", "locale")]
)
def test_nobody_but_the_owner_has_every_scope_by_default(
    role: str, kind: str, act: str, installed: Operator, data: Database
):
    add(installed)
    result = installed.run("users", act, "amal@example.org", role)
    assert result.code == 1
    assert f"the role {role} needs a scope: a {kind}" in result.err
    assert grants(data) == set()


def test_a_course_that_is_not_there_has_no_admin(installed: Operator, data: Database):
    add(installed)
    result = installed.run("users", "grant", "amal@example.org", "course_admin", "untok")
    assert result.code == 1
    assert "there is no course untok; there is: untoc" in result.err
    assert grants(data) == set()


@pytest.mark.parametrize(("role", "scope"), [("translator", "de"), ("owner", "untoc"), ("course_admin", "../x")])
def test_a_role_in_a_scope_that_it_does_not_have_is_refused(role: str, scope: str, installed: Operator, data: Database):
    add(installed)
    result = installed.run("users", "grant", "amal@example.org", role, scope)
    assert result.code == 1
    assert f"The role {role} cannot be given for “{scope}”." in result.err
    assert grants(data) == set()


def test_a_disabled_person_is_signed_out(installed: Operator, data: Database):
    add(installed)
    with data.transaction() as session:
        start_session(session, person_id=1, settings=installed.settings)
    assert installed.run("users", "disable", "amal@example.org").code == 0
    assert people(data)[0].disabled_at is not None
    with data.read_session() as session:
        assert session.scalars(select(LoginSession)).one().ended_at is not None
