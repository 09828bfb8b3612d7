import pytest

from elearn.i18n.entries import Entry
from elearn.i18n.statistics import Stats, statistics, word_count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Use a long passphrase.", 4),
        ("A [long link][1] – and **bold** `code`!", 6),
        ("A [link](https://example.org/some where).", 2),
        ("%(n)s of %(all)s lessons", 4),
        ("&&& * – 1,400 كلمة", 2),
    ],
)
def test_words_hold_a_letter_or_a_digit(text, words):
    assert word_count(text) == words


TEMPLATE = [Entry(source, context=f"m/l#{n}") for n, source in enumerate(["One", "Two words", "Three words here", "x"])]
CATALOGUE = [
    Entry("One", ("Un",), context="m/l#0"),
    Entry("Two old words", ("Deux mots",), context="m/l#1"),
    Entry("Three words here", ("Trois mots ici",), context="m/l#2", fuzzy=True),
    Entry("x", ("y",), context="m/l#3", obsolete=True),
    Entry("not in the template", ("z",), context="m/l#9"),
]


def test_a_catalogue_is_measured_against_the_template():
    found = statistics(TEMPLATE, CATALOGUE, "course")
    assert found == Stats(4, 1, 2, 1, words=7, words_translated=1, words_fuzzy=5, words_missing=1)
    assert found.share == pytest.approx(1 / 7)


def test_a_translation_equal_to_the_source_counts():
    assert statistics([Entry("Module")], [Entry("Module", ("Module",))], "interface").translated == 1


def test_a_partly_filled_plural_is_missing():
    template = [Entry("a", source_plural="b")]
    assert statistics(template, [Entry("a", ("x", ""), source_plural="b")], "interface").missing == 1


def test_an_empty_catalogue_is_complete():
    assert statistics([], [], "interface").share == 1
