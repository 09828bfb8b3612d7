"""Certificate numbers: random enough to be unguessable, and read back however people type them."""

import re

import pytest

from elearn.certificates.service.numbers import new_number, parse

NUMBER = "7QK4-M2VX-9TRC-HD3W-5B8N-JP0Y-Z1"


def test_a_new_number_has_six_groups_of_four_and_one_of_two() -> None:
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{2}", new_number())


def test_new_numbers_use_the_whole_alphabet_at_every_place() -> None:
    plain = [new_number().replace("-", "") for _ in range(2000)]
    assert len(set(plain)) == 2000
    assert {len(set(place)) for place in zip(*plain, strict=True)} == {32}


def test_a_new_number_is_read_back_as_itself() -> None:
    number = new_number()
    assert parse(number) == number


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        NUMBER.lower(),
        NUMBER.replace("-", ""),
        NUMBER.replace("-", " "),
        NUMBER.replace("-", " \u2013 "),
        NUMBER.replace("-", "\u2011"),
        NUMBER.replace("-", "\u2212"),
        f"  {NUMBER}\r\n",
        NUMBER.replace("0", "O"),
        NUMBER.replace("0", "o").replace("1", "l"),
        NUMBER.replace("1", "I"),
        NUMBER.replace("1", "L"),
        NUMBER.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        NUMBER.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        "".join(chr(ord(c) + 0xFEE0) for c in NUMBER),
        f"\u2066{NUMBER}\u2069",
        "\u200f" + "\u200e".join(NUMBER),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert parse(typed) == NUMBER


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        NUMBER[:-1],
        NUMBER + "0",
        NUMBER.replace("Q", "U"),
        NUMBER.replace("Q", "*"),
        NUMBER.replace("Q", "ß"),
        NUMBER.replace("Q", "ب"),
        NUMBER.replace("7", "²³"),
        NUMBER.replace("7", "½"),
        "0" * 10_000,
        " " * 10_000 + NUMBER,
        "\x00" + NUMBER,
    ],
)
def test_what_cannot_be_a_number_is_none(typed: str) -> None:
    assert parse(typed) is None
