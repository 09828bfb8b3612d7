"""Whose name is shown, who opens the document, and which spellings are one name."""

import unicodedata
from datetime import UTC, datetime

import pytest

from elearn.certificates import policy

REVOKED = datetime(2026, 4, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("visibility", "revoked_at", "shown"),
    [("public", None, True), ("code", None, False), ("public", REVOKED, False), ("code", REVOKED, False)],
)
def test_the_name_is_shown_by_the_holders_choice_and_never_once_revoked(visibility, revoked_at, shown) -> None:
    assert policy.is_name_shown(visibility, revoked_at) is shown
    assert policy.may_open_document(visibility, revoked_at, is_holder=False) is shown
    assert policy.may_open_document(visibility, revoked_at, is_holder=True)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("nguyễn thị ví dụ", "Nguyễn Thị Ví Dụ"),
        (unicodedata.normalize("NFD", "NGUYỄN THỊ VÍ DỤ"), "Nguyễn Thị Ví Dụ"),
        ("  Anna\u00a0 Maria ", "Anna Maria"),
        ("O'Neil-D'Arcy", "O’Neil‑D’Arcy"),
        ("STRASSE", "Straße"),
        ("محمد", "محـــمد"),
        ("محمد الخطيب", "مُحَمَّد الخَطِيب"),
        ("رحمٰن", "رحمن"),
        ("\u200fعبد الله\u200e", "عبد الله"),
        ("Ａｎｎａ", "Anna"),
    ],
)
def test_a_name_is_recognised_however_it_is_typed(typed: str, printed: str) -> None:
    assert policy.is_same_name(typed, printed)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [("Nguyen Thi Vi Du", "Nguyễn Thị Ví Dụ"), ("Anna", "Anna Maria"), ("", "Anna"), ("\u200f", "\u200f"), ("%", "A")],
)
def test_another_name_is_not(typed: str, printed: str) -> None:
    assert not policy.is_same_name(typed, printed)
