import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.i18n.locales import ARABIC, ENGLISH, FRENCH, LOCALES, SOURCE, SPANISH, matching, negotiate


def test_the_order_of_the_languages_is_that_of_the_page_header():
    assert [locale.code for locale in LOCALES] == ["ar", "en", "fr", "es"]
    assert SOURCE == "en"


def test_only_arabic_is_written_from_right_to_left():
    assert {locale.code: locale.direction for locale in LOCALES} == {"ar": "rtl", "en": "ltr", "fr": "ltr", "es": "ltr"}


ARABIC_FORMS = {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 25: 4, 99: 4, 100: 5, 101: 5, 102: 5, 103: 3, 111: 4}


@pytest.mark.parametrize(("n", "form"), ARABIC_FORMS.items())
def test_arabic_plurals_follow_cldr_in_the_order_of_gnu_gettext(n, form):
    assert ARABIC.plural(n) == form


@pytest.mark.parametrize("n", ARABIC_FORMS)
def test_two_form_languages_differ_at_nought(n):
    assert FRENCH.plural(n) == int(n > 1)
    assert SPANISH.plural(n) == ENGLISH.plural(n) == int(n != 1)


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.code)
def test_the_examples_of_each_form_take_that_form(locale):
    assert len(locale.plural_examples) == locale.nplurals
    for form, counts in enumerate(locale.plural_examples):
        assert counts
        assert {locale.plural(n) for n in counts} == {form}


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.code)
def test_the_header_says_what_the_function_does(locale):
    from gettext import c2py

    expression = locale.plural_header.partition("plural=")[2].rstrip(";")
    rule = c2py(expression)
    assert [rule(n) for n in range(500)] == [locale.plural(n) for n in range(500)]
    assert locale.plural_header.startswith(f"nplurals={locale.nplurals};")


@given(st.integers())
def test_every_count_has_a_form(n):
    for locale in LOCALES:
        assert 0 <= locale.plural(n) < locale.nplurals


def test_a_form_for_one_count_is_known_as_such():
    assert [ARABIC.is_single_count(form) for form in range(6)] == [True, True, True, False, False, False]
    assert not FRENCH.is_single_count(0)


@pytest.mark.parametrize("code", ["AR", "ar-EG", "de", "", "en ", "../en"])
def test_an_address_spells_a_locale_in_one_way_only(code):
    assert matching(code) is None


def test_a_locale_is_found_by_its_code():
    assert matching("fr") is FRENCH


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "en"),
        ("", "en"),
        ("ar-EG,ar;q=0.9,en;q=0.8", "ar"),
        ("FR-ca", "fr"),
        ("de", "en"),
        ("de, es;q=0.3", "es"),
        ("fr;q=0.5, es;q=0.7", "es"),
        ("es, fr", "es"),
        ("*", "en"),
        ("en;q=0, *", "ar"),
        ("en;q=0.1, *;q=0.9", "ar"),
        ("fr;q=0", "en"),
        ("es;q=2", "en"),
        ("es;q=0.12345, fr;q=0.1", "fr"),
        (";;q=,,\0, fr", "fr"),
        ("ar ; q=1.000", "ar"),
        ("x" * 100_000, "en"),
    ],
)
def test_the_language_is_negotiated_by_weight(header, code):
    assert negotiate(header) == code


@given(st.text())
def test_no_header_breaks_the_negotiation(header):
    assert matching(negotiate(header)) is not None
