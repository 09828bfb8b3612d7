"""The parts of `elearn bench` beside the pages: what is measured in this process, and what prepares a run."""

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from elearn.certificates.queries import IssuedCertificate, Printed
from elearn.certificates.service.documents import certificate_data
from elearn.certificates.service.drawing import Drawer
from elearn.certificates.service.numbers import new_number
from elearn.commands.bench_server import BROWSER, PASSWORD, Client, Server, serving
from elearn.commands.demo import seed as seed_demo
from elearn.content.course import load_course, relock
from elearn.content.sample import write_sample
from elearn.i18n.locales import LOCALES
from elearn.i18n.messages import NullMessages
from elearn.settings import Settings, bundle_path, load_settings

FIRST_VIEW_BYTES, FIRST_VIEW_REQUESTS, NEXT_VIEW_BYTES = 40_000, 8, 12_000
CERTIFICATE_MS, EXTRACT_S, START_S, WORKER_MIB = 15.0, 1.0, 3.0, 200.0


def line(name: str, value: str, target: str, missed: bool) -> bool:
    """Print one result; hands `missed` on."""
    print(f"  {name:34} {value:>12}   target {target}{'   MISSED' if missed else ''}")
    return missed


def seed(folder: Path, password: str) -> None:
    """The demo's data in `folder`."""
    settings = load_settings({}, environment="test", instance=folder, demo_password=password)
    seed_demo(settings)


def answer_saver(learner: Client) -> tuple[Callable[[], object], dict[str, str]]:
    """Starts an attempt; a function that saves another answer each time it is called, and where."""
    path = "/en/learn/untoc/assessments/final"
    token = learner.token(path)
    _status, _body, location = learner.request("POST", path, {"csrf_token": token})
    _status, body, _location = learner.request("GET", location)
    html = body.decode()
    name, first = re.findall(r'<input[^>]*type="radio"[^>]*name="([^"]+)"[^>]*value="([^"]+)"', html)[0]
    values = re.findall(rf'name="{re.escape(name)}"[^>]*value="([^"]+)"', html)
    token = re.findall(r'name="csrf_token" value="([^"]+)"', html)[0]
    state = {"path": location, "name": name, "value": first}
    turn = iter(range(10**9))

    def save() -> object:
        state["value"] = values[next(turn) % len(values)]
        form = {"csrf_token": token, "action": "save", name: state["value"]}
        answer = learner.request("POST", location, form, **{"X-Requested-With": "fetch"})
        if answer[0] not in (204, 303):
            raise RuntimeError(f"saving answered {answer[0]}")
        return answer

    return save, state


def verify_saved(learner: Client, state: dict[str, str]) -> None:
    """The last answer that was acknowledged is the one that the page shows. Raises RuntimeError."""
    _status, body, _location = learner.request("GET", state["path"])
    chosen = [
        i for i in re.findall(r"<input[^>]*>", body.decode()) if f'name="{state["name"]}"' in i and " checked" in i
    ]
    if len(chosen) != 1 or f'value="{state["value"]}"' not in chosen[0]:
        raise RuntimeError("a saved answer is not in the page")


def sizes(server: Server, learner: Client, lesson: str) -> bool:
    """Bytes and requests of a first and a next lesson view, and the memory of the worker."""
    encoding = BROWSER
    _status, _body, _location = learner.request("GET", lesson)
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', _body.decode()))
    learner.request("GET", lesson, **encoding)
    page = learner.size
    total = page
    for path in assets:
        learner.request("GET", path, **encoding)
        total += learner.size
    requests = 1 + len(assets)
    missed = line("first lesson view", f"{total / 1000:.1f} kB", "≤ 40 kB", total > FIRST_VIEW_BYTES)
    missed |= line("requests of it", str(requests), "≤ 8", requests > FIRST_VIEW_REQUESTS)
    missed |= line("next lesson view", f"{page / 1000:.1f} kB", "≤ 12 kB", page > NEXT_VIEW_BYTES)
    rss = server.rss_mib()
    return missed | line("memory of the worker", f"{rss:.0f} MiB", "≤ 200 MiB", rss > WORKER_MIB)


def start(_settings: Settings) -> bool:
    """From the command to a ready page, on an installation whose database exists."""
    with tempfile.TemporaryDirectory() as folder:
        seed(Path(folder), PASSWORD)
        environment = {"ELEARN_ENVIRONMENT": "test", "ELEARN_INSTANCE": folder}
        with serving("elearn.commands.serve:application", 8773, environment, "/en/") as server:
            seconds = server.ready_seconds
    return line("start to ready", f"{seconds:.2f} s", "≤ 3 s", seconds > START_S)


def _issued(turn: int) -> IssuedCertificate:
    now = datetime.now(UTC)
    title = "The Convention against Transnational Organized Crime and its Review Mechanism"
    every = dict.fromkeys((locale.code for locale in LOCALES), title)
    printed = Printed(
        every, dict.fromkeys(every, "First cohort"), "Example Institute", "Lina Example", 6, "Europe/Vienna"
    )
    return IssuedCertificate(turn, 1, new_number(), f"Nguyễn Thị Ví Dụ {turn}", printed, "en", now, now, "public", None)


def certificate() -> bool:
    """Drawing one certificate, warm, the languages by turns; another name and number each time."""
    drawer = Drawer(bundle_path("templates") / "certificates" / "certificate.typ")
    moments = []
    for turn in range(60):
        messages = NullMessages(LOCALES[turn % len(LOCALES)])
        data = certificate_data(_issued(turn), messages, base_url="https://courses.example.org")
        started = time.perf_counter()
        drawer.draw(data)
        moments.append((time.perf_counter() - started) * 1000)
    median = statistics.median(moments[8:])
    return line("certificate, warm", f"{median:.1f} ms", "≤ 15 ms", median > CERTIFICATE_MS)


def extraction() -> bool:
    """`content extract` of 3,000 units."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "modules" / "sample"
        write_sample(folder, modules=10, lessons=10, paragraphs=20)
        relock(folder)
        units = sum(1 for _ in load_course(folder).units())
        environment = {"ELEARN_MODULES": str(folder.parent), "ELEARN_TRANSLATIONS": str(Path(name) / "translations")}
        code = (
            "import sys, time, json; from elearn.settings import load_settings; from elearn.commands import content\n"
            "settings = load_settings(json.loads(sys.argv[1]), environment='test')\n"
            "content.extract(settings, None); started = time.perf_counter()\n"
            "content.extract(settings, None); print(time.perf_counter() - started, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, json.dumps(environment)], capture_output=True, text=True, check=True
        )
    seconds = float(done.stderr.strip().splitlines()[-1])
    return line(f"extract of {units:,} units", f"{seconds:.2f} s", "≤ 1 s", seconds > EXTRACT_S)
