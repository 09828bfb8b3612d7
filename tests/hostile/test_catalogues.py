"""The whole hostile set through the sandbox: nothing raises, and what gets through is harmless."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from elearn.i18n.bidi import has_balanced_isolates, has_overrides
from elearn.i18n.entries import Entry, Mode
from elearn.i18n.formatting import interpolate, placeholders
from elearn.i18n.locales import ARABIC, FRENCH, Locale
from elearn.i18n.messages import Messages
from elearn.i18n.sandbox import CatalogueFile, compile_file, compile_files
from elearn.i18n.snapshot import Compiled, load_course, load_interface
from tests.hostile.catalogues import TEMPLATE, hostile_catalogues, hostile_places

NAMES = [name for name, _ in hostile_catalogues()]
VALUES = {"name": "Nadia", "n": 3}
DANGEROUS = re.compile(r"<[a-z/!?]|&(?:[a-z]+|#x?[0-9a-f]+);|script\s*:|data:\S|[\x00-\x08\x0b-\x1f\x7f-\x9f]", re.I)
PLACES = ["missing", "directory", "symlink-loop", "dangling-symlink", "pipe", "endless-device"]

Results = dict[tuple[str, str, str], Compiled]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Every hostile file in both modes and for two languages, compiled in one go."""
    folder = tmp_path_factory.mktemp("hostile")
    jobs: dict[tuple[str, str, str], CatalogueFile] = {}
    for locale in (ARABIC, FRENCH):
        for name, data in hostile_catalogues(locale=locale):
            path = folder / f"{name}.{locale.code}.po"
            path.write_bytes(data)
            modes: tuple[Mode, ...] = ("interface",) if name.startswith("big-") else ("interface", "course")
            for mode in modes:
                jobs[name, locale.code, mode] = CatalogueFile(path, locale, mode)
    return dict(zip(jobs, compile_files(list(jobs.values())), strict=True))


def test_the_set_is_large_and_every_name_is_its_own():
    assert len(NAMES) >= 60
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", name) for name in NAMES)


def test_no_file_reaches_the_limits_of_the_sandbox(compiled: Results):
    """Refused for what it is, not because the child had to be killed."""
    killed = [key for key, one in compiled.items() if any("limits" in d.finding.message for d in one.dropped)]
    assert killed == []


@pytest.mark.parametrize("locale", [ARABIC, FRENCH], ids=lambda locale: locale.code)
@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_answered_by_a_valid_translation_or_the_source(name: str, locale: Locale, compiled: Results):
    messages = load_interface(compiled[name, locale.code, "interface"].payload, locale)
    for source, text in answers(messages):
        assert_harmless(source, text)
        shown = interpolate(text, source, VALUES if placeholders(source) else {})
        assert len(shown) <= 4 * len(source) + 250
        assert "%(" not in shown


@pytest.mark.parametrize("locale", [ARABIC, FRENCH], ids=lambda locale: locale.code)
@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("big-")])
def test_no_unit_of_a_course_carries_anything_harmful(name: str, locale: Locale, compiled: Results):
    sources = {entry.context: entry.source for entry in TEMPLATE}
    for context, unit in load_course(compiled[name, locale.code, "course"].payload).items():
        assert_harmless(sources.get(context, "x" * 200), unit.text, formatted=False)


def answers(messages: Messages) -> Iterator[tuple[str, str]]:
    for entry in TEMPLATE:
        if entry.source_plural is not None:
            for n in (0, 1, 2, 3, 11, 100):
                yield entry.source_plural, messages.ngettext(entry.source, entry.source_plural, n)
        elif entry.context is not None:
            yield entry.source, messages.pgettext(entry.context, entry.source)
        else:
            yield entry.source, messages.gettext(entry.source)


def assert_harmless(source: str, text: str, *, formatted: bool = True) -> None:
    assert text.strip()
    assert not DANGEROUS.search(text)
    assert not has_overrides(text)
    assert has_balanced_isolates(text)
    assert len(text) <= 4 * len(source) + 200
    if formatted and text != source:
        assert set(placeholders(text)) <= set(placeholders(source))


ACCEPTED_WHOLE = ["plural-division-by-zero", "plural-hundred-million-forms", "byte-order-mark", "windows-lines"]


@pytest.mark.parametrize("name", ACCEPTED_WHOLE)
def test_a_bad_header_or_a_foreign_editor_costs_no_translation(name: str, compiled: Results):
    assert compiled[name, "fr", "interface"].accepted == len(TEMPLATE)


REFUSED_TEXTS = ["script", "width-bomb", "override", "javascript-link", "truncated-placeholder", "entities", "controls"]


@pytest.mark.parametrize("name", REFUSED_TEXTS)
def test_what_must_not_pass_does_not_pass(name: str, compiled: Results):
    one = compiled[f"text-{name}", "fr", "interface"]
    assert one.accepted == 0
    assert len(one.dropped) == len(TEMPLATE)


def test_a_good_entry_beside_a_bad_one_survives(compiled: Results):
    one = compiled["structure-context-posing", "fr", "interface"]
    assert one.accepted == len(TEMPLATE)
    assert len(one.dropped) == 1


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_falls_back_to_the_source(place: str, tmp_path: Path):
    path = dict(hostile_places(tmp_path))[place]
    one = compile_file(path, FRENCH, "interface")
    assert one.accepted == 0
    assert load_interface(one.payload, FRENCH).gettext("Save") == "Save"


def test_a_file_without_permission_is_harmless(tmp_path: Path):
    """The superuser reads it all the same, so that only what holds for everybody is asked."""
    path = dict(hostile_places(tmp_path))["unreadable"]
    one = compile_file(path, FRENCH, "interface")
    assert one.accepted == 0
    assert one.dropped


def test_an_entry_of_the_template_is_translatable_at_all(compiled: Results):
    """Guards the tests above: harmless translations do get through."""
    one = compiled["plural-nothing", "ar", "interface"]
    assert one.accepted == len(TEMPLATE)
    assert isinstance(TEMPLATE[0], Entry)
