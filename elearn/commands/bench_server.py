"""A client and a server for `elearn bench`: a browser as far as one is needed, and granian with one worker."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
PASSWORD = "bench-password-of-no-use"  # noqa: S105 - an account that lives as long as the run
PER_ROUND = 150


@dataclass
class Client:
    """A browser as far as a benchmark needs one: keep-alive, cookies, compression."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    size: int = 0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def request(self, method: str, path: str, form: object = None, **headers: str) -> tuple[int, bytes, str]:
        """Status, body and Location of one exchange."""
        body = urlencode(form, doseq=True) if form is not None else None  # type: ignore[arg-type]
        sent = {"Host": f"127.0.0.1:{self.port}", **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, sent)
        answer = self.connection.getresponse()
        data = answer.read()
        self.size = len(data)
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status, data, answer.headers.get("Location", "")

    def token(self, path: str) -> str:
        """The CSRF token in the page at `path`."""
        _status, body, _location = self.request("GET", path)
        found = re.search(r'name="csrf_token" value="([^"]+)"', body.decode())
        if found is None:
            raise RuntimeError(f"no form at {path}")
        return found[1]

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form."""
        token = self.token("/en/account/login")
        status, _body, _location = self.request(
            "POST", "/en/account/login", {"csrf_token": token, "email": email, "password": password}
        )
        if status != 303:
            raise RuntimeError(f"sign-in answered {status}")


@dataclass
class Server:
    """One granian with one worker, as a child process."""

    process: subprocess.Popen[bytes]
    port: int
    ready_seconds: float

    def cpu(self) -> float:
        """CPU seconds that the web process has used; nanoseconds count (Linux), else the clock's ticks."""
        return sum(_cpu_seconds(child) for child in self._web())

    def rss_mib(self) -> float:
        """Memory of the web process in MiB."""
        return float(max(child.memory_info().rss for child in self._web()) / 2**20)

    def _web(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return parent.children(recursive=True) or [parent]


def _cpu_seconds(process: psutil.Process) -> float:
    tasks = list(Path(f"/proc/{process.pid}/task").glob("*/schedstat"))
    if tasks:
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
    times = process.cpu_times()
    return float(times.user + times.system)


@contextmanager
def serving(target: str, port: int, environment: dict[str, str], path: str) -> Iterator[Server]:
    """Start a server and wait until `path` answers."""
    code = f"from elearn.commands.serve import run_web, load_settings; run_web(load_settings(), target={target!r})"
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | environment | {"ELEARN_PORT": str(port), "ELEARN_WORKERS": "1"},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port, path)
        yield Server(process, port, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, path: str) -> None:
    for _ in range(400):
        try:
            if Client(port).request("GET", path)[0] == 200:
                return
        except OSError:
            time.sleep(0.025)
    raise RuntimeError(f"nothing answers at {path} on port {port}")


def cost(server: Server, act: Callable[[], object], times: int = PER_ROUND) -> float:
    """CPU microseconds of the web process per act."""
    before = server.cpu()
    for _ in range(times):
        act()
    return (server.cpu() - before) / times * 1e6
