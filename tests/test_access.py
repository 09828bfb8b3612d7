"""Every endpoint for every kind of person: what happens follows from what the endpoint declares."""

import re

import pytest

from elearn.accounts.queries import person_by_email
from elearn.accounts.service.people import disable_person
from elearn.permissions import ANY_SCOPE, GrantedRole, Role, is_allowed
from tests.conftest import Installation
from tests.world import EVERYBODY, ROLES, Place, World, plant

# What rooms add to the declarations: pages of studies are there for the enrolled, an attempt for who makes it.
STUDENTS = {"learner", "graduate"}
ONLY_FOR = {
    "learning.course_map": STUDENTS, "learning.assessment": STUDENTS, "learning.lesson": STUDENTS,
    "learning.attempt": {"learner"},
}  # fmt: skip
REDIRECTING = {"pages.root": 302, "certificates.pdf": 302}


@pytest.fixture
def world(installation: Installation) -> World:
    return plant(installation)


def declared(place: Place, role: str) -> int:
    """The status that follows from the declaration alone; 200 where the view is asked."""
    access = place.access
    if access.audience == "public":
        return 200
    if role == "visitor":
        return 302
    if access.permission is None:
        return 200
    grants = [GrantedRole(Role(name), scope) for name, scope in ROLES[role]]
    if not is_allowed(grants, access.permission):
        return 403
    return 200 if access.load is None or is_allowed(grants, access.permission, "untoc") else 404


def expected(place: Place, role: str) -> int:
    """The status of a GET."""
    status = declared(place, role)
    if status != 200:
        return status
    if place.endpoint == "learning.lesson" and role == "visitor":
        return 302  # open lessons are for all; this one is not open
    if role not in ONLY_FOR.get(place.endpoint, {role}):
        return 404
    return REDIRECTING.get(place.endpoint, 200)


@pytest.mark.parametrize("role", EVERYBODY)
def test_what_a_person_gets_follows_from_the_declarations(role: str, world: World) -> None:
    browser = world.browser(role)
    places = [place for place in world.places("ar") if "GET" in place.methods]
    found = {place.endpoint: browser.get(place.path) for place in places}
    wanted = {place.endpoint: expected(place, role) for place in places}
    wanted["health.readyz"] = 503  # no worker has been seen here
    assert {endpoint: answer.status_code for endpoint, answer in found.items()} == wanted
    to_login = [found[e].location or "" for e, status in wanted.items() if status == 302 and e not in REDIRECTING]
    assert all(location.startswith("/ar/account/login?next=/") for location in to_login)


@pytest.mark.parametrize("role", EVERYBODY)
def test_without_a_token_nothing_is_taken(role: str, world: World) -> None:
    browser = world.browser(role)
    for place in world.places():
        if "POST" not in place.methods:
            continue
        wanted = 400 if declared(place, role) == 200 else declared(place, role)
        if place.endpoint == "learning.attempt" and declared(place, role) == 200 and role != "learner":
            wanted = 404
        if place.endpoint == "accounts.logout" and role == "visitor":
            wanted = 303  # nobody is signed in, so there is nothing that a token would protect
        answer = browser.post(place.path, data={"action": "submit", "full_name": "Kept Name"})
        assert answer.status_code == wanted, f"{place.endpoint} as {role}"


def test_what_another_course_has_looks_as_if_it_were_not_there(world: World) -> None:
    browser = world.browser("foreign_admin")
    scoped = [place for place in world.places() if place.access.load is not None and "GET" in place.methods]
    assert len(scoped) >= 5
    for place in scoped:
        pages = []
        for path in (place.path, re.sub(r"/\d+\b", "/999999", place.path)):
            answer = browser.get(path)
            assert answer.status_code == 404
            pages.append(re.sub(r"/\d+\b", "/N", answer.get_data(as_text=True)))
        assert pages[0] == pages[1]


def test_the_declarations_tell_people_apart(world: World) -> None:
    """Guards the tests above: each audience has endpoints, and no two kinds of grant get the same everywhere."""
    places = world.places()
    assert {place.access.audience for place in places} == {"public", "signed_in", "permission"}
    statuses = {role: tuple(expected(place, role) for place in places) for role in EVERYBODY}
    assert (
        len(set(statuses.values())) == 6
    )  # translators and reviewers have no pages of their own yet; all cohorts here are of one course
    assert ("owner", ANY_SCOPE) in ROLES["owner"]


def test_somebody_who_was_disabled_is_a_visitor(world: World) -> None:
    browser = world.browser("owner")
    assert browser.get("/en/admin/").status_code == 200
    with world.installation.platform.database.transaction() as session:
        person = person_by_email(session, "owner@example.org")
        assert person is not None
        disable_person(session, person_id=person.id)
    assert browser.get("/en/admin/").status_code == 302
