"""`elearn doctor`: is this installation safe and complete?"""

import argparse
import shutil
import smtplib
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from elearn import clock, schema
from elearn.commands.content import course_folders, targets
from elearn.content.check import check_course
from elearn.db import Database
from elearn.errors import ConfigurationError
from elearn.fonts import font_folders
from elearn.ledger.queries import WORKER, age_of_heartbeat
from elearn.mail.transport import SmtpTransport, transport
from elearn.settings import MIN_SECRET, Settings

Findings = Iterator[str]
MIN_FREE_SHARE = 0.1


def register(subcommands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The command."""
    subcommands.add_parser("doctor", help="is this installation safe and complete?").set_defaults(run=doctor)


def doctor(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print every finding and every absence; 1 when there is a finding."""
    found = 0
    for name, check in CHECKS:
        try:
            sentences = list(check(settings))
        except (OSError, SQLAlchemyError) as error:
            sentences = [f"could not be checked: {error}"]
        found += len(sentences)
        print(f"{'✗' if sentences else '✓'} {name}")
        for sentence in sentences:
            print(f"    {sentence}")
    print("– second factor: not part of this version; staff sign in with a password alone")
    print(f"{found} findings")
    return int(found > 0)


def _settings(settings: Settings) -> Findings:
    if settings.environment != "production":
        yield f"ELEARN_ENVIRONMENT is {settings.environment!r}: strangers must not reach this installation"
    elif not settings.is_https:
        yield "ELEARN_BASE_URL is not https: cookies and passwords travel in the clear"
    if len(settings.secret_key) < MIN_SECRET or len(set(settings.secret_key)) < 8:
        yield "ELEARN_SECRET_KEY is missing, short or typed by hand; make one with `python -c 'import secrets; print(secrets.token_hex(32))'`"
    if settings.argon2_memory_kib < 19456 or settings.argon2_time_cost < 2:
        yield "password hashing is below the OWASP minimum of 19 MiB and 2 rounds"
    if settings.is_sqlite and settings.sqlite_synchronous != "FULL":
        yield "ELEARN_SQLITE_SYNCHRONOUS is not FULL: a power cut can lose answers that were acknowledged"
    if not settings.rate_limits:
        yield "ELEARN_RATE_LIMITS is off"


def _instance(settings: Settings) -> Findings:
    usage = shutil.disk_usage(settings.instance)
    if usage.free / usage.total < MIN_FREE_SHARE:
        yield f"only {usage.free // 2**20} MiB are free on the disk of {settings.instance}"
    if not settings.instance.stat().st_mode & (stat.S_IXGRP | stat.S_IXOTH):
        return  # the folder is closed: what lies in it cannot be reached
    for name in ("elearn.db", "secret.key"):
        path = settings.instance / name
        if path.exists() and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            yield f"{path} can be read by everybody on this machine: chmod o-rw {path}"


def _schema(settings: Settings) -> Findings:
    yield from schema.differences(settings.database_url)


def _courses(settings: Settings) -> Findings:
    folders = course_folders(settings.modules)
    if not folders:
        yield f"there is no course in {settings.modules}"
    for folder in folders:
        errors = [fault for fault in check_course(folder) if fault.level == "error"]
        yield from (f"{folder.name}/{fault}" for fault in errors)


def _catalogues(settings: Settings) -> Findings:
    database = Database(settings.database_url)
    with database.read_session() as session:
        live = session.execute(
            text(
                "select h.locale, h.domain, s.dropped from catalogue_heads h "
                "join catalogue_snapshots s on s.id = h.snapshot_id"
            )
        ).all()
    database.close()
    known = {(row.locale, row.domain): row.dropped for row in live}
    for locale in targets():
        for domain in ("messages", *(folder.name for folder in course_folders(settings.modules))):
            if (locale.code, domain) not in known:
                yield f"no catalogue {locale.code}/{domain} is live: run `elearn i18n publish`"
            elif known[locale.code, domain]:
                yield f"{known[locale.code, domain]} texts of {locale.code}/{domain} were left out: `elearn i18n check`"


def _worker(settings: Settings) -> Findings:
    database = Database(settings.database_url)
    with database.read_session() as session:
        age = age_of_heartbeat(session, WORKER, clock.now())
        failed = session.execute(text("select count(*) from outbox_jobs where failed_at is not null")).scalar_one()
    database.close()
    if age is None or age.total_seconds() > 300:
        yield "no worker was seen in the last five minutes: no mail is sent and no certificate is drawn"
    if failed:
        yield f"{failed} jobs failed for good; see the table outbox_jobs"


def _mail(settings: Settings) -> Findings:
    try:
        carrier = transport(settings)
        if isinstance(carrier, SmtpTransport):
            with carrier.connected() as client:
                client.noop()
    except ConfigurationError as error:
        yield str(error)
    except (OSError, smtplib.SMTPException) as error:
        yield f"the mail server takes no mail from us: {error}"


def _fonts(_settings: Settings) -> Findings:
    try:
        empty = [folder for folder in font_folders() if not any(Path(folder).glob("*.ttf"))]
    except ImportError as error:
        empty = [str(error)]
    yield from (f"fonts of the certificate are missing, reinstall the package: {what}" for what in empty)


def _promises(settings: Settings) -> Findings:
    database = Database(settings.database_url)
    with database.read_session() as session:
        for sentence, statement in PROMISES:
            count = session.execute(text(statement)).scalar_one()
            if count:
                yield f"{count} {sentence}"
    database.close()


PROMISES = (
    (
        "certificates without a completion",
        "select count(*) from certificates c left join completions d on d.enrolment_id = c.enrolment_id "
        "where d.enrolment_id is null",
    ),
    (
        "completions without a certificate",
        "select count(*) from completions d left join certificates c on c.enrolment_id = d.enrolment_id "
        "where c.id is null",
    ),
    (
        "accepted applications without an enrolment",
        "select count(*) from applications a left join enrolments e on e.cohort_id = a.cohort_id "
        "and e.person_id = a.person_id and e.withdrawn_at is null where a.state = 'accepted' and e.id is null",
    ),
    (
        "cohorts with more people than seats",
        "select count(*) from cohorts c where c.seats is not null and c.seats < (select count(*) from applications a "
        "where a.cohort_id = c.id and a.state in ('offered', 'accepted'))",
    ),
)
CHECKS: tuple[tuple[str, Callable[[Settings], Findings]], ...] = (
    ("settings", _settings),
    ("instance folder", _instance),
    ("schema of the database", _schema),
    ("courses", _courses),
    ("catalogues", _catalogues),
    ("worker and jobs", _worker),
    ("mail", _mail),
    ("fonts", _fonts),
    ("promises of the data", _promises),
)
