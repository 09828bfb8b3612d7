"""`elearn demo`: everything on one machine, to look at."""

import argparse
import os
import subprocess

from elearn.app import create_app
from elearn.commands.serve import kept_worker, run_web
from elearn.demo import PEOPLE, plant
from elearn.errors import ConfigurationError
from elearn.installation import prepare
from elearn.settings import Settings, load_settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def register(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command."""
    command = subcommands.add_parser("demo", help="database, course, people and an open cohort; then serve them")
    environment = os.environ.get("ELEARN_ENVIRONMENT", "demo")
    command.set_defaults(run=demo, overrides={"environment": environment})


def require_no_production(settings: Settings) -> None:
    """Raises ConfigurationError where the settings are those of a real installation."""
    if not settings.is_development or settings.is_https:
        raise ConfigurationError("the demo does not run with production settings (environment, https address)")
    if settings.host not in LOOPBACK:
        raise ConfigurationError("the demo shows everybody's mail, so it listens on this machine alone (ELEARN_HOST)")


def seed(settings: Settings) -> str:
    """Make the demo's data; the password of its accounts."""
    prepare(settings)
    platform = create_app(settings).extensions["elearn"]
    try:
        return plant(platform.database, settings, platform.rooms["library"], platform.catalogues)
    finally:
        platform.database.close()


def demo(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Seed, print the address and the sign-in data, serve."""
    require_no_production(settings)
    os.environ["ELEARN_ENVIRONMENT"] = settings.environment
    if not settings.is_sqlite and "ELEARN_DATABASE_URL" not in os.environ:
        raise ConfigurationError("the demo keeps its data in its instance folder")
    password = seed(settings)
    print(_welcome(settings, password), flush=True)
    with kept_worker(stdout=subprocess.DEVNULL):
        run_web(load_settings())
    return 0


def _welcome(settings: Settings, password: str) -> str:
    accounts = "\n".join(f"  {person.email}" for person in PEOPLE)
    return (
        f"\nelearn is at {settings.base_url}\n\n"
        f"Sign in with the password {password}\n{accounts}\n\n"
        f"Mail goes to {settings.base_url}/-/outbox\nStop with Ctrl+C.\n"
    )
