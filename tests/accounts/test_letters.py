"""The letters of accounts in every language."""

from email.message import EmailMessage
from typing import Any

import pytest

from tests.conftest import Installation
from tests.pages import parse

VALUES: dict[str, dict[str, Any]] = {
    "confirm": {"link": "https://example.org/en/account/confirm/TOKEN", "days": 3},
    "known_address": {"link": "https://example.org/en/account/login", "reset_link": "https://example.org/r"},
    "reset": {"link": "https://example.org/en/account/reset/TOKEN", "minutes": 60},
    "password_changed": {"link": "https://example.org/en/account/reset"},
}
NAME = "<b>أمل</b> & O’Brien"


def letter(installation: Installation, kind: str, locale: str) -> EmailMessage:
    postman = installation.platform.engine.handlers["mail.send"].__self__  # type: ignore[attr-defined]
    values = {"name": NAME, **VALUES[kind]}
    message = postman.message(kind=kind, to="a@example.org", locale=locale, occasion="test", values=values)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("locale", ["ar", "en", "fr", "es"])
@pytest.mark.parametrize("kind", sorted(VALUES))
def test_a_letter_is_whole_in_both_forms(kind: str, locale: str, installation: Installation) -> None:
    message = letter(installation, kind, locale)
    text, html = part(message, "plain"), part(message, "html")
    page = parse(html)
    root = page.one("html").attributes
    assert (root["lang"], root["dir"]) == (locale, "rtl" if locale == "ar" else "ltr")
    assert message["Subject"] == page.one("title").text == page.one("h1").text
    for link in (v for v in VALUES[kind].values() if isinstance(v, str)):
        assert link in text.splitlines(), "an address stands on a line of its own"
        assert page.all("a", href=link)
    assert NAME in text
    assert "<b>أمل" not in html
    assert NAME in [e.text for e in page.all("bdi")]
    for leak in ("{{", "{%", "%(", "Undefined"):
        assert leak not in text + html


def test_a_letter_carries_no_picture_script_or_foreign_address(installation: Installation) -> None:
    for kind in VALUES:
        html = part(letter(installation, kind, "ar"), "html")
        page = parse(html)
        assert not page.all("img") + page.all("script") + page.all("link")
        assert {e.attributes["href"].partition("/en/")[0] for e in page.all("a")} <= {
            "https://example.org", "https://example.org/r",
        }  # fmt: skip
        assert "text-align" not in html


def test_sides_follow_the_direction(installation: Installation) -> None:
    for locale, side in (("ar", "right"), ("en", "left")):
        page = parse(part(letter(installation, "confirm", locale), "html"))
        assert {e.attributes["align"] for e in page.all("td") if "align" in e.attributes} == {side, "center"}
