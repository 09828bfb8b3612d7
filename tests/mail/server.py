"""A real SMTP server on a port of its own, for tests."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).with_name("localhost.pem")  # signed by itself, of no use outside these tests
USER, PASSWORD = b"post@example.org", b"p:w/d@1"


@dataclass
class Mailbox:
    """What arrived, and how; `answers` are given instead of taking the next messages."""

    port: int = 0
    answers: list[str] = field(default_factory=list)
    messages: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    is_encrypted: list[bool] = field(default_factory=list)
    is_signed_in: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.raw.append(envelope.content)
        self.messages.append(message)
        self.envelopes.append((envelope.mail_from or "", envelope.rcpt_tos))
        assert server.transport is not None
        self.is_encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        self.is_signed_in.append(bool(session.authenticated))
        return "250 taken"


class _Controller(Controller):
    """A controller that learns which port the system chose."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


def _check(_server: Any, _session: Session, _envelope: Envelope, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=given == LoginPassword(USER, PASSWORD), handled=False)


@contextmanager
def mail_server(kind: str = "smtp") -> Iterator[Mailbox]:
    """A server at localhost that speaks like the scheme `kind` of ELEARN_MAIL_URL."""
    mailbox = Mailbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    options: dict[str, Any] = {"authenticator": _check, "auth_require_tls": kind != "smtp"}
    if kind == "smtps":
        options |= {"ssl_context": context, "auth_require_tls": False}  # the channel is encrypted from its first byte
    if kind == "smtp+starttls":
        options |= {"tls_context": context, "require_starttls": True}
    controller = _Controller(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()
