"""An operator at the command line, with an installation in a folder of its own."""

import io
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from elearn.cli import main
from elearn.db import Database
from elearn.settings import Settings, bundle_path, load_settings
from tests.conftest import FAST


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Operator:
    """Runs commands as `elearn` would, in this process."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def set(self, **variables: object) -> None:
        """Set ELEARN_<variables>."""
        for name, value in variables.items():
            self.monkeypatch.setenv(f"ELEARN_{name}", str(value))

    def run(self, *arguments: object, typed: str = "") -> Result:
        """Run a command; `typed` is its standard input."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        self.capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
            if code is not end.code:
                print(end.code, file=sys.stderr)  # as the interpreter does
        return Result(code, *self.capsys.readouterr())

    def install(self, seed: Path) -> None:
        """A migrated database with published catalogues."""
        self.settings.instance.mkdir()
        with (
            closing(sqlite3.connect(seed / "elearn.db")) as source,
            closing(sqlite3.connect(self.settings.instance / "elearn.db")) as target,
        ):
            source.backup(target)

    def own_copy(self, *names: str) -> None:
        """Work on copies of folders of the product, so that nothing in the checkout changes."""
        for name in names:
            shutil.copytree(bundle_path(name), self.folder / name)
            self.set(**{name.upper(): self.folder / name})

    @property
    def settings(self) -> Settings:
        """The settings that commands see now."""
        return load_settings()


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    """An operator whose installation is not prepared yet."""
    made = Operator(tmp_path, monkeypatch, capsys)
    made.set(**{name.upper(): value for name, value in FAST.items()}, INSTANCE=tmp_path / "instance")
    return made


@pytest.fixture
def installed(operator: Operator, seed: Path) -> Operator:
    """An operator with a prepared installation."""
    operator.install(seed)
    return operator


@pytest.fixture
def data(installed: Operator) -> Iterator[Database]:
    """The database of the installation."""
    database = Database(installed.settings.database_url)
    yield database
    database.close()
