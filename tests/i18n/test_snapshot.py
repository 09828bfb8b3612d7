import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.i18n.entries import Entry
from elearn.i18n.errors import CatalogueError
from elearn.i18n.locales import ARABIC, FRENCH
from elearn.i18n.snapshot import (
    Compiled,
    CourseText,
    compile_entries,
    empty,
    load_course,
    load_interface,
)

INTERFACE = (
    Entry("Save", ("Enregistrer",)),
    Entry("Open", ("Ouvrir",), context="verb"),
    Entry("%(n)s lesson", ("%(n)s leçon", "%(n)s leçons"), source_plural="%(n)s lessons"),
    Entry("Not yet"),
    Entry("Gone", ("Parti",), obsolete=True),
)
UNIT = Entry("Use a [passphrase][1].", ("Utilisez une [phrase][1].",), context="m/l#aaaaaa")


def rules(compiled: Compiled) -> list[str]:
    return [dropped.finding.rule for dropped in compiled.dropped]


def test_an_interface_snapshot_answers_as_its_entries():
    compiled = compile_entries(INTERFACE, FRENCH, "interface")
    assert (compiled.accepted, compiled.dropped) == (3, ())
    messages = load_interface(compiled.payload, FRENCH)
    assert messages.gettext("Save") == "Enregistrer"
    assert messages.pgettext("verb", "Open") == "Ouvrir"
    assert messages.ngettext("%(n)s lesson", "%(n)s lessons", 0) == "%(n)s leçon"
    assert messages.gettext("Not yet") == "Not yet"
    assert messages.gettext("Gone") == "Gone"


def test_equal_entries_give_equal_snapshots_in_any_order():
    one, two = (compile_entries(entries, FRENCH, "interface") for entries in (INTERFACE, reversed(INTERFACE)))
    assert one.payload == two.payload
    assert one.sha256 == two.sha256
    assert len(one.sha256) == 64


def test_a_blocked_entry_is_left_out_and_named():
    compiled = compile_entries((INTERFACE[0], Entry("Hi", ("<script>",), context="c")), FRENCH, "interface")
    assert compiled.accepted == 1
    (dropped,) = compiled.dropped
    assert (dropped.context, dropped.source, dropped.finding.rule) == ("c", "Hi", "markup")


def test_a_warning_keeps_nothing_out():
    assert compile_entries([Entry("Really?", ("Vraiment ?",))], FRENCH, "interface").accepted == 1


def test_a_fuzzy_interface_text_is_left_out():
    entries = [Entry("Save", ("Enregistrer",), fuzzy=True), Entry("x", ("y",), fuzzy=True, previous_source="w")]
    assert rules(compile_entries(entries, FRENCH, "interface")) == ["fuzzy", "fuzzy"]


def test_an_outdated_unit_stays_and_an_unfinished_one_does_not():
    outdated = Entry("New", ("Ancien",), context="m/l#bbbbbb", fuzzy=True, previous_source="Old")
    unfinished = Entry("New", ("Ancien",), context="m/l#cccccc", fuzzy=True)
    compiled = compile_entries([UNIT, outdated, unfinished], FRENCH, "course")
    assert rules(compiled) == ["fuzzy"]
    assert load_course(compiled.payload) == {
        "m/l#aaaaaa": CourseText("Utilisez une [phrase][1].", False),
        "m/l#bbbbbb": CourseText("Ancien", True),
    }


def test_a_unit_whose_english_is_no_longer_that_of_the_file_is_outdated():
    payload = compile_entries([UNIT], FRENCH, "course").payload
    assert not load_course(payload, {"m/l#aaaaaa": UNIT.source})["m/l#aaaaaa"].outdated
    assert load_course(payload, {"m/l#aaaaaa": "Another text."})["m/l#aaaaaa"].outdated
    assert not load_course(payload, {})["m/l#aaaaaa"].outdated


def test_a_unit_needs_an_id_that_no_other_has_and_no_plural():
    entries = [
        UNIT,
        Entry("Other", ("Autre",), context=UNIT.context),
        Entry("Without", ("Sans",)),
        Entry("one", ("un", "deux"), source_plural="two", context="m/l#dddddd"),
    ]
    compiled = compile_entries(entries, FRENCH, "course")
    assert rules(compiled) == ["duplicate", "unit", "unit"]
    assert load_course(compiled.payload)["m/l#aaaaaa"].text == UNIT.forms[0]


def test_a_text_cannot_pose_as_one_with_a_context():
    entries = [Entry("verb\x04Open %(x)s", ("%(x)s",)), Entry("Open", ("Ouvrir",), context="verb")]
    compiled = compile_entries(entries, FRENCH, "interface")
    assert rules(compiled) == ["control-character"]
    assert load_interface(compiled.payload, FRENCH).pgettext("verb", "Open") == "Ouvrir"


def test_prose_may_hold_per_cent_signs_and_no_markup():
    entries = [
        Entry("38.6 % of them", ("38,6\u202f% %(de)",), context="m/l#a"),
        Entry("<script>", ("<script>",), context="m/l#b"),
    ]
    assert rules(compile_entries(entries, FRENCH, "course")) == ["markup"]


def test_the_check_of_another_package_is_asked():
    asked = []

    def structure(source: str, target: str) -> list[str]:
        asked.append((source, target))
        return ["one link too few"] if "[1]" not in target else []

    entries = [UNIT, Entry("A [b][1]", ("Un b",), context="m/l#b")]
    compiled = compile_entries(entries, FRENCH, "course", structure)
    assert [(d.finding.rule, d.finding.message) for d in compiled.dropped] == [("structure", "one link too few")]
    assert asked == [(UNIT.source, UNIT.forms[0]), ("A [b][1]", "Un b")]


def test_a_refused_catalogue_is_an_empty_one_with_a_reason():
    compiled = empty(ARABIC, "interface", "not UTF-8")
    assert compiled.accepted == 0
    assert compiled.dropped[0].finding.message == "not UTF-8"
    assert load_interface(compiled.payload, ARABIC).gettext("Save") == "Save"


def packed(document: object) -> bytes:
    return zlib.compress(json.dumps(document).encode())


def document(content: object, **changes: object) -> dict[str, object]:
    return {"version": 1, "mode": "interface", "locale": "fr", "content": content, **changes}


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"garbage",
        compile_entries(INTERFACE, FRENCH, "interface").payload[:-6],
        zlib.compress(b"no json"),
        zlib.compress(b" " * 50_000_000),
        packed([]),
        packed(document({}, version=2)),
        packed(document({}, mode="course")),
        packed(document({}, locale="ar")),
        packed(document([])),
        packed(document({"a": 1})),
        packed(document({"a": ["only one"]})),
        packed(document({"a": ["x", 2]})),
        packed(document({"a": None})),
        zlib.compress(b"[" * 100_000),
    ],
)
def test_anything_else_than_a_snapshot_is_refused(payload):
    with pytest.raises(CatalogueError):
        load_interface(payload, FRENCH)


@pytest.mark.parametrize("value", ["x", ["x"], ["x", 1, "d"], ["x", True, 3], [1, True, "d"], None, {}])
def test_a_unit_of_the_wrong_shape_is_refused(value):
    with pytest.raises(CatalogueError):
        load_course(packed(document({"m/l#a": value}, mode="course")))


@given(st.binary(max_size=100))
def test_no_bytes_raise_anything_else(payload):
    for load in (lambda: load_interface(payload, FRENCH), lambda: load_course(payload)):
        with pytest.raises(CatalogueError):
            load()
