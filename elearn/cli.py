"""The `elearn` command: 0 done, 1 a check failed, 2 wrong use."""

import argparse
import sys
from collections.abc import Sequence

from elearn.commands import bench, content, database, demo, doctor, i18n, serve, users
from elearn.errors import ConfigurationError
from elearn.settings import load_settings

GROUPS = (demo, serve, database, content, i18n, users, doctor, bench)


def parser() -> argparse.ArgumentParser:
    """The command with all its subcommands."""
    top = argparse.ArgumentParser(prog="elearn", description="Self-paced courses in Arabic, English, French, Spanish.")
    subcommands = top.add_subparsers(required=True, metavar="COMMAND")
    for group in GROUPS:
        group.register(subcommands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code."""
    chosen = parser().parse_args(arguments)
    try:
        settings = load_settings(**getattr(chosen, "overrides", {}))
        return int(chosen.run(settings, chosen))
    except ConfigurationError as error:
        print(f"elearn: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
