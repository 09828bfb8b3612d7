"""`elearn doctor`: nothing to say about a good installation, and the right sentence about each bad one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from elearn import clock
from elearn.certificates.models import Certificate
from elearn.cohorts.models import Application
from elearn.db import Database
from elearn.learning.models import Completion
from elearn.ledger import service as ledger
from elearn.ledger.queries import WORKER
from tests.commands.conftest import Operator
from tests.content.course_files import COURSE, write_course
from tests.factories import make_cohort, make_person, make_student
from tests.mail.server import mail_server

KEY = "6f1d0c9be8a74725c3f09bd1ae0845b2d7913e60"
GOOD = {
    "ENVIRONMENT": "production", "BASE_URL": "https://courses.example.org", "SECRET_KEY": KEY,
    "SQLITE_SYNCHRONOUS": "FULL", "ARGON2_MEMORY_KIB": 19456, "ARGON2_TIME_COST": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def mail_port() -> Iterator[int]:
    with mail_server() as mailbox:
        yield mailbox.port


@pytest.fixture
def good(installed: Operator, data: Database, mail_port: int, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """A production installation in which everything is as it should be."""
    installed.set(**GOOD, MAIL_URL=f"smtp://localhost:{mail_port}")
    (installed.settings.instance / "elearn.db").chmod(0o640)
    with data.transaction() as session:
        ledger.beat(session, name=WORKER, holder="here", lease_seconds=60)
    space = SimpleNamespace(total=100, free=50)
    monkeypatch.setattr("elearn.commands.doctor.shutil.disk_usage", lambda _path: space)
    return installed


def findings(operator: Operator, expected: int) -> str:
    """The output, after a look at its form: a mark per check, the sum, the exit code."""
    result = operator.run("doctor")
    assert result.err == ""
    lines = result.out.splitlines()
    assert lines[-1] == f"{expected} findings", result.out
    assert result.code == (1 if expected else 0)
    assert sum(line.startswith("    ") for line in lines) == expected
    assert sum(line.startswith(("✓ ", "✗ ")) for line in lines) == 9
    return result.out


def test_a_good_installation_has_no_findings_and_knows_what_it_lacks(good: Operator):
    out = findings(good, 0)
    assert "✗" not in out
    assert "– second factor: not part of this version" in out


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"ENVIRONMENT": "demo"}, "strangers must not reach"),
        ({"BASE_URL": "http://courses.example.org"}, "is not https"),
        ({"SECRET_KEY": "short"}, "ELEARN_SECRET_KEY"),
        ({"SECRET_KEY": "a" * 40}, "ELEARN_SECRET_KEY"),
        ({"ARGON2_MEMORY_KIB": 8192}, "OWASP minimum"),
        ({"ARGON2_TIME_COST": 1}, "OWASP minimum"),
        ({"SQLITE_SYNCHRONOUS": "NORMAL"}, "power cut"),
        ({"RATE_LIMITS": 0}, "ELEARN_RATE_LIMITS is off"),
        ({"MAIL_URL": ""}, "ELEARN_MAIL_URL must be set in production"),
        ({"MAIL_URL": "http://localhost"}, "ELEARN_MAIL_URL begins with"),
    ],
)
def test_a_weak_setting_is_found(variables: dict[str, object], sentence: str, good: Operator):
    good.set(**variables)
    assert sentence in findings(good, 1)


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls", "smtp"])
def test_a_mail_server_that_would_refuse_our_mail_is_found(scheme: str, good: Operator):
    """Untrusted certificates and wrong passwords come to light here, not with the first letter."""
    with mail_server(scheme) as mailbox:
        good.set(MAIL_URL=f"{scheme}://post:wrong@localhost:{mailbox.port}")
        out = findings(good, 1)
    assert "the mail server takes no mail from us" in out
    assert ("certificate verify failed" in out) is (scheme != "smtp")


def test_a_mail_server_that_is_away_is_found(good: Operator):
    with mail_server() as mailbox:
        good.set(MAIL_URL=f"smtp://localhost:{mailbox.port}")
    assert "refused" in findings(good, 1)


def test_a_full_disk_is_found(good: Operator, monkeypatch: pytest.MonkeyPatch):
    space = SimpleNamespace(total=2**40, free=2**30)
    monkeypatch.setattr("elearn.commands.doctor.shutil.disk_usage", lambda _path: space)
    assert "only 1024 MiB are free" in findings(good, 1)


def test_files_that_everybody_can_read_are_found(good: Operator):
    (good.settings.instance / "elearn.db").chmod(0o644)
    (good.settings.instance / "secret.key").touch(0o644)
    assert findings(good, 2).count("chmod o-rw") == 2


def overbook(session: Session) -> None:
    cohort = make_cohort(session, seats=1)
    for _ in range(2):
        student = make_student(session, cohort=cohort)
        _application(session, cohort.id, student.enrolled.person_id, "accepted")


def accept_without_enrolling(session: Session) -> None:
    _application(session, make_cohort(session).id, make_person(session).id, "accepted")


def complete_without_certificate(session: Session) -> None:
    student = make_student(session)
    session.add(
        Completion(
            enrolment_id=student.enrolled.id, completed_at=clock.now(), rule_version=1, content_digest="-", locale="en"
        )
    )


def certify_without_completion(session: Session) -> None:
    student = make_student(session)
    session.add(
        Certificate(
            enrolment_id=student.enrolled.id, person_id=student.enrolled.person_id, number="N", holder="Amal",
            course="untoc", printed={}, study_locale="en", completed_at=clock.now(), issued_at=clock.now(),
        )
    )  # fmt: skip


def _application(session: Session, cohort_id: int, person_id: int, state: str) -> None:
    now = clock.now()
    session.add(
        Application(
            cohort_id=cohort_id, person_id=person_id, state=state, locale="en", submitted_at=now, updated_at=now
        )
    )


@pytest.mark.parametrize(
    ("breach", "sentence"),
    [
        (overbook, "1 cohorts with more people than seats"),
        (accept_without_enrolling, "1 accepted applications without an enrolment"),
        (complete_without_certificate, "1 completions without a certificate"),
        (certify_without_completion, "1 certificates without a completion"),
    ],
)
def test_a_broken_promise_is_found(breach: Callable[..., None], sentence: str, good: Operator, data: Database):
    with data.transaction() as session:
        breach(session)
    assert sentence in findings(good, 1)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("update heartbeats set at = '2020-01-01 00:00:00.000000'", "no worker was seen"),
        ("delete from heartbeats", "no worker was seen"),
        ("delete from catalogue_heads where locale = 'fr' and domain = 'untoc'", "no catalogue fr/untoc is live"),
        (
            "update catalogue_snapshots set dropped = 3 where locale = 'es' and domain = 'messages'",
            "3 texts of es/messages",
        ),
        ("drop index ix_cohorts_course", "ix_cohorts_course"),
        (
            "insert into outbox_jobs (key, task, args, created_at, run_at, attempts, failed_at, error) values "
            "('k', 't', '{}', '2027-01-01', '2027-01-01', 8, '2027-01-01', 'x')",
            "1 jobs failed for good",
        ),
    ],
)
def test_damage_in_the_database_is_found(damage: str, sentence: str, good: Operator, data: Database):
    with data.transaction() as session:
        session.execute(text(damage))
    assert sentence in findings(good, 1)


def test_a_fault_in_a_course_is_found(good: Operator):
    good.set(MODULES=good.folder / "modules")
    write_course(good.folder / "modules" / "untoc", {"course.toml": COURSE.replace('"small"', '"untoc"')})
    findings(good, 0)
    (good.folder / "modules" / "untoc" / "01-start" / "02-second.md").unlink()
    out = findings(good, 2)
    assert "untoc/01-start/01-first.md:19: The link to 02-second.md leads nowhere." in out
    assert "untoc/units.lock.json:1: " in out


def test_missing_fonts_are_found(good: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr("elearn.fonts._PACKAGES", ("fontpkg_that_nobody_has",))
    assert "fonts of the certificate are missing" in findings(good, 1)
    monkeypatch.setattr("elearn.commands.doctor.font_folders", lambda: [str(tmp_path)])
    assert str(tmp_path) in findings(good, 1)


def test_an_installation_that_is_not_there_is_reported_without_a_traceback(operator: Operator):
    result = operator.run("doctor")
    assert result.code == 1
    assert "✗ schema of the database\n    could not be checked" in result.out
    assert not operator.settings.instance.joinpath("elearn.db").exists()
