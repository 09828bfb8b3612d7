"""Every letter that there is, in every language, as it arrives from a real mail server."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from elearn.db import Database
from elearn.jobs.models import OutboxJob
from elearn.mail.letters import post
from elearn.mail.sending import Postman
from elearn.mail.transport import SmtpTransport
from elearn.settings import bundle_path
from tests.conftest import Installation
from tests.mail.server import Mailbox, mail_server
from tests.pages import DIRECTIONS, Examined, parse

FOLDER = bundle_path("templates") / "emails"
KINDS = sorted(
    path.stem for path in FOLDER.glob("*.html") if "emails/base.html" in path.read_text() and path.stem != "base"
)
NAME, COURSE, COHORT = "Nguyễn Thị Ví Dụ", "دورة <i>المثال</i>", "Cohort & 1"
MESSAGE = ("Line {{ 1 }}", "Line %(two)s")
ABOUT_AN_ACCOUNT = {
    "confirm": {"link": "https://example.org/xx/confirm/TOKEN", "days": 3},
    "known_address": {"link": "https://example.org/xx/login", "reset_link": "https://example.org/xx/reset"},
    "password_changed": {"link": "https://example.org/xx/reset"},
    "reset": {"link": "https://example.org/xx/reset/TOKEN", "minutes": 60},
}
ABOUT_A_COHORT = {
    "course": COURSE, "course_id": "untoc", "cohort": COHORT, "cohort_id": "17", "study_opens": "1.1.2027",
    "study_closes": "2.2.2027", "applications_close": "3.3.2027", "until": "4.4.2027", "reason": "other",
    "message": "\n".join(MESSAGE),
}  # fmt: skip
LEFT_OVER = re.compile(r"\{\{|\{%|\{#|%\(|Undefined|None\b|Markup\(|&amp;amp;|&amp;lt;")
Arrived = dict[tuple[str, str], EmailMessage]


def values(kind: str) -> dict[str, Any]:
    return {"name": NAME, **ABOUT_AN_ACCOUNT.get(kind, ABOUT_A_COHORT)}


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.fixture(scope="module")
def delivered(_sqlite: Installation) -> tuple[Mailbox, Arrived]:
    """All letters in all languages, sent and received."""
    _sqlite.reset()
    platform = _sqlite.platform
    with mail_server() as mailbox:
        carrier = SmtpTransport(f"smtp://127.0.0.1:{mailbox.port}")
        postman = Postman(platform.settings, platform.catalogues, platform.environments, carrier)
        for kind in KINDS:
            for locale in DIRECTIONS:
                to = f"{kind}-{locale}@example.org"
                carrier.send(postman.message(kind=kind, to=to, locale=locale, occasion="one", values=values(kind)))
    keys = [(kind, locale) for kind in KINDS for locale in DIRECTIONS]
    return mailbox, dict(zip(keys, mailbox.messages, strict=True))


@pytest.fixture(scope="module")
def arrived(delivered: tuple[Mailbox, Arrived]) -> Arrived:
    return delivered[1]


def letters(arrived: Arrived) -> Iterator[tuple[str, str, EmailMessage, str, Examined]]:
    """Kind, locale, message, its text and its page."""
    for (kind, locale), message in arrived.items():
        yield kind, locale, message, part(message, "plain"), parse(part(message, "html"), f"{kind}.{locale}")


def test_there_are_letters_in_two_forms():
    assert len(KINDS) >= 11
    assert {path.stem for path in FOLDER.glob("*.txt")} - {"independence", "decline_reason"} == set(KINDS)


def test_headers_are_whole(arrived: Arrived):
    for kind, locale, message, *_ in letters(arrived):
        assert message["To"] == f"{kind}-{locale}@example.org"
        assert message["From"] == "elearn <no-reply@example.org>"
        assert message["Content-Language"] == locale
        assert message["Auto-Submitted"] == "auto-generated"
        assert re.fullmatch(r"<[0-9a-f]{40}@[a-z0-9.]+>", message["Message-ID"])
        assert message["Date"].datetime.utcoffset() is not None
        assert message.get_content_type() == "multipart/alternative"
        assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
        assert all(p.get_content_charset() == "utf-8" for p in message.iter_parts())
        assert not message.defects
    assert len({message["Message-ID"] for message in arrived.values()}) == len(arrived)


def test_lines_are_no_longer_than_mail_may_have_them(delivered: tuple[Mailbox, Arrived]):
    assert max(len(line) for raw in delivered[0].raw for line in raw.split(b"\r\n")) <= 998, "RFC 5322, 2.1.1"


def test_language_and_direction_are_declared(arrived: Arrived):
    for _kind, locale, message, _text, page in letters(arrived):
        root = page.one("html").attributes
        assert (root["lang"], root["dir"]) == (locale, DIRECTIONS[locale])
        assert page.one("title").text == message["Subject"] == page.one("h1").text
        assert {e.attributes["dir"] for e in page.all("td") if "dir" in e.attributes} <= {DIRECTIONS[locale], "auto"}


def test_nothing_of_the_template_is_left_over(arrived: Arrived):
    for kind, locale, _message, text, page in letters(arrived):
        for shown in (text, page.html):
            cleaned = shown.replace(MESSAGE[0], "").replace(MESSAGE[1], "")
            assert not LEFT_OVER.search(cleaned), f"{kind}.{locale}"
        assert "\n\n\n" not in text, f"{kind}.{locale}: a gap"


def words(text: str, page: Examined) -> set[str]:
    """Lines and cells that hold a word in Latin script, without what is the same in every language."""
    found = {*text.splitlines(), *(e.text.strip() for e in page.elements if e.tag not in ("style", "a", "bdi"))}
    same = {*MESSAGE, "".join(MESSAGE), "elearn", f"\u2068{COHORT}\u2069 – elearn"}
    return {line for line in found - same if re.search("[a-z]{3}", line) and not line.startswith("http")}


def test_every_sentence_is_translated(arrived: Arrived):
    shown = {(kind, locale): words(text, page) for kind, locale, _message, text, page in letters(arrived)}
    assert all(len(shown[kind, "en"]) > 5 for kind in KINDS)
    for kind, locale in shown:
        if locale != "en":
            assert not shown[kind, locale] & shown[kind, "en"], f"{kind}.{locale}"
            assert arrived[kind, locale]["Subject"] != arrived[kind, "en"]["Subject"]


def test_values_of_people_are_isolated_and_never_markup(arrived: Arrived):
    for kind, _locale, _message, text, page in letters(arrived):
        assert f"\u2068{NAME}\u2069" in text
        isolated = [e.text for e in page.all("bdi")]
        assert NAME in isolated
        if f"\u2068{COURSE}\u2069" in text:
            assert COURSE in isolated
        assert not page.all("i")
        if MESSAGE[0] in text:
            assert "<br>".join(MESSAGE) in page.html, kind


def test_addresses_stand_alone_and_lead_where_the_text_leads(arrived: Arrived):
    for kind, locale, _message, text, page in letters(arrived):
        written = set(re.findall(r"https?://\S+", text))
        assert written <= set(text.splitlines()), f"{kind}.{locale}: an address inside a sentence"
        assert written == {e.attributes["href"] for e in page.all("a")}, f"{kind}.{locale}"
        for address in written:
            assert f"/{locale}/" in address or "/xx/" in address


def test_a_letter_needs_nothing_from_elsewhere(arrived: Arrived):
    for _kind, _locale, _message, _text, page in letters(arrived):
        assert not [e for e in page.elements if e.tag in ("img", "script", "link", "iframe") or "src" in e.attributes]
        assert "url(" not in page.html


def test_a_letter_is_asked_for_once_per_kind_occasion_and_address(database: Database):
    asked = {"kind": "accepted", "to": "a@example.org", "occasion": "one"}
    with database.transaction() as session:
        assert post(session, locale="ar", values={"name": "أمل"}, **asked)
        assert not post(session, locale="en", values={}, **asked)
        for name in asked:
            assert post(session, locale="ar", values={}, **{**asked, name: "another"}), name
    with database.read_session() as session:
        first = session.get_one(OutboxJob, 1)
        assert (first.task, first.args["locale"], first.args["values"]) == ("mail.send", "ar", {"name": "أمل"})
