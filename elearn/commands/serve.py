"""`elearn serve` and `elearn worker`: web processes, and the process that runs jobs."""

import argparse
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from granian.constants import Interfaces
from granian.server import Server
from sqlalchemy.exc import SQLAlchemyError

from elearn.accounts.service import retention as accounts_retention
from elearn.app import create_app
from elearn.errors import ConfigurationError
from elearn.installation import prepare
from elearn.jobs import service as jobs
from elearn.jobs.engine import Engine
from elearn.ledger import meter
from elearn.ledger import service as ledger
from elearn.ledger.queries import WORKER
from elearn.mail.transport import transport
from elearn.settings import Settings, load_settings
from elearn.web.platform import Platform

log = structlog.get_logger("elearn.worker")
APPLICATION = "elearn.commands.serve:application"
BLOCKING_THREADS = 8  # a slow sender holds one; a proxy that buffers belongs in front (docs/configuration.md)
MAX_RSS_MIB = 400
BACKLOG = 2048
BEAT_SECONDS = 20
LEASE_SECONDS = 60  # of a dead worker: with one beat more it is over before /readyz misses a worker
SWEEP_SECONDS = 3600
RESTART_SECONDS = 1


def register(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Both commands."""
    subcommands.add_parser("serve", help="production server: web processes and one worker").set_defaults(run=serve)
    subcommands.add_parser("worker", help="run jobs: mail, certificates, periodic work").set_defaults(run=worker)


def serve(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Prepare, then run the web processes and one worker until a signal ends them."""
    settings.require_secret()
    transport(settings)  # what is missing is said before anything is changed
    prepare(settings)
    with kept_worker():
        run_web(settings)
    return 0


@contextmanager
def kept_worker(**options: Any) -> Iterator[None]:
    """One worker beside the web processes: a new one is started where it ends. `options` go to Popen."""
    stop = threading.Event()
    children: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not stop.is_set():
            child = subprocess.Popen([sys.executable, "-m", "elearn", "worker"], **options)
            children[:] = [child]
            code = child.wait()
            if not stop.wait(RESTART_SECONDS):
                log.error("the worker ended; another one is started", code=code)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        for child in children:
            child.terminate()
        keeper.join(timeout=15)


def run_web(settings: Settings, *, target: str = APPLICATION, on_start: Callable[[], None] | None = None) -> None:
    """The web processes; returns when they are stopped. Raises ConfigurationError when the port is taken."""
    _require_free_port(settings)
    server = Server(
        target,
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers or os.cpu_count() or 1,
        blocking_threads=BLOCKING_THREADS,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        workers_max_rss=MAX_RSS_MIB,
        log_enabled=settings.log_level == "DEBUG",
        websockets=False,
    )
    if on_start is not None:
        server.on_startup(on_start)
    server.serve()


def _require_free_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigurationError(
                f"port {settings.port} of {settings.host} is taken ({error.strerror}); set ELEARN_PORT to another"
            ) from None


def application() -> Any:
    """The WSGI application of one web process (also for other servers: `elearn.commands.serve:application`)."""
    wsgi = create_app(load_settings()).wsgi_app
    gc.collect()
    gc.freeze()  # courses, catalogues and templates live as long as the process: no need to look at them again and again
    return wsgi


def worker(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Run jobs until a signal arrives; the job at hand is finished first."""
    platform: Platform = create_app(settings).extensions["elearn"]
    engine = platform.engine
    assert isinstance(engine, Engine)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    consumer = engine.start_embedded()
    holder = f"{socket.gethostname()}:{os.getpid()}"
    next_sweep = 0.0
    while not stop.is_set():
        try:
            if _beat(platform, engine, holder) and time.monotonic() >= next_sweep:
                next_sweep = time.monotonic() + SWEEP_SECONDS
                _sweep(platform)
        except SQLAlchemyError:  # a database that is away or busy for a while must not end the worker
            log.exception("beat missed; the next one tries again")
        stop.wait(BEAT_SECONDS)
    consumer.stop(graceful=True)
    return 0


def _beat(platform: Platform, engine: Engine, holder: str) -> bool:
    """Say that the worker is alive; True for the one that holds the lease of the periodic work. It hands over due jobs."""
    with platform.database.transaction() as session:
        leads = ledger.beat(session, name=WORKER, holder=holder, lease_seconds=LEASE_SECONDS)
    if leads:
        engine.submit_due()
    return leads


def _sweep(platform: Platform) -> None:
    """Delete what nobody needs any more, each kind in a transaction of its own."""
    for sweep in (meter.sweep, ledger.sweep, jobs.sweep, accounts_retention.sweep):
        with platform.database.transaction() as session:
            sweep(session)
