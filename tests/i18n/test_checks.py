import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.i18n.checks import entry_findings, findings, is_blocked
from elearn.i18n.entries import Entry
from elearn.i18n.locales import ARABIC, FRENCH, SPANISH, matching

GOOD = {
    "ar": ("Welcome, %(name)s. Read 3 lessons.", "مرحباً بكم، %(name)s. اقرؤوا 3 دروس."),
    "fr": ("Welcome, %(name)s. Read 3 lessons.", "Bienvenue, %(name)s. Lisez 3 leçons."),
    "es": ("Welcome, %(name)s. Read 3 lessons.", "Damos la bienvenida a %(name)s. Lea 3 lecciones."),
}


def rules(source: str, *forms: str, code: str = "fr", **options) -> dict[str, str]:
    locale = matching(code)
    assert locale is not None
    return {finding.rule: finding.level for finding in findings(source, forms, locale, **options)}


@pytest.mark.parametrize("code", GOOD)
def test_a_good_translation_has_no_findings(code):
    source, target = GOOD[code]
    assert rules(source, target, code=code) == {}


# What is put in the place of {} or at the end of a good translation, and the rule that must stop it.
FAULTS = {
    "script": ("<script>alert(1)</script>", "markup"),
    "closing tag": ("</p>", "markup"),
    "comment": ("<!-- x", "markup"),
    "upper case": ("<IMG SRC=x>", "markup"),
    "entity": ("&lt;b&gt;", "markup"),
    "numbered entity": ("&#x3c;", "markup"),
    "script address": ("[x](javascript:alert(1))", "markup"),
    "split script address": ("java\u200bscript :x", "markup"),
    "data address": ("data:text/html,x", "markup"),
    "override": ("\u202eabc", "bidi-override"),
    "embedding": ("\u202aabc\u202c", "bidi-override"),
    "open isolate": ("\u2067abc", "bidi-isolate"),
    "closed isolate": ("abc\u2069", "bidi-isolate"),
    "bell": ("\x07", "control-character"),
    "escape": ("\x1b[31m", "control-character"),
    "next line": ("a\x85b", "control-character"),
    "replacement": ("\ufffd", "control-character"),
    "byte order": ("a\ufeffb", "control-character"),
    "tag character": ("a\U000e0041b", "control-character"),
    "decomposed": ("e\u0301a", "not-nfc"),
    "length": ("x" * 400, "length"),
    "trailing space": ("x ", "edge-space"),
    "trailing line": ("x\n", "edge-space"),
    "extra placeholder": ("%(other)s", "placeholders"),
    "twice": ("%(name)s", "placeholders"),
    "width": ("%(name)999999999s", "placeholder-format"),
    "precision": ("%(name).5s", "placeholder-format"),
    "flag": ("%(name)-5s", "placeholder-format"),
    "conversion": ("%(name)r", "placeholder-format"),
    "attribute": ("%(name.__class__)s", "placeholder-format"),
    "cut off": ("%(name", "placeholder-format"),
    "stray sign": ("100% de", "percent"),
}


@pytest.mark.parametrize("code", GOOD)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_blocks_in_every_language(code, fault):
    addition, rule = FAULTS[fault]
    source, target = GOOD[code]
    assert rules(source, target + addition, code=code).get(rule) == "block"


@pytest.mark.parametrize("code", GOOD)
@pytest.mark.parametrize("target", ["", "  ", "\n"])
def test_an_empty_translation_blocks(code, target):
    assert rules("Save", target, code=code) == {"empty": "block"}


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Use <b> here", "Utilisez <b> ici"),
        ("AT&amp;T", "AT&amp;T"),
        ("a < b", "a < b"),
        ("R & D", "R & D"),
        ("the data: all of it", "les data : toutes"),
        ("Line\n", "Ligne\n"),
        ("\u2066A/RES/55/25\u2069", "\u2066A/RES/55/25\u2069"),
        ("Two\nlines", "Deux\nlignes"),
        ("100% done", "100% fait"),
        ("38.6 % of them", "38,6\u202f% de l’ensemble"),
        ("%(n)s %% of %(all)s", "%(n)s %% de %(all)s"),
        ("%(a)s and %(b)s", "%(b)s et %(a)s"),
        ("%(n)d items", "%(n)d objets"),
    ],
)
def test_what_the_source_has_too_does_not_block(source, target):
    assert not is_blocked(findings(source, [target], FRENCH))


def test_no_markup_passes_where_the_source_comes_from_the_same_file():
    assert rules("<script>", "<script>", markup_in_source=False).get("markup") == "block"


def test_an_entry_is_judged_as_what_it_is():
    entry = Entry("<b> 5 %", ("<b> 5\u202f% %(x)s",), context="m/l#a")
    assert [finding.rule for finding in entry_findings(entry, FRENCH)] == ["placeholders"]
    assert [finding.rule for finding in entry_findings(entry, FRENCH, "course")] == ["markup"]


def test_a_conversion_may_not_change():
    assert rules("%(n)d x", "%(n)s x")["placeholders"] == "block"


def test_a_placeholder_may_not_be_dropped():
    assert rules("Hello %(name)s", "Bonjour")["placeholders"] == "block"


def test_doubled_signs_stay_doubled_in_a_text_without_values():
    assert rules("100 %%", "100 %")["percent"] == "block"
    assert rules("100 %", "100 %%")["percent"] == "block"


def test_prose_has_no_placeholders():
    assert rules("100 % of it", "100\u202f% de %(tout)", formatted=False) == {}


PLURAL = {"source_plural": "%(n)s lessons"}


