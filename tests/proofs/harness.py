"""Servers that can be killed, and clients in processes of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psutil
from sqlalchemy import create_engine, make_url, text

from elearn.db import Database
from elearn.installation import prepare
from elearn.settings import Settings, bundle_path, load_settings
from tests.proofs.browser import HOST, NO_ANSWER, Browser

START_SECONDS = 60
PATIENCE = 60.0
CLIENT_SECONDS = 300
COMMAND_SECONDS = 180
PROCESSES = 5
"""Client processes that a crowd is spread over."""


def eventually(find: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """What `find` answers as soon as it is something."""
    end = time.monotonic() + patience
    while not (found := find()):
        assert time.monotonic() < end, f"not within {patience:.0f} s: {what}"
        time.sleep(0.05)
    return found


class Server:
    """`elearn serve` with two web processes and the worker in one process group, on data that outlives it."""

    def __init__(self, folder: Path, database_url: str = "", **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.log = folder / "server.log"
        self.port = _free_port()
        self.environ = {
            "ELEARN_ENVIRONMENT": "test", "ELEARN_INSTANCE": str(folder), "ELEARN_PORT": str(self.port),
            "ELEARN_WORKERS": "2", "ELEARN_RATE_LIMITS": "0", "ELEARN_LOG_LEVEL": "ERROR",
            "ELEARN_SECRET_KEY": "a key for proofs only, 32 characters", "ELEARN_DATABASE_URL": database_url,
            **settings,
        }  # fmt: skip
        self.settings: Settings = load_settings(self.environ)
        self.database = Database(self.settings.database_url)
        self.process: subprocess.Popen[bytes] | None = None
        prepare(self.settings)

    @property
    def kind(self) -> str:
        return self.database.writer.dialect.name

    @property
    def is_up(self) -> Path:
        """A file that is there while the server answers: clients wait for it."""
        return self.folder / "up"

    def start(self) -> None:
        """Start, and wait until it is ready."""
        with self.log.open("ab") as output:
            self.process = self._run(["serve"], stdout=output, stderr=output)
        eventually(self._is_ready, "the server is ready", START_SECONDS)
        self.is_up.touch()

    def command(self, *arguments: str) -> str:
        """Run an `elearn` command on the same data; what it printed. It must succeed."""
        with self._run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            try:
                output = process.communicate(timeout=COMMAND_SECONDS)[0].decode()
            finally:
                _end(process)
        assert process.returncode == 0, output
        return output

    def kill(self) -> None:
        """SIGKILL to the supervisor, the web processes and the worker at one moment."""
        if self.process is None:
            return
        group = _group(self.process.pid)
        _end(self.process)
        self.is_up.unlink(missing_ok=True)
        self.process = None
        eventually(lambda: not any(map(_is_alive, group)), "the whole group is dead")

    def close(self) -> None:
        """The end: no process is left, and none of them complained."""
        self.kill()
        self.database.close()
        complaints = self.log.read_text() if self.log.exists() else ""
        assert "Traceback" not in complaints, complaints[-4000:]
        assert '"level": "error"' not in complaints, complaints[-4000:]

    def _run(self, arguments: Sequence[str], **pipes: Any) -> subprocess.Popen[bytes]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ELEARN_")}
        command = [sys.executable, "-m", "elearn", *arguments]
        return subprocess.Popen(command, env=kept | self.environ, start_new_session=True, **pipes)

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-4000:]
        with suppress(*NO_ANSWER):
            return Browser(self.port).get("/readyz").status == 200
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _end(process: "subprocess.Popen[bytes]") -> None:
    """SIGKILL to everything in the group that this process leads."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _group(leader: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(leader)
        return [process, *process.children(recursive=True)]
    return []


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def new_database(server_url: str, name: str) -> str:
    """An empty database on a PostgreSQL server; its address."""
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'create database "{name}"'))
    engine.dispose()
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


class Crowd:
    """Clients in several processes: all prepare, all act at one word, and each tells what it was answered."""

    def __init__(self, server: Server, act: str, parts: Sequence[dict[str, Any]], processes: int = PROCESSES) -> None:
        shares = [list(parts[n::processes]) for n in range(processes)]
        self._processes = [_client() for share in shares if share]
        orders = [{"act": act, "port": server.port, "up": str(server.is_up), "parts": share} for share in shares]
        for process, order in zip(self._processes, orders, strict=False):
            _say(process, json.dumps(order))
        for process in self._processes:
            self._expect_ready(process)

    @property
    def is_acting(self) -> bool:
        return all(process.poll() is None for process in self._processes)

    def go(self) -> None:
        """Now."""
        for process in self._processes:
            _say(process, "go")

    def told(self) -> list[Any]:
        """What each client was answered."""
        records: list[Any] = []
        for process in self._processes:
            output, complaint = process.communicate(timeout=CLIENT_SECONDS)
            assert process.returncode == 0, complaint[-4000:]
            records += json.loads(output)
        return records

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                with suppress(BrokenPipeError):
                    _open(pipe).close()

    def _expect_ready(self, process: "subprocess.Popen[str]") -> None:
        if _open(process.stdout).readline() != "ready\n":
            complaint = _open(process.stderr).read()
            self.close()
            raise AssertionError(complaint[-4000:])


def _client() -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tests.proofs.clients"]
    return subprocess.Popen(command, cwd=_root(), stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def _root() -> Path:
    return bundle_path("config.py").parent


def _say(process: "subprocess.Popen[str]", line: str) -> None:
    pipe = _open(process.stdin)
    pipe.write(line + "\n")
    pipe.flush()


def _open(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@contextmanager
def crowd(server: Server, act: str, parts: Sequence[dict[str, Any]], processes: int = PROCESSES) -> Iterator[Crowd]:
    """Clients that have acted at one word; whatever happens, no process is left."""
    gathered = Crowd(server, act, parts, processes)
    try:
        gathered.go()
        yield gathered
    finally:
        gathered.close()
