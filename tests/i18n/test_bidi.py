from hypothesis import given
from hypothesis import strategies as st

from elearn.i18n.bidi import (
    has_balanced_isolates,
    has_overrides,
    isolate,
    isolate_ltr,
    strip_overrides,
    western_digits,
)


def test_an_isolated_text_stands_between_marks():
    assert isolate("Nadia") == "\u2068Nadia\u2069"
    assert isolate_ltr("A/RES/55/25") == "\u2066A/RES/55/25\u2069"


@given(st.text(alphabet="a\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e", max_size=30))
def test_no_text_gets_out_of_its_isolate(text):
    result = isolate(text)
    assert has_balanced_isolates(result)
    assert not has_overrides(result)
    depth = 0
    for character in result[:-1]:
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        assert depth >= 1


def test_overrides_are_found_and_taken_out():
    for code in range(0x202A, 0x202F):
        assert has_overrides(f"a{chr(code)}b")
        assert strip_overrides(f"a{chr(code)}b") == "ab"
    assert not has_overrides("\u2068a\u2069\u200f")


def test_isolates_balance_within_a_line():
    assert has_balanced_isolates("\u2067\u2066a\u2069\u2069 b")
    assert not has_balanced_isolates("\u2067a")
    assert not has_balanced_isolates("a\u2069")
    assert not has_balanced_isolates("\u2067a\nb\u2069")


def test_digits_of_both_arabic_rows_become_western():
    assert western_digits("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹ 42 س") == "0123456789 0123456789 42 س"
