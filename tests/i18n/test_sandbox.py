import os
import sys

import pytest

from elearn.i18n import sandbox
from elearn.i18n.entries import Entry
from elearn.i18n.locales import ARABIC, FRENCH
from elearn.i18n.po import write
from elearn.i18n.sandbox import CatalogueFile, compile_file, compile_files
from elearn.i18n.snapshot import compile_entries, load_course

ENTRIES = (Entry("Save", ("Enregistrer",), context="m/l#a"), Entry("Hi", ("<b>Salut</b>",), context="m/l#b"))

# Checks as another package might bring them, each with a fault of its own.
CHECKS = """
import os, sys, time

def strict(source, target):
    return ["never good enough"]

def noisy(source, target):
    print("[1, 2, 3]")
    os.write(1, b"noise")
    return []

def crashing(source, target):
    raise RuntimeError

def killed(source, target):
    os.kill(os.getpid(), 9)

def hungry(source, target):
    return [bytearray(4 << 30)]

def quitting(source, target):
    sys.exit(0)

def sleeping(source, target):
    time.sleep(60)
"""


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "course.po"
    path.write_bytes(write(ENTRIES, FRENCH, domain="untoc"))
    return path


@pytest.fixture
def foreign_checks(tmp_path, monkeypatch):
    root = tmp_path / "root"
    root.mkdir()
    (root / "foreign.py").write_text(CHECKS)
    (root / "elearn").symlink_to(sandbox._PACKAGE_ROOT / "elearn")
    monkeypatch.setattr(sandbox, "_PACKAGE_ROOT", root)


def test_the_child_makes_the_same_snapshot_as_the_compiler(catalogue):
    assert compile_file(catalogue, FRENCH, "course") == compile_entries(ENTRIES, FRENCH, "course")


def test_a_check_is_named_by_module_and_function(catalogue, foreign_checks):
    compiled = compile_file(catalogue, FRENCH, "course", "foreign:strict")
    assert [dropped.finding.rule for dropped in compiled.dropped] == ["structure", "markup"]
    assert compiled.dropped[0].finding.message == "never good enough"


def test_what_a_check_prints_does_not_disturb_the_answer(catalogue, foreign_checks):
    assert compile_file(catalogue, FRENCH, "course", "foreign:noisy").accepted == 1


@pytest.mark.parametrize("check", ["killed", "quitting", "unknown"])
def test_a_dying_child_gives_an_empty_snapshot(catalogue, foreign_checks, check):
    compiled = compile_file(catalogue, FRENCH, "course", f"foreign:{check}")
    assert compiled.accepted == 0
    assert compiled.dropped[0].finding.rule == "catalogue"
    assert load_course(compiled.payload) == {}


@pytest.mark.parametrize("check", ["crashing", "hungry"])
def test_an_entry_that_breaks_the_check_is_left_out(catalogue, foreign_checks, check):
    compiled = compile_file(catalogue, FRENCH, "course", f"foreign:{check}")
    assert [dropped.finding.rule for dropped in compiled.dropped] == ["structure", "markup"]


def test_a_child_that_hangs_is_given_up(catalogue, foreign_checks, monkeypatch):
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 1)
    assert compile_file(catalogue, FRENCH, "course", "foreign:sleeping").accepted == 0


def test_a_file_that_kills_the_child_costs_the_others_nothing(catalogue, foreign_checks):
    files = [
        CatalogueFile(catalogue, FRENCH, "course"),
        CatalogueFile(catalogue, FRENCH, "course", "foreign:killed"),
        CatalogueFile(catalogue, ARABIC, "course"),
    ]
    assert [compiled.accepted for compiled in compile_files(files)] == [1, 0, 1]


def test_no_files_need_no_child(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert compile_files([]) == ()


def test_an_interpreter_that_does_not_start_gives_empty_snapshots(catalogue, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere")
    assert compile_file(catalogue, FRENCH, "course").accepted == 0


@pytest.mark.parametrize("kind", ["missing", "folder", "loop", "pipe", "device", "odd name"])
def test_what_is_no_regular_file_gives_an_empty_snapshot_with_a_reason(tmp_path, kind):
    path = tmp_path / "catalogue.po"
    match kind:
        case "folder":
            path.mkdir()
        case "loop":
            path.symlink_to(path)
        case "pipe":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "odd name":
            path = tmp_path / "a\0b\udcff"
    compiled = compile_file(path, FRENCH, "interface")
    assert compiled.accepted == 0
    assert compiled.dropped[0].finding.rule == "catalogue"
    assert compiled.dropped[0].finding.message.startswith("cannot be read")


def test_secrets_of_the_server_do_not_reach_the_child(catalogue, monkeypatch, foreign_checks, tmp_path):
    monkeypatch.setenv("ELEARN_SECRET_KEY", "s3cret")
    (tmp_path / "root" / "spying.py").write_text("import os\ndef look(s, t):\n    return sorted(os.environ)\n")
    compiled = compile_file(catalogue, FRENCH, "course", "spying:look")
    assert compiled.dropped[0].finding.rule == "structure"
    assert "ELEARN" not in compiled.dropped[0].finding.message
