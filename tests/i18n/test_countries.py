"""The list of countries and areas."""

import pytest

from elearn.i18n.countries import CODES, OTHER, STATES, UNSAID, alphabetic_key, country_names


def test_the_list_holds_the_member_states_and_the_two_observer_states() -> None:
    assert len(STATES) == len(set(STATES)) == 195
    assert {"PS", "VA"} <= set(STATES)
    assert {OTHER, UNSAID} <= CODES


@pytest.mark.parametrize("locale", ["ar", "en", "fr", "es"])
def test_every_state_has_a_name_of_its_own_in_every_language(locale: str) -> None:
    names = country_names(locale)
    assert set(names) == set(STATES)
    assert len(set(names.values())) == len(STATES)


def test_names_follow_the_usage_of_the_united_nations() -> None:
    assert country_names("en")["VN"] == "Viet Nam"
    assert country_names("en")["PS"] == "State of Palestine"
    assert country_names("ar")["RU"] == "الاتحاد الروسي"
    assert country_names("fr")["TZ"] == "République-Unie de Tanzanie"


def test_accents_do_not_push_a_country_to_the_end_of_the_list() -> None:
    french = list(country_names("fr"))
    assert french.index("EG") < french.index("FR")  # Égypte
    assert alphabetic_key("Ñ") > alphabetic_key("Nz")
    arabic = list(country_names("ar"))
    assert arabic.index("AF") < arabic.index("BR")  # forms of alef count as alef
