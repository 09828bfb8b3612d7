"""Rendering a letter in the recipient's language and direction, and handing it to the transport once."""

import hashlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy.orm import Session

from elearn import clock
from elearn.catalogues.environment import Environments
from elearn.catalogues.store import CatalogueStore
from elearn.db import Database
from elearn.jobs.service import Finish
from elearn.ledger import service as ledger
from elearn.ledger.queries import is_message_sent
from elearn.mail.transport import Transport
from elearn.settings import Settings


class BeingSent(Exception):
    """Another worker has claimed this letter and has not sent it: it may still, or it may have failed."""


@dataclass(frozen=True, slots=True)
class Postman:
    """The handler of the job "mail.send"."""

    settings: Settings
    catalogues: CatalogueStore
    environments: Environments
    transport: Transport

    def send(
        self, database: Database, *, kind: str, to: str, locale: str, occasion: str, values: dict[str, Any]
    ) -> Finish | None:
        """Send one letter unless the ledger says that it went out. Raises what the transport raises, and BeingSent for a
        letter that is claimed and not sent: then it is retried, at last when the claim is over."""
        recipient = hashlib.sha256(to.encode()).hexdigest()
        with database.transaction() as session:
            if not ledger.claim_message(session, recipient=recipient, kind=kind, occasion=occasion):
                if is_message_sent(session, recipient=recipient, kind=kind, occasion=occasion):
                    return None
                raise BeingSent(f"{kind}, {occasion}")
        try:
            self.transport.send(self.message(kind=kind, to=to, locale=locale, occasion=occasion, values=values))
        except Exception:
            with database.transaction() as session:
                ledger.release_message(session, recipient=recipient, kind=kind, occasion=occasion)
            raise

        def finish(session: Session) -> None:
            ledger.mark_message_sent(session, recipient=recipient, kind=kind, occasion=occasion)

        return finish

    def message(self, *, kind: str, to: str, locale: str, occasion: str, values: dict[str, Any]) -> EmailMessage:
        """The letter: HTML and text, the first line of the text template being the subject. Message-ID is deterministic,
        so that a letter delivered twice by a crash between sending and marking is one letter for mail programs."""
        catalogues = self.catalogues.current()
        environment = self.environments.get(catalogues.messages(locale), catalogues.revision(locale, "messages"))
        context = {"base_url": self.settings.base_url, "site_name": self.settings.site_name, **values}
        subject, _, text = environment.get_template(f"emails/{kind}.txt").render(**context).strip().partition("\n")
        html = environment.get_template(f"emails/{kind}.html").render(subject=subject, **context)
        message = EmailMessage()
        message["From"] = self.settings.mail_from
        message["To"] = str(Address(addr_spec=to))
        message["Subject"] = subject
        message["Date"] = format_datetime(clock.now())
        digest = hashlib.sha256(f"{kind}:{occasion}:{to}".encode()).hexdigest()[:40]
        message["Message-ID"] = f"<{digest}@{self.settings.base_url.split('//')[1].split(':')[0]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
        message.set_content(text.strip() + "\n")
        message.add_alternative(html, subtype="html")
        message["Content-Language"] = locale  # set last: earlier it would move into the text part
        return message