def test_arabic_needs_six_forms():
    good = ("لا دروس", "درس واحد", "درسان", "%(n)s دروس", "%(n)s درساً", "%(n)s درس")
    assert rules("%(n)s lesson", *good, code="ar", **PLURAL) == {}
    assert rules("%(n)s lesson", *good[:2], code="ar", **PLURAL) == {"plural-forms": "block"}
    assert rules("%(n)s lesson", *good[:5], "", code="ar", **PLURAL) == {"empty": "block"}
    assert rules("%(n)s lesson", *good[:3], "دروس", *good[4:], code="ar", **PLURAL) == {"plural-number": "warn"}


def test_french_uses_its_first_form_for_nought_too():
    assert rules("%(n)s lesson", "Une leçon", "%(n)s leçons", code="fr", **PLURAL) == {"plural-number": "warn"}
    assert rules("%(n)s lesson", "%(n)s leçon", "%(n)s leçons", code="fr", **PLURAL) == {}


def test_spanish_may_say_one_without_a_number():
    assert rules("%(n)s lesson", "Una lección", "%(n)s lecciones", code="es", **PLURAL) == {}
    assert rules("One lesson", "Una lección", "%(n)s lecciones", code="es", **PLURAL) == {}


def test_other_placeholders_stay_in_every_plural_form():
    options = {"source_plural": "%(n)s lessons by %(name)s"}
    assert rules("%(n)s lesson by %(name)s", "Una lección", "%(n)s de %(name)s", code="es", **options) == {
        "placeholders": "block"
    }


def test_too_many_forms_block():
    assert rules("%(n)s lesson", "x", "%(n)s y", "z", code="fr", **PLURAL)["plural-forms"] == "block"


def test_a_text_without_plural_has_one_form():
    assert rules("Save", "Enregistrer", "Enregistrer") == {"plural-forms": "block"}


TYPOGRAPHY = [
    # language, rule, wrong, right
    ("fr", "fr-space", "Vraiment ?", "Vraiment\u202f?"),
    ("fr", "fr-space", "Vraiment?", "Vraiment\u00a0?"),
    ("fr", "fr-space", "Oui; non", "Oui\u202f; non"),
    ("fr", "fr-space", "Quoi !", "Quoi\u202f?!"),
    ("fr", "fr-space", "Voir? https://x.org/a?b=1", "Voir https://x.org/a?b=1"),
    ("fr", "fr-space", "`a?` est bon ?", "`a?` est ![bon][1]"),
    ("fr", "fr-colon", "Note : ceci", "Note\u00a0: ceci à 12:30"),
    ("fr", "fr-colon", "Note: ceci", "Note\u00a0:"),
    ("fr", "fr-guillemets", "« Bonjour »", "«\u00a0Bonjour\u202f»"),
    ("fr", "fr-guillemets", "«Bonjour»", "Bonjour"),
    ("fr", "fr-guillemets", "«\u00a0Bonjour", "Bonjour."),
    ("es", "es-inverted", "Qué pasa?", "¿Qué pasa?"),
    ("es", "es-inverted", "Si llueve, qué pasa?", "Si llueve, ¿qué pasa?"),
    ("es", "es-inverted", "¿Qué pasa", "Lea `a?b` en https://x.org/?a"),
    ("es", "es-inverted", "Bien!", "¡Bien! ¿Sí?"),
    ("es", "es-inverted", "?Qué¿", "¿Qué?"),
    ("ar", "ar-punctuation", "نعم, لا", "نعم، لا"),
    ("ar", "ar-punctuation", "هل نعم?", "هل نعم؟"),
    ("ar", "ar-punctuation", "«نعم»; لا", "«نعم»؛ لا"),
    ("ar", "ar-punctuation", "دوراً, ثم", "A, B ثم"),
    ("ar", "ar-tatweel", "حفـــظ", "حفظ بـ: كذا"),
    ("ar", "ar-digits", "٣ دروس", "3 دروس"),
    ("ar", "ar-digits", "۳ دروس", "3 دروس"),
]


@pytest.mark.parametrize(("code", "rule", "wrong", "right"), TYPOGRAPHY)
def test_typography_warns_and_does_not_block(code, rule, wrong, right):
    source = "A source text of some length."
    assert rules(source, wrong, code=code, formatted=False) == {rule: "warn"}
    assert rules(source, right, code=code, formatted=False) == {}


@pytest.mark.parametrize("code", ["ar", "fr", "es"])
def test_one_language_is_not_judged_by_the_rules_of_another(code):
    for _, _, wrong, _ in TYPOGRAPHY:
        assert all(rule.startswith(code) for rule in rules("x" * 30, wrong, code=code, formatted=False))


def test_blocking_findings_come_first_and_each_once():
    found = findings("%(n)s x", ["<b> ?", "<b> ?"], FRENCH, source_plural="%(n)s xs")
    levels = [finding.level for finding in found]
    assert levels == sorted(levels)
    assert len(found) == len(set(found))


TEXTS = st.one_of(st.text(), st.sampled_from(["%(n)s", "%(a)s %(n)d", "%(", "100%", "a%%"]))


@given(TEXTS, st.none() | TEXTS, st.lists(TEXTS, max_size=8), st.sampled_from([ARABIC, FRENCH, SPANISH]))
def test_no_text_breaks_the_gate(source, source_plural, forms, locale):
    for finding in findings(source, forms, locale, source_plural=source_plural):
        assert finding.level in ("block", "warn")


@pytest.mark.parametrize(
    "piece", ["%(", "%", "<", "&", "j a", "`", "« ", "![", "](", "\u2067", "javascript", " ,", "http"]
)
def test_the_gate_takes_time_in_proportion_to_the_text(piece):
    started = time.process_time()
    findings("x" * 5_000, [piece * (20_000 // len(piece))], FRENCH)
    findings("x" * 5_000, [piece * (20_000 // len(piece))], ARABIC)
    assert time.process_time() - started < 2
