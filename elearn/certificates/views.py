"""My certificates, the check page, the document, the form for a number from paper."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock
from elearn.certificates import policy, queries
from elearn.certificates.forms import NameForm, NumberForm
from elearn.certificates.queries import IssuedCertificate
from elearn.certificates.service import issuing
from elearn.certificates.service.numbers import parse
from elearn.certificates.service.wording import Wording, wording
from elearn.errors import NotFound, NotReady
from elearn.i18n.locales import matching
from elearn.i18n.markers import N_
from elearn.ledger.meter import Limit
from elearn.web.access import Cache, public, signed_in
from elearn.web.current import frame
from elearn.web.limits import client_network, enforce
from elearn.web.links import url
from elearn.web.notices import notify
from elearn.web.pages import render
from elearn.web.platform import platform

blueprint = Blueprint("certificates", __name__)

BEING_DRAWN = N_("The document is being drawn. Please open this address again in a few seconds.")
NAME_SHOWN = N_("Your name is shown on the check page of this certificate.")
NAME_HIDDEN = N_("Your name is no longer shown on the check page of this certificate.")
RETRY_SECONDS = 5
NUMBERS_PER_NETWORK = Limit(60, 900)
NAMES_PER_CERTIFICATE = Limit(5, 900)
NAMES_PER_NETWORK = Limit(30, 900)


@blueprint.get("/<locale:locale>/certificates/")
@signed_in()
def mine() -> Response:
    """The certificates of the signed-in person."""
    held = queries.held_certificates(frame().reading(), _holder_id())
    return render("certificates/mine.html", nav="learn", held=[(h, _words(h.certificate)) for h in held])


@blueprint.post("/<locale:locale>/certificates/")
@signed_in()
def choose_visibility() -> AnyResponse:
    """The holder's choice of what the check page shows."""
    visibility = request.form.get("visibility", "")
    issuing.choose_visibility(
        frame().writing(),
        person_id=_holder_id(),
        number=parse(request.form.get("number", "")) or "",
        visibility=visibility,
    )
    notify(NAME_SHOWN if visibility == "public" else NAME_HIDDEN)
    return redirect(url("certificates.mine"), 303)


@blueprint.route("/<locale:locale>/certificates/<number>", methods=["GET", "POST"])
@public(cache=Cache.COURSE, keeps_form=True)
def check(number: str) -> AnyResponse:
    """What is known of a number; where the name is not shown, whether a name from the paper is the right one."""
    written = parse(number)
    certificate = _certificate(written)
    if certificate is None:
        return _page("certificates/unknown.html", status=404, number=written)
    if number != written:
        return redirect(url("certificates.check", number=written), 303)
    form = NameForm.from_request()
    is_asking = not certificate.is_name_shown and certificate.state == "valid"
    matches = _compare(form, certificate) if is_asking and form.accepted() else None
    return _page(
        "certificates/check.html", status=form.status, form=form, certificate=certificate, is_asking=is_asking,
        words=_words(certificate), matches=matches, is_open=certificate.is_open_to(_person_id()),
    )  # fmt: skip


@blueprint.get("/certificates/<number>.pdf")
@public(cache=Cache.FIXED)
def pdf(number: str) -> AnyResponse:
    """The document in the language asked for (`lang`): the same bytes for ever."""
    code = request.args.get("lang", "")
    locale, certificate = matching(code), _certificate(parse(number))
    if not code:
        return _in_own_language(number)
    if locale is None or certificate is None or not certificate.is_open_to(_person_id()):
        raise NotFound
    frame().locale = locale
    document = queries.document(frame().reading(), certificate.id, code)
    if document is None:
        raise NotReady(BEING_DRAWN, retry_after=RETRY_SECONDS)
    return _file(document, f"certificate-{certificate.number}-{code}.pdf", code, is_public=certificate.is_name_shown)


@blueprint.route("/<locale:locale>/verify", methods=["GET", "POST"])
@public(keeps_form=True)
def verify() -> AnyResponse:
    """The form for a number typed from paper; what can be a number leads to its check page."""
    form = NumberForm.asked()
    if form.accepted():
        enforce("certificate-number", per_network=NUMBERS_PER_NETWORK)
        return redirect(url("certificates.check", number=parse(form.number.data)), 303)
    return form.page("certificates/verify.html", nav="verify")


def _person_id() -> int | None:
    viewer = frame().viewer
    return viewer.id if viewer else None


def _holder_id() -> int:
    viewer = frame().viewer
    assert viewer is not None  # these endpoints are for people who are signed in
    return viewer.id


def _certificate(written: str | None) -> IssuedCertificate | None:
    return queries.certificate_by_number(frame().reading(), written) if written else None


def _words(certificate: IssuedCertificate) -> Wording:
    current = frame()
    return wording(certificate, current.catalogues.messages(current.locale.code))


def _page(template: str, *, status: int, **values: Any) -> Response:
    host = urlsplit(platform().settings.base_url).netloc
    return render(template, status=status, nav="verify", checked_at=clock.now(), host=host, **values)


def _compare(form: NameForm, certificate: IssuedCertificate) -> bool:
    enforce(
        "certificate-name",
        subject=f"{certificate.number} {client_network()}",
        per_subject=NAMES_PER_CERTIFICATE,
        per_network=NAMES_PER_NETWORK,
    )
    return policy.is_same_name(form.name.data, certificate.holder)


def _in_own_language(number: str) -> AnyResponse:
    answer = redirect(url("certificates.pdf", number=number, lang=frame().locale.code), 302)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file(document: queries.Document, name: str, code: str, *, is_public: bool) -> AnyResponse:
    answer = Response(document.pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Language"] = code
    answer.headers["X-Robots-Tag"] = "noindex"
    if not is_public:  # the next person at a shared computer is not its holder
        answer.headers["Cache-Control"] = "private, no-store"
    answer.set_etag(document.sha256)
    return answer.make_conditional(request)
