"""`elearn bench`: CPU per request as a ratio to a bare Flask hello world on the same server in the same run, and sizes.

Not a test: machines differ and runs vary, ratios within one run are what to trust.
"""

import argparse
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from elearn.commands import bench_parts
from elearn.commands.bench_server import BROWSER, PASSWORD, PER_ROUND, Client, Server, cost, serving
from elearn.settings import Settings

ROUNDS = 7
TARGETS = {"lesson": 0.30, "dashboard": 0.18, "home": 0.5, "answer": 0.18}


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
