"""Names, addresses, passwords and scopes."""

import unicodedata

import pytest

from elearn.accounts import policy
from elearn.errors import RuleBroken
from elearn.permissions import Role


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Amal@Example.ORG ", "amal@example.org"),
        ("a@müller.example.org", "a@xn--mller-kva.example.org"),
        ("user٣۴@example.org", "user34@example.org"),
        ("\u202eamal@example.org\u202c", "amal@example.org"),
    ],
)
def test_an_address_is_stored_in_one_form(typed: str, stored: str) -> None:
    assert policy.email_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["amal", "amal@", "@example.org", "a b@example.org", "a@localhost", "é@example.org", "<b>@example.org",
     "a@example.org\r\nBcc: b@example.org", "a@" + "b" * 250 + ".org", '"a"@example.org'],
)  # fmt: skip
def test_what_is_no_address_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        policy.email_address(typed)
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Nguyễn   Thị Ví Dụ ", "Nguyễn Thị Ví Dụ"),
        ("عبد الرحمن بن عبد الله", "عبد الرحمن بن عبد الله"),
        ("Amal\u202e daddaH\u202c", "Amal daddaH"),
        ("\u2067Amal", "Amal"),
        ("Zoe\u0308", "Zoë"),
        ("O’Brien-Łukasz, Jr.", "O’Brien-Łukasz, Jr."),
        ("Юлия Ελένη", "Юлия Ελένη"),
    ],
)
def test_a_name_is_kept_as_people_write_it(typed: str, stored: str) -> None:
    assert policy.full_name(typed) == stored


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u2067", "123", "…"])
def test_a_name_has_a_letter(typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        policy.full_name(typed)
    assert refused.value.message == policy.NAME_EMPTY


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "Amal https://example.org", "{{7*7}} Amal", "=Amal"])
def test_markup_addresses_and_formulas_are_no_names(typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        policy.full_name(typed)
    assert refused.value.message == policy.NAME_SIGNS


def test_characters_that_the_certificate_cannot_print_are_named() -> None:
    with pytest.raises(RuleBroken) as refused:
        policy.full_name("李 Amal 明")
    assert refused.value.message == policy.NAME_UNDRAWABLE
    assert "李" in refused.value.values["characters"]
    assert "明" in refused.value.values["characters"]


def test_a_name_of_120_characters_is_kept_and_one_more_is_too_long() -> None:
    assert len(policy.full_name("a" * 120)) == 120
    with pytest.raises(RuleBroken) as refused:
        policy.full_name("a" * 121)
    assert refused.value.values == {"length": 121, "limit": 120}


def test_control_characters_in_a_name_are_refused() -> None:
    with pytest.raises(RuleBroken):
        policy.full_name("Amal\x00Haddad")


@pytest.mark.parametrize(
    "password",
    [
        "four quiet blue herons",
        "سلام عليكم جميعا يا أصدقاء",
        "🐫🌙🍇🧭🎻🪁🥁🧶🪵🍉",
        "nine very patient tortoises crossed the bridge at noon without asking anybody for the way",
    ],
)
def test_a_long_unusual_password_needs_no_special_signs(password: str) -> None:
    policy.check_new_password(password, minimum=10, personal=("Amal Haddad", "amal@example.org"))


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("short pw", policy.PASSWORD_SHORT),
        ("x" * 1025, policy.PASSWORD_LONG),
        ("amal haddad", policy.PASSWORD_PERSONAL),
        ("AMAL@EXAMPLE.ORG", policy.PASSWORD_PERSONAL),
        ("password123", policy.PASSWORD_WEAK),
        ("aaaaaaaaaaaa", policy.PASSWORD_WEAK),
        ("amalhaddad1", policy.PASSWORD_WEAK),
        ("elearn1234", policy.PASSWORD_WEAK),
    ],
)
def test_a_poor_password_gets_the_sentence_that_fits(password: str, message: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        policy.check_new_password(password, minimum=10, personal=("Amal Haddad", "amal@example.org"))
    assert (refused.value.message, refused.value.field) == (message, "password")


def test_a_long_password_of_look_alike_signs_is_judged_by_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    monkeypatch.setattr(
        policy, "zxcvbn", lambda typed, user_inputs: judged.extend([typed, *user_inputs]) or {"score": 4}
    )
    policy.check_new_password("4@8({[<369!1|0$5+7%2" * 50, minimum=10, personal=("Amal " + "a\u0301" * 50_000,))
    assert max(map(len, judged)) == 32


def test_marks_without_end_are_refused_before_they_are_put_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(unicodedata, "normalize", lambda *_: pytest.fail("put in order"))
        with pytest.raises(RuleBroken):
            policy.full_name("a" + "\u0301\u0316" * 50_000)


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.OWNER, "untoc"), (Role.TRANSLATOR, "de"), (Role.REVIEWER, ""), (Role.COURSE_ADMIN, "a/b")],
)
def test_a_scope_that_does_not_go_with_the_role_is_refused(role: Role, scope: str) -> None:
    with pytest.raises(RuleBroken):
        policy.check_scope(role, scope)


@pytest.mark.parametrize(
    ("role", "scope"), [(Role.OWNER, "*"), (Role.TRANSLATOR, "ar"), (Role.COURSE_ADMIN, "untoc-basics")]
)
def test_a_scope_that_goes_with_the_role_is_taken(role: Role, scope: str) -> None:
    policy.check_scope(role, scope)


def test_the_zones_are_the_ones_people_live_in() -> None:
    zones = policy.time_zones()
    assert {"UTC", "Europe/Vienna", "Africa/Cairo", "America/Argentina/Buenos_Aires"} <= zones
    assert not {"Etc/GMT+5", "US/Eastern", "posixrules"} & zones
