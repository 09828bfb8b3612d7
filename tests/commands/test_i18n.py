"""`elearn i18n`: catalogues checked, published, rolled back, and taken over from parallel files."""

from pathlib import Path

import pytest

from elearn.catalogues.store import CatalogueStore
from elearn.db import Database
from elearn.i18n import po
from elearn.i18n.entries import Entry
from tests.commands.conftest import Operator
from tests.content.course_files import FILES, FRONT, write_course

SOURCE = "Sign in"


def catalogue(operator: Operator, locale: str, domain: str = "messages") -> Path:
    return operator.settings.translations / locale / "LC_MESSAGES" / f"{domain}.po"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new))


def retranslate(operator: Operator, locale: str, text: str) -> None:
    """Another translation of “Sign in”."""
    path = catalogue(operator, locale)
    entry = next(e for e in po.read(path.read_bytes()) if e.source == SOURCE and not e.context)
    edit(path, f'\nmsgid "{SOURCE}"\nmsgstr "{entry.forms[0]}"', f'\nmsgid "{SOURCE}"\nmsgstr "{text}"')


def test_the_catalogues_of_the_product_are_whole(operator: Operator):
    result = operator.run("i18n", "check")
    assert (result.code, result.out) == (0, "0 problems in the catalogues\n")


def test_each_problem_is_named_with_its_catalogue(operator: Operator):
    operator.own_copy("translations")
    retranslate(operator, "ar", "<script>alert(1)</script>")
    retranslate(operator, "fr", "")
    edit(catalogue(operator, "es"), f'\nmsgid "{SOURCE}"', f'\n#, fuzzy\nmsgid "{SOURCE}"')
    catalogue(operator, "ar", "untoc").write_bytes(b'msgid "open')
    catalogue(operator, "fr", "untoc").unlink()
    result = operator.run("i18n", "check")
    assert result.code == 1
    found = result.out.splitlines()
    for start in (
        f"ar/messages.po:  {SOURCE!r}: ",
        "fr/messages.po: 1 units missing, 0 outdated",
        "es/messages.po: 0 units missing, 1 outdated",
        "ar/untoc.po: ",
        "fr/untoc.po: not up to date with the source: run `elearn content extract`",
    ):
        assert any(line.startswith(start) for line in found), f"{start} not in {found}"
    assert not any(line.startswith("es/untoc.po") for line in found)
    assert found[-1] == f"{len(found) - 1} problems in the catalogues"


def shown(data: Database, locale: str) -> str:
    """What a process that starts now says for “Sign in”."""
    return CatalogueStore(data).refresh().messages(locale).gettext(SOURCE)


def test_what_is_published_is_live_until_it_is_rolled_back(installed: Operator, data: Database):
    installed.own_copy("translations")
    before = shown(data, "fr")
    retranslate(installed, "fr", "Entrez donc")
    result = installed.run("i18n", "publish")
    assert result.code == 0
    assert result.out.startswith("fr/messages: ")
    assert result.out.count("texts live") == 1
    assert shown(data, "fr") == "Entrez donc"
    assert installed.run("i18n", "publish").out == "", "nothing changed since"
    assert installed.run("i18n", "rollback", "fr", "messages", 1).code == 0
    assert shown(data, "fr") == before


def test_what_could_harm_a_page_is_left_out_and_named(installed: Operator, data: Database):
    installed.own_copy("translations")
    retranslate(installed, "fr", "<script>alert(1)</script>")
    result = installed.run("i18n", "publish")
    assert result.code == 0
    assert "1 left out" in result.out
    assert SOURCE in result.out
    assert shown(data, "fr") == SOURCE


@pytest.mark.parametrize("place", [("fr", "messages", 99), ("de", "messages", 1), ("fr", "nothing", 1)])
def test_a_revision_that_never_was_is_refused(place: tuple[str, str, int], installed: Operator, data: Database):
    before = shown(data, "fr")
    result = installed.run("i18n", "rollback", *place)
    locale, domain, revision = place
    assert (result.code, result.out) == (1, f"no revision {revision} of {locale}/{domain}\n")
    assert shown(data, "fr") == before


@pytest.fixture
def small(operator: Operator) -> Path:
    """A small course with an empty folder for its French; the path of that folder."""
    operator.set(MODULES=operator.folder / "modules", TRANSLATIONS=operator.folder / "translations")
    write_course(operator.folder / "modules" / "small")
    assert operator.run("content", "extract").code == 0
    return operator.folder / "french"


def write_french(folder: Path) -> None:
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            text.replace(FRONT, FRONT.replace("tell a from b", "distinguer")).replace("First lesson", "Leçon un")
        )


def french(operator: Operator) -> dict[str, Entry]:
    return {entry.source: entry for entry in po.read(catalogue(operator, "fr", "small").read_bytes())}


def test_parallel_files_become_a_catalogue(operator: Operator, small: Path):
    write_french(small)
    (small / "glossary.toml").unlink()
    result = operator.run("i18n", "import", "fr", "small", small)
    assert result.code == 0
    assert "  no glossary.toml: left as it is\n" in result.out
    taken = french(operator)
    assert taken["First lesson"].forms == ("Leçon un",)
    assert taken["Right, this."].forms == ("Right, this.",)
    assert not taken["treaty"].is_translated
    count = sum(entry.is_translated for entry in po.read(catalogue(operator, "fr", "small").read_bytes()))
    assert result.out.endswith(f"\n{count} texts taken over into fr/small.po\n")


def test_a_file_that_does_not_fit_takes_nothing_over(operator: Operator, small: Path):
    write_french(small)
    edit(small / "assessments" / "final.md", "- [x] t. True", "- [ ] t. True")
    before = catalogue(operator, "fr", "small").read_bytes()
    result = operator.run("i18n", "import", "fr", "small", small)
    assert result.code == 1
    assert "final.md:" in result.out
    assert catalogue(operator, "fr", "small").read_bytes() == before


@pytest.mark.parametrize(("locale", "course", "code"), [("de", "small", 2), ("fr", "large", 1)])
def test_what_is_not_there_is_said(locale: str, course: str, code: int, operator: Operator, small: Path):
    result = operator.run("i18n", "import", locale, course, small)
    assert result.code == code
    assert {"de": "'de'", "fr": "'large'"}[locale] in result.out + result.err
