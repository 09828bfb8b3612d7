"""The command itself: help, exit codes, and errors in one line."""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from elearn import cli
from elearn.db import Database
from elearn.settings import bundle_path
from tests.commands.conftest import Operator


def commands(parser: argparse.ArgumentParser, *before: str) -> Iterator[tuple[str, ...]]:
    """Every command with its subcommands."""
    yield before
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                yield from commands(sub, *before, name)


ALL = sorted(commands(cli.parser()))
GROUPS = {(), ("content",), ("i18n",), ("users",), ("db",)}


@pytest.mark.parametrize("command", ALL, ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...], operator: Operator):
    result = operator.run(*command, "--help")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(f"usage: {' '.join(('elearn', *command))}")
    for name in (c[len(command)] for c in ALL if c[: len(command)] == command and len(c) == len(command) + 1):
        assert re.search(rf"^ +{name}\s+\S+ \S+", result.out, re.M), f"{name} has no help"


def test_the_documentation_lists_exactly_the_commands_that_there_are():
    document = (bundle_path("config.py").parent / "docs" / "interface.md").read_text()
    for command in ALL:
        assert (f"| `elearn {' '.join(command)}` |" in document) is (command not in GROUPS), command
    assert document.count("| `elearn ") == len(ALL) - len(GROUPS)


@pytest.mark.parametrize(
    "wrong", ["", "nonsense", "content", "users grant a@example.org king", "i18n rollback ar messages one"]
)
def test_wrong_use_is_2(wrong: str, operator: Operator):
    result = operator.run(*wrong.split())
    assert result.code == 2
    assert result.err.startswith("usage: elearn")


def test_a_wrong_setting_is_2_in_one_line_without_a_traceback(operator: Operator):
    operator.set(PORT="eight")
    result = operator.run("doctor")
    assert (result.code, result.out, result.err) == (2, "", "elearn: ELEARN_PORT='eight' is not a int\n")


def test_an_interruption_is_130(operator: Operator, monkeypatch: pytest.MonkeyPatch):
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("elearn.commands.doctor._settings", interrupt)
    monkeypatch.setattr("elearn.commands.doctor.CHECKS", (("settings", interrupt),))
    assert operator.run("doctor").code == 130


def test_the_schema_goes_up_down_and_is_compared(operator: Operator):
    assert operator.run("db", "upgrade").code == 0
    result = operator.run("db", "check")
    assert (result.code, result.out) == (0, "")
    assert operator.run("db", "downgrade", "base").code == 0
    result = operator.run("db", "check")
    assert (result.code, result.out) == (1, "the database is not at the newest revision: run `elearn db upgrade`\n")
    assert operator.run("db", "upgrade", "0001").code == 0
    database = Database(operator.settings.database_url)
    with database.transaction() as session:
        session.connection().exec_driver_sql("alter table people add column stray integer")
    database.close()
    result = operator.run("db", "check")
    assert result.code == 1
    assert "stray" in result.out


def test_it_starts_as_a_module_from_any_folder(tmp_path: Path):
    ended = subprocess.run(
        [sys.executable, "-m", "elearn", "nonsense"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "invalid choice: 'nonsense'" in ended.stderr
    assert list(tmp_path.iterdir()) == [], "nothing is written by a wrong command"
