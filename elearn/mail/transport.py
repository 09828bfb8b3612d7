"""Transports: SMTP, or files in the instance folder where there is none (development)."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from elearn.errors import ConfigurationError
from elearn.settings import Settings

TIMEOUT_SECONDS = 20
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Transport(Protocol):
    """Takes a message over, or raises OSError or smtplib.SMTPException."""

    def send(self, message: EmailMessage) -> None: ...


@dataclass(frozen=True, slots=True)
class SmtpTransport:
    """smtp://user:password@host:25 (plain), smtp+starttls://…:587, smtps://…:465."""

    url: str

    def send(self, message: EmailMessage) -> None:
        """Deliver to the server of `url`."""
        with self.connected() as client:
            client.send_message(message)

    @contextmanager
    def connected(self) -> Iterator[smtplib.SMTP]:
        """A connection to the server, encrypted and signed in as `url` says."""
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            client = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        with client:
            if parts.scheme == "smtp+starttls":
                client.starttls(context=context)
            if parts.username:
                client.login(unquote(parts.username), unquote(parts.password or ""))
            yield client


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """One .eml file per message; `/-/outbox` shows them."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write the message under a name that sorts by time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        stamp = message["Date"].datetime.strftime("%Y%m%d-%H%M%S-%f")
        name = f"{stamp}-{message['Message-ID'].strip('<>').split('@')[0][:24]}.eml"
        path = self.folder / name
        part = path.with_suffix(".part")
        part.write_bytes(bytes(message))
        part.replace(path)

    def messages(self) -> list[tuple[str, EmailMessage]]:
        """Newest first: file name and message."""
        files = sorted(self.folder.glob("*.eml"), reverse=True)[:200]
        return [(f.name, BytesParser(policy=default).parsebytes(f.read_bytes())) for f in files]


def transport(settings: Settings) -> Transport:
    """The transport of `ELEARN_MAIL_URL`. Raises ConfigurationError for an unknown scheme, or none in production."""
    if not settings.mail_url:
        if not settings.is_development:
            raise ConfigurationError("ELEARN_MAIL_URL must be set in production")
        return FolderTransport(settings.instance / "outbox")
    if urlsplit(settings.mail_url).scheme not in PORTS:
        raise ConfigurationError("ELEARN_MAIL_URL begins with smtp://, smtp+starttls:// or smtps://")
    return SmtpTransport(settings.mail_url)
