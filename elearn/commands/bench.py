"""`elearn bench`: CPU per request as a ratio to a bare Flask hello world on the same server in the same run, and sizes.

Not a test: machines differ and runs vary, ratios within one run are what to trust.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil
from flask import Flask

from elearn.commands import bench_parts
from elearn.settings import Settings

ROUNDS = 7
PER_ROUND = 150
TARGETS = {"lesson": 0.30, "dashboard": 0.18, "home": 0.5, "answer": 0.18}
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
PASSWORD = "bench-password-of-no-use"  # noqa: S105 - an account that lives as long as the run


def register(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command."""
    command = subcommands.add_parser("bench", help="the project's own benchmarks, printed as ratios")
    command.add_argument("name", nargs="?", default="all", choices=["all", "pages", "certificate", "extract", "start"])
    command.set_defaults(run=run)


def hello() -> Flask:
    """The baseline: Flask, one route, no session, no database."""
    app = Flask("hello")
    app.add_url_rule("/", view_func=lambda: "Hello, World!")
    return app


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


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Print what was asked for; 1 when a target is missed."""
    missed = False
    if arguments.name in ("all", "pages"):
        missed |= _pages()
    if arguments.name in ("all", "start"):
        missed |= bench_parts.start(settings)
    if arguments.name in ("all", "certificate"):
        missed |= bench_parts.certificate()
    if arguments.name in ("all", "extract"):
        missed |= bench_parts.extraction()
    return int(missed)


def _pages() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "ELEARN_ENVIRONMENT": "test", "ELEARN_INSTANCE": folder, "ELEARN_DEMO_PASSWORD": PASSWORD,
            "ELEARN_RATE_LIMITS": "0",
        }  # fmt: skip
        bench_parts.seed(Path(folder), PASSWORD)
        with (
            serving("elearn.commands.bench:hello", 8771, environment, "/") as baseline,
            serving("elearn.commands.serve:application", 8772, environment, "/healthz") as server,
        ):
            return _measure(baseline, server)


def _measure(baseline: Server, server: Server) -> bool:
    visitor, learner, plain = Client(server.port), Client(server.port), Client(baseline.port)
    learner.sign_in("learner@example.org", PASSWORD)
    lesson = "/en/learn/untoc/convention/transnational-offence"
    save, answer = bench_parts.answer_saver(learner)
    acts: dict[str, Callable[[], object]] = {
        "lesson": lambda: learner.request("GET", lesson, **BROWSER),
        "dashboard": lambda: learner.request("GET", "/en/learn/", **BROWSER),
        "home": lambda: visitor.request("GET", "/en/", **BROWSER),
        "answer": save,
    }
    samples: dict[str, list[float]] = {name: [] for name in ("hello", *acts)}
    for act in acts.values():
        cost(server, act, 50)  # warm
    for _ in range(ROUNDS):
        samples["hello"].append(cost(baseline, lambda: plain.request("GET", "/")))
        for name, act in acts.items():
            samples[name].append(cost(server, act))
    hello_cost = statistics.median(samples["hello"])
    print(f"CPU per request, median of {ROUNDS} rounds of {PER_ROUND}; hello world {hello_cost:.0f} µs = 1")
    missed = False
    for name in acts:
        ratio = statistics.median(h / s for h, s in zip(samples["hello"], samples[name], strict=True))
        missed |= ratio < TARGETS[name]
        print(f"  {name:10} {statistics.median(samples[name]):7.0f} µs   ratio {ratio:5.2f}   target {TARGETS[name]}")
    bench_parts.verify_saved(learner, answer)
    return missed | bench_parts.sizes(server, learner, lesson)
