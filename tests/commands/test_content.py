"""`elearn content`: faults named, catalogues brought up to date, words counted, ids settled."""

from pathlib import Path

import pytest

from elearn.content.course import load_course
from elearn.i18n import po
from elearn.i18n.entries import Entry
from tests.commands.conftest import Operator
from tests.content.course_files import COURSE, write_course

FIRST = "01-start/01-first.md"


@pytest.fixture
def small(operator: Operator) -> Path:
    """A small course, with translations of its own to come."""
    operator.set(MODULES=operator.folder / "modules", TRANSLATIONS=operator.folder / "translations")
    (operator.folder / "modules").mkdir()
    return write_course(operator.folder / "modules" / "small")


def change(course: Path, old: str, new: str) -> None:
    path = course / FIRST
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def entries(operator: Operator, locale: str = "fr") -> dict[str, Entry]:
    path = operator.settings.translations / locale / "LC_MESSAGES" / "small.po"
    return {entry.source: entry for entry in po.read(path.read_bytes())}


def translate(operator: Operator, source: str, text: str) -> None:
    path = operator.settings.translations / "fr" / "LC_MESSAGES" / "small.po"
    old = f'msgid "{source}"\nmsgstr ""'
    assert path.read_text().count(old) == 1
    path.write_text(path.read_text().replace(old, f'msgid "{source}"\nmsgstr "{text}"'))


def test_the_courses_of_the_product_have_no_faults(operator: Operator):
    result = operator.run("content", "check")
    assert (result.code, result.out) == (0, "untoc: 0 errors, 0 warnings\n")


def test_a_fault_is_named_with_file_line_and_mend(operator: Operator, small: Path):
    change(small, "- [x] a. This one.", "- [ ] a. This one.")
    line = (small / FIRST).read_text().splitlines().index("::: question q1 | single | recall | objective 1") + 1
    result = operator.run("content", "check")
    assert result.code == 1
    assert any(found.startswith(f"small/{FIRST}:{line}: ") for found in result.out.splitlines()), result.out
    assert result.out.splitlines()[-1].startswith("small: ")
    assert " 0 errors" not in result.out


def test_a_folder_that_is_no_course_is_a_fault(operator: Operator, small: Path):
    (small.parent / "empty").mkdir()
    result = operator.run("content", "check")
    assert result.code == 1
    assert "empty/course.toml:1: The file cannot be read" in result.out
    assert "small: 0 errors, 0 warnings" in result.out


def test_two_courses_of_one_id_are_a_fault_of_the_folder_that_is_not_called_so(operator: Operator, small: Path):
    write_course(small.parent / "copy")
    result = operator.run("content", "check")
    assert result.code == 1
    assert "copy/course.toml:1: The id is not the name of the folder." in result.out
    assert "small: 0 errors, 0 warnings" in result.out


@pytest.mark.parametrize("is_there", [True, False])
def test_no_course_at_all_is_a_fault(is_there: bool, operator: Operator):
    folder = operator.folder / "modules"
    if is_there:
        folder.mkdir()
    operator.set(MODULES=folder)
    result = operator.run("content", "check")
    assert (result.code, result.out) == (1, f"there is no course in {folder}\n")


def test_the_catalogues_of_the_product_are_up_to_date_and_extracting_twice_changes_nothing(operator: Operator):
    operator.own_copy("modules", "translations")
    before = files(operator.folder)
    for _ in range(2):
        result = operator.run("content", "extract")
        assert (result.code, result.out) == (0, "untoc: every block has its id\n")
        assert files(operator.folder) == before


def test_a_new_course_gets_templates_and_empty_catalogues(operator: Operator, small: Path):
    assert operator.run("content", "extract").code == 0
    made = files(operator.settings.translations)
    assert {name for name in made if "small" in name} == {
        "small.pot", *(f"{locale}/LC_MESSAGES/small.po" for locale in ("ar", "fr", "es")),
    }  # fmt: skip
    assert set(entries(operator)) == {unit.text for unit in load_course(small).units()}
    assert not any(entry.is_translated for entry in entries(operator).values())


def test_a_changed_block_keeps_its_id_and_its_translation_as_outdated(operator: Operator, small: Path):
    operator.run("content", "extract")
    translate(operator, "Keep this.", "Retenez ceci.")
    context = entries(operator)["Keep this."].context
    change(small, "- Keep this.", "- Keep this in mind.")
    assert operator.run("content", "check").code == 1, "the lock is behind"
    result = operator.run("content", "extract")
    assert result.code == 0
    assert f"  changed, translations become outdated: {context}\n" in result.out
    entry = entries(operator)["Keep this in mind."]
    assert (entry.context, entry.forms, entry.fuzzy, entry.previous_source) == (
        context, ("Retenez ceci.",), True, "Keep this.",
    )  # fmt: skip
    assert operator.run("content", "check").code == 0
    before = files(operator.folder)
    operator.run("content", "extract")
    assert files(operator.folder) == before


def test_a_course_with_faults_is_not_extracted(operator: Operator, small: Path):
    operator.run("content", "extract")
    change(small, "- [x] a. This one.", "- [ ] a. This one.")
    before = files(operator.folder)
    result = operator.run("content", "extract")
    assert result.code == 1
    assert FIRST in result.out
    assert files(operator.folder) == before


def test_words_and_shares_are_counted(operator: Operator, small: Path):
    operator.run("content", "extract")
    translate(operator, "Keep this.", "Retenez ceci.")
    counted = operator.run("content", "stats").out.splitlines()
    start = counted.index(f"small: {len(list(load_course(small).units()))} units")
    shares = {line.split()[0]: line.split() for line in counted[start + 1 :]}
    assert set(shares) == {"ar", "fr", "es"}
    assert shares["ar"][3] == "0.0%"
    words = int(shares["fr"][1])
    assert shares["fr"][3] == f"{2 / words:.1%}"
    assert int(shares["ar"][5]) - int(shares["fr"][5]) == 1


@pytest.mark.parametrize("form", ["{0}", "start/first#{0}"])
def test_an_id_is_settled_in_whichever_course_it_is(form: str, operator: Operator, small: Path):
    write_course(operator.folder / "modules" / "other", {"course.toml": COURSE.replace('"small"', '"other"')})

    def uids() -> dict[str, str]:
        return {unit.text: unit.context.rpartition("#")[2] for unit in load_course(small).units()}

    before = uids()
    change(small, "- Keep this.", "- Quite another sentence by now, of another length.")
    operator.run("content", "extract")
    new = uids()["Quite another sentence by now, of another length."]
    assert new != before["Keep this."]
    assert operator.run("content", "pin", form.format(before["Keep this."]), form.format(new)).code == 0
    assert uids()["Quite another sentence by now, of another length."] == before["Keep this."]


def test_an_id_that_no_block_has_is_refused(operator: Operator, small: Path):
    before = files(small)
    result = operator.run("content", "pin", "start/first#aaaaaa", "start/first#bbbbbb")
    assert result.code == 1
    assert "bbbbbb" in result.out
    assert files(small) == before
