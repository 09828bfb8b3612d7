"""`elearn db`: the schema."""

import argparse

from elearn import schema
from elearn.installation import private_instance
from elearn.settings import Settings


def register(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The group and its commands."""
    group = subcommands.add_parser("db", help="the schema of the database").add_subparsers(
        required=True, metavar="COMMAND"
    )
    up = group.add_parser("upgrade", help="bring the database to the newest revision")
    up.add_argument("revision", nargs="?", default="head")
    up.set_defaults(run=upgrade)
    down = group.add_parser("downgrade", help='take the database back to a revision ("base": empty)')
    down.add_argument("revision")
    down.set_defaults(run=downgrade)
    group.add_parser("check", help="compare the database with the models").set_defaults(run=check)


def upgrade(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run the migrations up."""
    with private_instance(settings):
        schema.upgrade(settings.database_url, arguments.revision)
    return 0


def downgrade(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run the migrations down."""
    schema.downgrade(settings.database_url, arguments.revision)
    return 0


def check(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print every difference; 1 when there is one."""
    found = schema.differences(settings.database_url)
    for difference in found:
        print(difference)
    return int(bool(found))
