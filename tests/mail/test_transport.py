"""Handing messages over: to a real SMTP server, and to files where there is none."""

import smtplib
import socket
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest

from elearn.errors import ConfigurationError
from elearn.mail.transport import FolderTransport, SmtpTransport, transport
from tests.conftest import make_settings
from tests.mail.server import CERTIFICATE, PASSWORD, USER, mail_server

LOGIN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"
ENCRYPTED = ["smtps", "smtp+starttls"]


def message(number: int = 1) -> EmailMessage:
    made = EmailMessage()
    made["From"] = "elearn <no-reply@example.org>"
    made["To"] = "person@example.org"
    made["Subject"] = "موضوع"
    made["Date"] = f"Mon, 01 Mar 2027 12:00:0{number} +0000"
    made["Message-ID"] = f"<{number}@example.org>"
    made.set_content("نص الرسالة\n.\nاسطر\n")
    return made


@pytest.mark.parametrize("login", ["", LOGIN])
def test_a_message_arrives_over_plain_smtp(login: str):
    with mail_server() as mailbox:
        SmtpTransport(f"smtp://{login}localhost:{mailbox.port}").send(message())
    assert mailbox.envelopes == [("no-reply@example.org", ["person@example.org"])]
    assert mailbox.messages[0]["Subject"] == "موضوع"
    assert mailbox.messages[0].get_content().splitlines() == ["نص الرسالة", ".", "اسطر"]
    assert mailbox.is_encrypted == [False]
    assert mailbox.is_signed_in == [bool(login)]


@pytest.mark.parametrize("kind", ENCRYPTED)
def test_a_message_arrives_encrypted_and_signed_in(kind: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with mail_server(kind) as mailbox:
        SmtpTransport(f"{kind}://{LOGIN}localhost:{mailbox.port}").send(message())
    assert mailbox.is_encrypted == [True]
    assert mailbox.is_signed_in == [True]


@pytest.mark.parametrize("kind", ENCRYPTED)
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(kind: str):
    with mail_server(kind) as mailbox, pytest.raises(ssl.SSLCertVerificationError):
        SmtpTransport(f"{kind}://{LOGIN}localhost:{mailbox.port}").send(message())
    assert mailbox.messages == []


def test_starttls_never_falls_back_to_plain_text():
    with mail_server() as mailbox, pytest.raises(smtplib.SMTPNotSupportedError):
        SmtpTransport(f"smtp+starttls://{LOGIN}localhost:{mailbox.port}").send(message())
    assert mailbox.messages == []


def test_refusals_are_raised():
    with mail_server() as mailbox:
        mailbox.answers.append("451 later")
        with pytest.raises(smtplib.SMTPDataError):
            SmtpTransport(f"smtp://localhost:{mailbox.port}").send(message())
        with pytest.raises(smtplib.SMTPAuthenticationError):
            SmtpTransport(f"smtp://post:wrong@localhost:{mailbox.port}").send(message())


def test_a_server_that_is_away_is_an_oserror():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="refused"):
            SmtpTransport(f"smtp://127.0.0.1:{unused.getsockname()[1]}").send(message())


def test_the_folder_keeps_messages_newest_first(tmp_path: Path):
    folder = FolderTransport(tmp_path / "outbox")
    assert folder.messages() == []
    for number in (2, 1, 3):
        folder.send(message(number))
    folder.send(message(3))
    kept = folder.messages()
    assert [made["Message-ID"] for _, made in kept] == ["<3@example.org>", "<2@example.org>", "<1@example.org>"]
    assert kept[0][1].get_content() == message().get_content()
    assert {path.suffix for path in folder.folder.iterdir()} == {".eml"}


def test_the_address_chooses_the_transport(tmp_path: Path):
    assert transport(make_settings(tmp_path)) == FolderTransport(tmp_path / "outbox")
    for url in ("smtp://a", "smtps://a", "smtp+starttls://a:2525"):
        assert transport(make_settings(tmp_path, mail_url=url)) == SmtpTransport(url)


@pytest.mark.parametrize("values", [{"environment": "production"}, {"mail_url": "http://a"}, {"mail_url": "a:25"}])
def test_no_transport_without_a_known_address(values: dict[str, str], tmp_path: Path):
    with pytest.raises(ConfigurationError, match="ELEARN_MAIL_URL"):
        transport(make_settings(tmp_path, **values))
