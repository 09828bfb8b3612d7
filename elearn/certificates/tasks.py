"""The job that draws the documents of a certificate, and what other rooms are handed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from elearn import clock
from elearn.catalogues.store import CatalogueStore
from elearn.certificates import queries
from elearn.certificates.models import CertificateDocument
from elearn.certificates.service import issuing
from elearn.certificates.service.documents import certificate_data
from elearn.certificates.service.drawing import Drawer
from elearn.certificates.service.issuing import CourseFacts, Institute
from elearn.content.reading import Edition
from elearn.content.render import render_text
from elearn.courses.library import Library
from elearn.db import Database
from elearn.i18n.locales import LOCALES
from elearn.jobs.service import Finish, Handler
from elearn.ledger.service import insert_or_ignore
from elearn.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """Issues certificates and draws their documents."""

    settings: Settings
    catalogues: CatalogueStore
    library: Library

    def handlers(self) -> dict[str, Handler]:
        """Handlers of this room's jobs."""
        return {issuing.DRAW_TASK: self.draw}

    def functions(self) -> dict[str, Callable[..., Any]]:
        """What the learning room is handed.

        `on_completion(session, enrolment_id=, locale=)` → number; in the transaction of the completion, any number of
        times. `certificates_of(session, person_id)` → numbers of valid certificates by enrolment.
        """
        return {"on_completion": self.on_completion, "certificates_of": queries.numbers_by_enrolment}

    def on_completion(self, session: Session, enrolment_id: int, locale: str) -> str:
        """Issue the certificate of an enrolment whose completion stands in this session."""
        return issuing.issue(
            session,
            enrolment_id=enrolment_id,
            locale=locale,
            institute=Institute(self.settings.issuer_name, self.settings.signatory_name),
            course_facts=self.course_facts,
        )

    def course_facts(self, course_id: str) -> CourseFacts:
        """The titles of a course in every language, English where one is missing. Raises NotFound."""
        course, catalogues = self.library.course(course_id), self.catalogues.current()
        titles = {
            locale.code: render_text(
                course.title, catalogues.course(course_id, locale.code), Edition(locale.code, locale.direction)
            ).plain
            for locale in LOCALES
        }
        return CourseFacts(titles, max(1, round(course.effort_minutes / 60)))

    def draw(self, database: Database, *, certificate_id: int) -> Finish:
        """Draw what is not drawn yet, in every language; bytes once kept are never replaced."""
        with database.read_session() as session:
            certificate = queries.certificate_by_id(session, certificate_id)
            drawn = queries.drawn_locales(session, certificate_id)
        drawer, catalogues = _drawer(self.settings.templates), self.catalogues.current()
        documents = {
            locale.code: drawer.draw(
                certificate_data(certificate, catalogues.messages(locale.code), base_url=self.settings.base_url)
            )
            for locale in LOCALES
            if locale.code not in drawn
        }
        return lambda session: _keep(session, certificate_id, documents)


@cache
def _drawer(templates: Path) -> Drawer:
    """One per process: reading the fonts takes longer than drawing."""
    return Drawer(templates / "certificates" / "certificate.typ")


def _keep(session: Session, certificate_id: int, documents: dict[str, bytes]) -> None:
    for locale, pdf in documents.items():
        insert_or_ignore(
            session,
            CertificateDocument,
            certificate_id=certificate_id,
            locale=locale,
            pdf=pdf,
            sha256=hashlib.sha256(pdf).hexdigest(),
            drawn_at=clock.now(),
        )
