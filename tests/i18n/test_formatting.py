import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.i18n.formatting import interpolate, placeholders


def test_values_take_the_place_of_their_names():
    assert interpolate("Bonjour %(name)s", "Hello %(name)s", {"name": "Nadia"}) == "Bonjour Nadia"


def test_a_number_may_be_asked_for_as_such():
    assert interpolate("%(n)d sur %(m)s", "", {"n": 3.0, "m": 4}) == "3 sur 4"


def test_a_doubled_sign_is_one_sign_where_values_are_put_in():
    assert interpolate("%(n)s %% fait", "", {"n": 5}) == "5 % fait"


def test_without_values_a_per_cent_sign_is_an_ordinary_character():
    for text in ("100% fait", "50 %(off)", "%%", "%"):
        assert interpolate(text, "unused", {}) == text


@pytest.mark.parametrize(
    "text",
    [
        "%(nom)s",
        "%(name)",
        "%(name",
        "100% de %(name)s",
        "%(name)999999999s",
        "%(name)-5s",
        "%(name).3s",
        "%(name)r",
        "%(name)f",
        "%s",
        "%d",
        "%",
        "%(name.__class__)s",
        "%(name)d",
        "%(name)s" * 21,
    ],
)
def test_anything_wrong_gives_the_source_with_its_values(text):
    assert interpolate(text, "Hello %(name)s", {"name": "Nadia"}) == "Hello Nadia"


def test_a_faulty_source_comes_back_untouched():
    assert interpolate("%(a)s", "%(b)", {"name": "Nadia"}) == "%(b)"


def test_a_value_that_cannot_be_written_does_not_break_the_page():
    class Broken:
        def __str__(self):
            raise RuntimeError

    assert interpolate("%(x)s", "%(x)s", {"x": Broken()}) == "%(x)s"


def test_a_value_is_never_read_as_a_format():
    assert interpolate("%(a)s", "", {"a": "%(b)s%n"}) == "%(b)s%n"


@given(st.text(alphabet="%()sdname0159*.-# ", max_size=200))
def test_no_text_raises_or_grows(text):
    result = interpolate(text, "Hello %(name)s", {"name": "Nadia"})
    assert len(result) <= len(text) + 200


def test_a_long_chain_of_openings_is_read_in_one_walk():
    started = time.process_time()
    interpolate("%(" * 100_000, "x", {"x": 1})
    assert time.process_time() - started < 2


def test_placeholders_keep_their_repeats():
    assert placeholders("%(b)s %(a)d %(b)s %% %") == (("a", "d"), ("b", "s"), ("b", "s"))
