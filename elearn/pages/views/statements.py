"""Who runs this, privacy, accessibility, licences."""

from flask import Blueprint, Response, redirect

from elearn.web.access import Cache, public
from elearn.web.current import choose_locale, frame
from elearn.web.links import url
from elearn.web.pages import render
from elearn.web.platform import platform

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@public(cache=Cache.PERSONAL)
def root() -> Response:
    """Sends to the home page in the visitor's language: preference, cookie, Accept-Language, English."""
    locale = choose_locale(frame(), frame().viewer)
    answer = redirect(url("pages.home", locale=locale.code), 302)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return answer  # type: ignore[return-value]


@blueprint.get("/<locale:locale>/about")
@public()
def about() -> Response:
    """Who runs the site and what for."""
    settings = platform().settings
    return render("pages/about.html", issuer=settings.issuer_name, contact=settings.contact_email)


@blueprint.get("/<locale:locale>/privacy")
@public()
def privacy() -> Response:
    """What is kept about people, why, and how long."""
    settings = platform().settings
    return render(
        "pages/privacy.html",
        contact=settings.contact_email,
        session_hours=settings.session_hours,
        remember_days=settings.remember_days,
    )


@blueprint.get("/<locale:locale>/accessibility")
@public()
def accessibility() -> Response:
    """What was done for accessibility and what is known to be missing."""
    return render("pages/accessibility.html", contact=platform().settings.contact_email)
