"""`elearn users`: people and roles, for operators."""

import argparse
import getpass
import sys

from sqlalchemy.orm import Session

from elearn.accounts import policy
from elearn.accounts.queries import person_by_email
from elearn.accounts.service import people
from elearn.accounts.service.hashing import hash_password
from elearn.accounts.service.registration import Registration, create_confirmed_person
from elearn.commands.content import course_folders
from elearn.db import Database
from elearn.errors import DomainError
from elearn.i18n.locales import LOCALES
from elearn.permissions import ANY_SCOPE, Role
from elearn.settings import Settings


def register(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The group and its commands."""
    group = subcommands.add_parser("users", help="people and roles").add_subparsers(required=True, metavar="COMMAND")
    adding = group.add_parser(
        "add", help="an account whose address is confirmed; the password is read from the terminal"
    )
    adding.add_argument("email")
    adding.add_argument("name")
    adding.add_argument("--locale", default="en", choices=[locale.code for locale in LOCALES])
    adding.set_defaults(run=run, act=add)
    for name, act, text in (("grant", grant, "give a role"), ("revoke", revoke, "take a role back")):
        command = group.add_parser(name, help=text)
        command.add_argument("email")
        command.add_argument("role", choices=[role.value for role in Role])
        command.add_argument("scope", nargs="?", default="", help="a course id or a locale; none for the owner")
        command.set_defaults(run=run, act=act)
    disabling = group.add_parser("disable", help="lock an account and end its sessions")
    disabling.add_argument("email")
    disabling.set_defaults(run=run, act=disable)


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Run one act in one transaction; 1 with the sentence when a rule refuses it."""
    database = Database(settings.database_url, synchronous=settings.sqlite_synchronous)
    try:
        with database.transaction() as session:
            arguments.act(session, settings, arguments)
    except DomainError as error:
        print(error.message % error.values if error.values else error.message or "not found", file=sys.stderr)
        return 1
    finally:
        database.close()
    return 0


def _password(settings: Settings) -> str:
    typed = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(typed) < settings.password_min_length:
        raise SystemExit(f"elearn: a password has at least {settings.password_min_length} characters")
    return typed


def add(session: Session, settings: Settings, arguments: argparse.Namespace) -> None:
    """Make an account."""
    registration = Registration(
        email=arguments.email,
        password_hash=hash_password(_password(settings), settings=settings),
        full_name=arguments.name,
        locale=arguments.locale,
        time_zone=settings.default_time_zone,
    )
    create_confirmed_person(session, registration=registration)


def _id(session: Session, arguments: argparse.Namespace) -> int:
    found = person_by_email(session, policy.email_address(arguments.email))
    if found is None:
        raise SystemExit(f"elearn: nobody has the address {arguments.email}")
    return found.id


def _scope(arguments: argparse.Namespace) -> str:
    """The scope as typed. Only the owner has every scope without being asked."""
    if arguments.scope:
        return str(arguments.scope)
    if arguments.role == Role.OWNER:
        return ANY_SCOPE
    kind = "course id" if arguments.role == Role.COURSE_ADMIN else "locale"
    raise SystemExit(f"elearn: the role {arguments.role} needs a scope: a {kind}")


def _require_course(settings: Settings, scope: str) -> None:
    known = [folder.name for folder in course_folders(settings.modules)]
    if scope not in (*known, ANY_SCOPE):
        raise SystemExit(f"elearn: there is no course {scope}; there is: {', '.join(known) or 'none'}")


def grant(session: Session, settings: Settings, arguments: argparse.Namespace) -> None:
    """Give a role."""
    role, scope = Role(arguments.role), _scope(arguments)
    policy.check_scope(role, scope)
    if role is Role.COURSE_ADMIN:
        _require_course(settings, scope)
    people.grant_role(session, person_id=_id(session, arguments), role=role, scope=scope)


def revoke(session: Session, _settings: Settings, arguments: argparse.Namespace) -> None:
    """Take a role back."""
    scope = _scope(arguments)
    if not people.revoke_role(session, person_id=_id(session, arguments), role=Role(arguments.role), scope=scope):
        raise SystemExit(f"elearn: {arguments.email} does not have the role {arguments.role} for {scope}")


def disable(session: Session, _settings: Settings, arguments: argparse.Namespace) -> None:
    """Lock an account."""
    people.disable_person(session, person_id=_id(session, arguments))
