"""The static step: names that follow the content, joined scripts, compressed copies, and no work done twice."""

import gzip
import json
from pathlib import Path

import brotli
import pytest

from elearn.web.assets import AssetError, Assets, build, join_script


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "js").mkdir(parents=True)
    (folder / "elearn.css").write_text("a{color:red}")
    (folder / "mark.png").write_bytes(b"\x89PNG")
    (folder / "js" / "forms.js").write_text('import { one } from "./one.js";\none();\n')
    (folder / "js" / "learn.js").write_text("void 0;\n")
    (folder / "js" / "one.js").write_text("export function one() {}\n")
    return folder


def test_a_name_changes_with_the_content_and_only_then(source: Path, tmp_path: Path) -> None:
    before = build(source, tmp_path / "built")
    (source / "elearn.css").write_text("a{color:blue}")
    after = build(source, tmp_path / "built")
    assert before["elearn.css"] != after["elearn.css"]
    assert before["forms.js"] == after["forms.js"]


def test_a_change_in_an_imported_module_changes_the_name_of_the_script(source: Path, tmp_path: Path) -> None:
    before = build(source, tmp_path / "built")
    (source / "js" / "one.js").write_text("export function one() { return 1; }\n")
    assert build(source, tmp_path / "built")["forms.js"] != before["forms.js"]


def test_modules_are_not_served_by_themselves(source: Path, tmp_path: Path) -> None:
    assert set(build(source, tmp_path / "built")) == {"elearn.css", "mark.png", "forms.js", "learn.js"}


def test_compressed_copies_hold_the_same_bytes(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "built"
    name = build(source, target)["elearn.css"]
    assert gzip.decompress((target / f"{name}.gz").read_bytes()) == b"a{color:red}"
    assert brotli.decompress((target / f"{name}.br").read_bytes()) == b"a{color:red}"


def test_pictures_are_not_compressed_again(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "built"
    name = build(source, target)["mark.png"]
    assert not (target / f"{name}.gz").exists()


def test_an_unchanged_source_is_not_built_again(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "built"
    names = build(source, target)
    (target / names["elearn.css"]).write_text("touched")
    assert build(source, target) == names
    assert (target / names["elearn.css"]).read_text() == "touched"


def test_a_missing_file_or_a_broken_manifest_is_built_again(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "built"
    names = build(source, target)
    (target / names["elearn.css"]).unlink()
    build(source, target)
    assert (target / names["elearn.css"]).is_file()
    (target / "manifest.json").write_text("{")
    assert build(source, target) == names
    assert json.loads((target / "manifest.json").read_text())["files"] == names


def test_no_draft_stays_behind(source: Path, tmp_path: Path) -> None:
    build(source, tmp_path / "built")
    assert not list((tmp_path / "built").glob(".draft-*"))


def test_a_script_is_its_modules_each_once_and_in_order() -> None:
    modules = {
        "a.js": 'import { b } from "./b.js";\nimport { c } from "./c.js";\nb(); c();\n',
        "b.js": 'import { c } from "./c.js";\nexport const b = () => c();\n',
        "c.js": "export function c() {}\n",
    }
    assert join_script("a.js", modules) == "function c() {}\nconst b = () => c();\nb(); c();\n"


@pytest.mark.parametrize(
    ("modules", "complaint"),
    [
        ({"a.js": 'import { x } from "./gone.js";\n'}, "gone.js, which is not there"),
        ({"a.js": 'import { a } from "./a.js";\n'}, "in a circle"),
        (
            {"a.js": 'import { b } from "./b.js";\nconst b2 = 1;\n', "b.js": "const b2 = 2;\n"},
            "b2 is declared",
        ),
        ({"a.js": 'import x from "./b.js";\n', "b.js": ""}, "cannot join"),
        ({"a.js": "export default 1;\n"}, "cannot join"),
    ],
)
def test_what_cannot_be_joined_is_refused(modules: dict[str, str], complaint: str) -> None:
    with pytest.raises(AssetError, match=complaint):
        join_script("a.js", modules)


def test_an_address_is_the_prefix_and_the_hashed_name() -> None:
    assert Assets({"elearn.css": "elearn.1a2b3c4d.css"}).url("elearn.css") == "/static/elearn.1a2b3c4d.css"


def test_an_unknown_name_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(AssetError, match=r"elearn\.css"):
        Assets({"elearn.css": "x"}).url("elarn.css")
