"""The job draws each language once, and the bytes stay."""

import hashlib
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from elearn.certificates import queries
from elearn.certificates.models import Certificate, CertificateDocument
from elearn.i18n.locales import LOCALES
from tests.certificates import rows
from tests.conftest import Installation


def _documents(installation: Installation) -> dict[str, bytes]:
    with installation.platform.database.read_session() as session:
        return {row.locale: row.pdf for row in session.scalars(select(CertificateDocument))}


def _draw(installation: Installation, certificate_id: int = 1) -> None:
    database = installation.platform.database
    finish = installation.platform.engine.handlers["certificates.draw"](database, certificate_id=certificate_id)
    with database.transaction() as session:
        finish(session)


def test_the_job_draws_all_languages_and_keeps_their_digests(both: Installation) -> None:
    number, _ = rows.issued(both)
    assert both.run_jobs() == 1
    documents = _documents(both)
    assert set(documents) == {locale.code for locale in LOCALES}
    with both.platform.database.read_session() as session:
        certificate = queries.certificate_by_number(session, number)
        assert certificate is not None
        for locale, pdf in documents.items():
            assert pdf.startswith(b"%PDF-")
            kept = queries.document(session, certificate.id, locale)
            assert kept == queries.Document(pdf, hashlib.sha256(pdf).hexdigest())


def test_what_is_drawn_is_never_drawn_again(both: Installation) -> None:
    rows.issued(both, draw=True)
    before = _documents(both)
    with both.platform.database.transaction() as session:
        session.scalars(select(Certificate)).one().holder = "Somebody Else"
    _draw(both)
    assert _documents(both) == before


def test_drawing_at_the_same_time_keeps_one_document_per_language(both: Installation) -> None:
    rows.issued(both)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _draw(both), range(4)))
    assert len(_documents(both)) == len(LOCALES)


def test_a_missing_language_is_drawn_later_and_the_others_stay(installation: Installation) -> None:
    rows.issued(installation, draw=True)
    before = _documents(installation)
    with installation.platform.database.transaction() as session:
        session.delete(session.get_one(CertificateDocument, (1, "fr")))
    _draw(installation)
    assert _documents(installation) == before


@pytest.mark.parametrize("name", [rows.HOLDER, "Пример Примеров", "عبد الرحمن بن عبد الله الأمين", "{{7*7}} #set b"])
def test_the_document_of_each_language_holds_name_and_number(installation, tmp_path: Path, name: str) -> None:
    number, _ = rows.issued(installation, draw=True, name=name)
    documents = _documents(installation)
    assert len(documents) == len(LOCALES)
    for locale, pdf in documents.items():
        file = tmp_path / f"{locale}.pdf"
        file.write_bytes(pdf)
        text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
        plain = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
        assert number in plain
        assert name in " ".join(plain.split())


def test_a_name_without_a_font_is_issued_and_drawn_all_the_same(installation: Installation) -> None:
    number, _ = rows.issued(installation, draw=True, name="李明")
    assert len(_documents(installation)) == len(LOCALES)
    with installation.platform.database.read_session() as session:
        certificate = queries.certificate_by_number(session, number)
        assert certificate is not None
        assert certificate.holder == "李明"
