"""Rules of the house that a machine can keep. Each message says what to do instead."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "elearn"
SOURCES = sorted(p for p in PACKAGE.rglob("*.py") if "migrations/versions" not in str(p))
ROOMS = ("accounts", "courses", "cohorts", "learning", "certificates", "pages")
DRAWERS = {"models", "policy", "queries", "service", "tasks", "forms", "views", "library", "records", "__init__"}
MAY_COMMIT = {"elearn/web/current.py", "elearn/db.py", "elearn/schema.py"}
MAX_FILE, MAX_FUNCTION, MAX_ARGUMENTS = 400, 40, 6


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def test_every_init_is_a_docstring():
    for path in PACKAGE.rglob("__init__.py"):
        body = ast.parse(path.read_text()).body
        assert [type(node) for node in body] == [ast.Expr], f"{name(path)}: move code into a module of its own"


def test_only_the_frame_and_the_database_commit():
    found = [name(p) for p in SOURCES if re.search(r"\.commit\(", p.read_text()) and name(p) not in MAY_COMMIT]
    assert not found, f"{found}: let the request's frame, the job runner or Database.transaction() commit"


def test_rooms_have_only_the_drawers_that_there_are():
    for room in ROOMS:
        found = {p.stem for p in (PACKAGE / room).iterdir() if p.name != "__pycache__"}
        assert found <= DRAWERS, f"{room}: {found - DRAWERS}: put it into the drawer that it belongs to"


def test_no_file_is_named_after_nothing():
    vague = {"utils", "helpers", "common", "manager", "misc", "util", "helper"}
    assert not [name(p) for p in PACKAGE.rglob("*.py") if p.stem in vague], "name it after what it does"


def test_files_stay_short():
    long = {name(p): n for p in SOURCES if (n := p.read_text().count("\n")) > MAX_FILE}
    assert not long, f"{long}: a drawer that outgrows one file becomes a folder"


def test_functions_stay_short():
    long = [
        f"{name(p)}:{f.lineno} {f.name}"
        for p in SOURCES
        for f in functions(p)
        if (f.end_lineno or 0) - f.lineno >= MAX_FUNCTION
    ]
    assert not long, f"{long}: say what the parts do in functions of their own"


def test_functions_take_few_arguments():
    many = [
        f"{name(p)}:{f.lineno} {f.name}"
        for p in SOURCES
        for f in functions(p)
        if len([a for a in (*f.args.args, *f.args.kwonlyargs) if a.arg not in ("self", "cls")]) > MAX_ARGUMENTS
    ]
    assert not many, f"{many}: hand over a dataclass"


def test_public_functions_say_what_they_do():
    silent = [
        f"{name(p)}:{node.lineno} {node.name}"
        for p in SOURCES
        for node in ast.parse(p.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert not silent, f"{silent}: write a docstring"


def test_no_exception_is_swallowed():
    silent = [
        f"{name(p)}:{node.lineno}"
        for p in SOURCES
        for node in ast.walk(ast.parse(p.read_text()))
        if isinstance(node, ast.ExceptHandler) and len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
    ]
    assert not silent, f"{silent}: handle it, or use contextlib.suppress with the reason beside it"


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK", "NotImplementedError"])
def test_nothing_is_left_for_later(word: str):
    found = [name(p) for p in SOURCES if re.search(rf"\b{word}\b", p.read_text())]
    assert not found, f"{found}: build it, or leave it out"


def test_tests_do_not_skip():
    pattern = re.compile(r"pytest\.(skip|importorskip)|mark\.(skip|xfail)\b")
    found = [name(p) for p in (ROOT / "tests").rglob("*.py") if p != Path(__file__) and pattern.search(p.read_text())]
    assert not found, f"{found}: a test that cannot run fails"


def test_the_lock_names_hashes_and_no_index():
    lock = (ROOT / "requirements.lock").read_text()
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|--index|--extra-index", lock), "compile with --no-emit-index-url"


def test_the_runtime_stays_below_seventy_packages():
    """Direct and indirect runtime packages; those of tests and development do not count."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    users = _users((ROOT / "requirements.lock").read_text())
    runtime = {re.split(r"[<>=\[]", d)[0].lower() for d in wanted}
    while more := {p for p, by in users.items() if by & runtime} - runtime:
        runtime |= more
    assert len(runtime) <= 70, sorted(runtime)


def _users(lock: str) -> dict[str, set[str]]:
    """Package → packages that need it, from the comments of the lock."""
    users: dict[str, set[str]] = {}
    current = ""
    for line in lock.splitlines():
        if match := re.match(r"([a-z0-9][a-z0-9._-]*)(\[.*?\])?==", line):
            current = match[1]
        elif match := re.match(r"    #(?: via)?\s+([a-z0-9][a-z0-9._-]*)$", line):
            users.setdefault(current, set()).add(match[1])
    return users


def test_nothing_names_a_machine_or_a_workplace():
    pattern = re.compile(r"(^|[^A-Za-z0-9_.])/(work|root|farm|home/[a-z]+)/")
    folders = ("elearn", "templates", "modules", "tests", "docs", "tools", "translations")
    found = [
        name(p)
        for folder in folders
        for p in (ROOT / folder).rglob("*")
        if p.suffix in {".py", ".html", ".md", ".toml", ".po", ".css", ".js", ".txt"} and pattern.search(p.read_text())
    ]
    assert not found, found
