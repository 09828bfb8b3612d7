"""What `undrawable` promises is compared with the compiler that draws: it must agree for every character."""

import json
import unicodedata
from pathlib import Path

import pytest
import typst

from elearn import fonts
from elearn.fonts import font_folders, undrawable, whole_family

PAGE = """
#set document(title: "Names")
#set text(lang: "en", font: ("Playfair Display", "Noto Sans", "Amiri", "IBM Plex Sans Arabic"), weight: 700)
#for name in json(bytes(sys.inputs.names)) { par(name) }
"""


class Page:
    """Compiles names under the standards that refuse a character without a glyph."""

    def __init__(self, path: Path) -> None:
        path.write_text(PAGE, encoding="utf-8")
        only_ours = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders())
        self._compiler = typst.Compiler(input=str(path), root=str(path.parent), font_paths=only_ours)

    def compiles(self, *names: str) -> bool:
        try:
            self._compiler.compile(
                format="pdf", sys_inputs={"names": json.dumps(names)}, pdf_standards=["ua-1", "a-2a"]
            )
        except typst.TypstError as error:
            if "could not be displayed" in str(error) or "codepoint" in str(error):
                return False
            raise
        return True


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(tmp_path_factory.mktemp("fonts") / "names.typ")


def test_every_family_has_a_folder_with_true_type_files() -> None:
    assert len(font_folders()) == 4
    assert all(any(Path(folder).glob("*.ttf")) for folder in font_folders())


def test_every_character_that_counts_as_drawable_compiles(page: Page) -> None:
    mapped = sorted(frozenset[str]().union(*fonts._coverage().values()))
    accepted = ["n" + char for char in mapped if not undrawable("n" + char)]
    assert len(accepted) > 4000
    assert page.compiles(*accepted)


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Ví Dụ",
        unicodedata.normalize("NFD", "Nguyễn Thị Ví Dụ"),
        "Пример Ґалаґан",
        "Ἀλέξανδρος Παπαδόπουλος",
        "क्षत्रिय श्रीकृष्ण",
        "عبد الرحمن بن مُحَمَّد",
        "گل\u200cمحمدی",
        "O’Neil-D'Arcy",
        "q\u0303\u0323 Ж\u0308\u0323",
        "\u2068Lina\u2069 \u200fلينا\u200e\u061c",
        "a\u00a0b\u2009c\u202fd\u3000e",
        "",
    ],
)
def test_a_drawable_name_compiles(page: Page, name: str) -> None:
    assert undrawable(name) == ""
    assert page.compiles(name)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("王小明", "王小明"),
        ("ሀ Abebe ለ ሀ", "ሀለ"),
        ("Ana 🎓", "🎓"),
        ("דוד", "דו"),
        ("x\ue000", "\ue000"),
        ("a\x00b", "\x00"),
    ],
)
def test_the_missing_characters_are_named_once_each(page: Page, name: str, missing: str) -> None:
    assert undrawable(name) == missing
    assert not page.compiles(name)


@pytest.mark.parametrize("char", ["\n", "\t", "\x7f", "\u202e", "\u2028", "\ufeff", "\u200b", "\u00ad", "\ud800"])
def test_controls_overrides_and_line_breaks_are_no_part_of_a_name(char: str) -> None:
    assert undrawable(f"Ana{char}Lina") == char


def test_a_mark_without_a_letter_is_undrawable() -> None:
    assert undrawable("\u0301Ana") == "\u0301"
    assert undrawable("Ana \u0301") == "\u0301"


def test_letter_and_mark_must_be_in_the_same_font() -> None:
    letter, mark = "ص", "\u093f"  # Arabic letter, Devanagari vowel sign
    assert undrawable(letter) == ""
    assert undrawable(letter + mark) == letter + mark


def test_a_face_is_chosen_that_has_the_whole_text() -> None:
    faces = ("Playfair Display", "Noto Sans")
    assert whole_family("Nguyễn", faces) == "Playfair Display"
    assert whole_family("Παπαδόπουλος Ana", faces) == "Noto Sans"
    assert whole_family("Ana لينا", faces) == "Playfair Display"
