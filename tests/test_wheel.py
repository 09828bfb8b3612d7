"""The wheel: everything that the program needs is in it, and nothing of it lies about at top level."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = """
import elearn, importlib.util, sys
from pathlib import Path
from elearn.app import create_app
from elearn.installation import prepare
from elearn.settings import load_settings

assert importlib.util.find_spec("config") is None, "config.py is importable by its bare name"
for name in ("templates", "translations", "modules", "tests"):
    found = importlib.util.find_spec(name)
    assert found is None or found.origin is None and not any("site-packages" in p for p in found.submodule_search_locations)
settings = load_settings(environment="test", instance=Path(sys.argv[1]), log_level="CRITICAL")
prepare(settings)
client = create_app(settings).test_client()
print(elearn.__file__, settings.modules, settings.templates, settings.translations, sep="\\n")
for locale in ("ar", "en", "fr", "es"):
    answer = client.get(f"/{locale}/learn/" + sys.argv[2])
    assert answer.status_code == 200, answer.status_code
    print(answer.get_data(as_text=True).count("data-testid"), len(answer.get_data()))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built into a folder of its own; nothing is written into the checkout."""
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    (built,) = target.glob("*.whl")
    return built


def test_the_wheel_holds_the_program_its_files_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/", 1)[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"elearn"}
    for wanted in (
        "elearn/_bundle/config.py", "elearn/_bundle/templates/layouts/shell.html", "elearn/_bundle/modules/untoc/course.toml",
        "elearn/_bundle/translations/ar/LC_MESSAGES/messages.po", "elearn/_bundle/translations/fr/LC_MESSAGES/untoc.po",
        "elearn/static/elearn.css", "elearn/migrations/versions/0001_first_tables.py", "elearn/migrations/env.py",
    ):  # fmt: skip
        assert wanted in names
    lessons = {p.relative_to(ROOT / "modules").as_posix() for p in (ROOT / "modules").rglob("*.md")}
    assert {f"elearn/_bundle/modules/{lesson}" for lesson in lessons} <= set(names)
    assert not [
        name for name in names if re.search(r"(^|/)(tests?|__pycache__|instance|\.venv)/|\.(db|pyc|key)$", name)
    ]


def test_the_metadata_says_licence_versions_and_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        read = {
            name.split(".dist-info/")[1]: archive.read(name).decode()
            for name in archive.namelist()
            if ".dist-info/" in name
        }
    assert "License-Expression: Apache-2.0" in read["METADATA"]
    assert "Requires-Python: >=3.11" in read["METADATA"]
    assert "elearn = elearn.cli:main" in read["entry_points.txt"]
    assert any(name.startswith("licenses/LICENSE") for name in read)


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment that has the wheel, and this one's packages without the checkout."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    with zipfile.ZipFile(wheel) as archive:  # what an installer does with a wheel of one kind (PEP 427)
        archive.extractall(site)
    shared = folder / "shared"
    shared.mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not re.match(r"_?_?editable|elearn|_?elearn.*\.(pth|dist-info)", path.name) and path.suffix != ".pth":
            (shared / path.name).symlink_to(path)
    (site / "shared.pth").write_text(f"{shared}\n")
    return folder / "bin" / "python"


def run(python: Path, *arguments: str, **environment: str) -> str:
    clean: Mapping[str, str] = {k: v for k, v in os.environ.items() if not k.startswith(("ELEARN_", "PYTHON"))}
    done = subprocess.run(
        [str(python), *arguments],
        cwd=python.parent,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_lesson_opens_from_the_installed_wheel_in_every_language(python: Path, tmp_path: Path) -> None:
    lesson = "untoc/" + open_lesson()
    lines = run(python, "-c", PROGRAM, str(tmp_path), lesson).splitlines()
    inside = str(python.parents[1])
    assert all(line.startswith(inside) for line in lines[:4]), lines[:4]
    assert all(int(line.split()[1]) > 5_000 for line in lines[4:])
    assert len(set(lines[4:])) == 4


def open_lesson() -> str:
    """Module and slug of a lesson that visitors may read."""
    import tomllib

    return str(tomllib.loads((ROOT / "modules" / "untoc" / "course.toml").read_text())["open"][0])


def test_the_command_of_the_installed_wheel_answers(python: Path, tmp_path: Path) -> None:
    environment = {"ELEARN_INSTANCE": str(tmp_path), "ELEARN_ENVIRONMENT": "test"}
    assert "0 errors" in run(python, "-m", "elearn", "content", "check", **environment)
    assert "db" in run(python, "-m", "elearn", "--help", **environment)
