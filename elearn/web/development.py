"""What exists in development only: the outbox of mails and the living page of components."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, request

from elearn.i18n.locales import matching
from elearn.web.access import Cache, public
from elearn.web.current import frame
from elearn.web.pages import render
from elearn.web.platform import platform
from elearn.web.samples import samples

blueprint = Blueprint("development", __name__, url_prefix="/-")


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


@blueprint.get("/outbox")
@public(cache=Cache.PERSONAL)
def outbox() -> Response:
    """Mails that were sent to the outbox folder, newest first."""
    letters: list[dict[str, Any]] = [
        {"name": name, "to": message["To"], "subject": message["Subject"], "locale": message["Content-Language"],
         "text": _part(message, "plain")}
        for name, message in platform().rooms["outbox"]()
    ]  # fmt: skip
    return render("pages/outbox.html", letters=letters)


@blueprint.get("/outbox/<name>")
@public(cache=Cache.PERSONAL)
def letter(name: str) -> Response:
    """One mail as HTML, as a mail program would show it."""
    for found, message in platform().rooms["outbox"]():
        if found == Path(name).name:
            answer = Response(_part(message, "html"), content_type="text/html; charset=utf-8")
            answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
            return answer
    return render("errors/error.html", status=404, kind=404, code=404, sentence="", retry_after=0)


@blueprint.get("/components")
@public(cache=Cache.PERSONAL)
def components() -> Response:
    """Every component in its states, in the language of `?locale=`."""
    current = frame()
    current.locale = matching(request.args.get("locale", "")) or current.locale
    return render("component_page.html", samples=samples(current.locale.direction))
