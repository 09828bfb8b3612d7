"""Compiling catalogue files in a child process with limits on memory and time.

Whatever a file does to the reader, the caller gets a snapshot: in the worst case an empty one and the reason, so that
every text falls back to the source. `python -m elearn.i18n.sandbox` is the child.
"""

import base64
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from importlib import import_module
from pathlib import Path
from stat import S_ISREG
from typing import Any, BinaryIO

from elearn.i18n.entries import Mode
from elearn.i18n.errors import CatalogueError
from elearn.i18n.findings import Finding
from elearn.i18n.locales import Locale, matching
from elearn.i18n.po import MAX_BYTES, read
from elearn.i18n.snapshot import (
    Compiled,
    Dropped,
    ExtraCheck,
    compile_entries,
    empty,
    load_course,
    load_interface,
)

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 10
WALL_SECONDS = 20
_PACKAGE_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A PO file to compile. `extra_check` names a function as "package.module:function" (see `ExtraCheck`)."""

    path: Path
    locale: Locale
    mode: Mode
    extra_check: str | None = None


def compile_file(path: Path, locale: Locale, mode: Mode, extra_check: str | None = None) -> Compiled:
    """The snapshot of one PO file; an empty one with the reason when it cannot be used. No file makes it raise."""
    return compile_files([CatalogueFile(path, locale, mode, extra_check)])[0]


def compile_files(files: Sequence[CatalogueFile]) -> tuple[Compiled, ...]:
    """The snapshots of several PO files, in their order, by one child; a file that kills it is tried again alone."""
    results = dict(enumerate(_compiled_by_child(files)))
    if len(files) > 1:
        for index in range(len(results), len(files)):
            results.update(zip([index], _compiled_by_child([files[index]]), strict=False))
    failed = "the file could not be compiled within the limits of memory and time"
    return tuple(results.get(i) or empty(file.locale, file.mode, failed) for i, file in enumerate(files))


def _compiled_by_child(files: Sequence[CatalogueFile]) -> list[Compiled]:
    """What a child made of the files, as far as it came before it ended or its time was up."""
    order = json.dumps([[str(f.path), f.locale.code, f.mode, f.extra_check] for f in files]).encode()
    environment = {"PYTHONPATH": str(_PACKAGE_ROOT), "LANG": "C.UTF-8"}
    command = [sys.executable, "-P", "-m", "elearn.i18n.sandbox"]
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=order, capture_output=True, timeout=WALL_SECONDS, env=environment, check=False
        )
        output = child.stdout
    except subprocess.TimeoutExpired as expired:
        output = expired.stdout or b""
    except OSError:
        output = b""
    compiled: list[Compiled] = []
    for file, line in zip(files, output.split(b"\n"), strict=False):
        result = _result(file, line)
        if result is None:
            break
        compiled.append(result)
    return compiled


def _result(file: CatalogueFile, line: bytes) -> Compiled | None:
    """The child's answer about a file, loaded once as a trial; None when it is no answer."""
    try:
        payload, accepted, dropped = json.loads(line)
        found = tuple(Dropped(context, source, Finding(*finding)) for context, source, finding in dropped)
        compiled = Compiled(base64.b64decode(payload, validate=True), int(accepted), found)
        if file.mode == "course":
            load_course(compiled.payload)
        else:
            load_interface(compiled.payload, file.locale)
    except (ValueError, TypeError):
        return None
    return compiled


def main() -> None:
    """The child: takes the order from standard input, answers one line for each file."""
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    # Nothing but our answers may reach the pipe.
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)
        for path, code, mode, extra_check in json.load(sys.stdin):
            _answer(answers, _compiled(Path(path), code, mode, extra_check))


def _limit(which: int, value: int) -> None:
    # Not every system knows each limit (macOS none on address space); the size of the file and the clock remain.
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (value, value))


def _answer(answers: BinaryIO, compiled: Compiled) -> None:
    dropped = [(d.context, d.source, astuple(d.finding)) for d in compiled.dropped]
    line = json.dumps([base64.b64encode(compiled.payload).decode(), compiled.accepted, dropped])
    answers.write(line.encode() + b"\n")
    answers.flush()


def _compiled(path: Path, code: str, mode: Mode, extra_check: str | None) -> Compiled:
    locale = matching(code)
    if locale is None:
        raise LookupError(code)
    try:
        return compile_entries(read(file_bytes(path)), locale, mode, _function(extra_check))
    except CatalogueError as error:
        return empty(locale, mode, str(error))


def file_bytes(path: Path) -> bytes:
    """At most one byte more than a catalogue may have, from a regular file; a pipe or device does not hang us.

    Raises CatalogueError when it cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError("no regular file")
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CatalogueError(f"cannot be read: {error}") from error


def _function(name: str | None) -> ExtraCheck | None:
    if name is None:
        return None
    module, _, function = name.partition(":")
    found: Any = getattr(import_module(module), function)
    return found  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
