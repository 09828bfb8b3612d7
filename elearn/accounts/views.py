"""Pages of accounts. Passwords are compared and hashed before the write transaction begins."""

from typing import Any

from flask import Blueprint, Response, redirect, request

from elearn.accounts import queries
from elearn.accounts.forms import AddressForm, LoginForm, NewPasswordForm, ProfileForm, RegisterForm
from elearn.accounts.policy import full_name, zone_of_browser
from elearn.accounts.queries import Credentials, MailedLink, TokenState
from elearn.accounts.service import hashing, people, recovery, registration, sessions
from elearn.errors import NotFound, RuleBroken, TooMany
from elearn.i18n.markers import N_
from elearn.ledger.meter import Limit
from elearn.permissions import Viewer
from elearn.web.access import Cache, public, signed_in
from elearn.web.addresses import is_safe_target
from elearn.web.current import frame, session_cookie
from elearn.web.forms import SWITCH
from elearn.web.limits import client_network, enforce
from elearn.web.links import external_url, url
from elearn.web.notices import notify
from elearn.web.pages import render
from elearn.web.platform import platform

blueprint = Blueprint("accounts", __name__, url_prefix="/<locale:locale>/account")

MAX_ID_DIGITS = 9  # a number of that length fits the 32 bits of the column
# Letters to one address, whoever asks; and requests from one network, where a whole class may sit behind one address.
LETTERS = Limit(5, 3600)
LETTERS_NETWORK = Limit(60, 3600)
PASSWORDS_NETWORK = Limit(300, 3600)  # forms with a new password, also those that are refused
# Sign-in: few tries for one address from one network, so that an attacker elsewhere does not lock its owner out;
# more for one address from everywhere; and a bound for one network that goes through many addresses.
TRIES_HERE = Limit(10, 900)
TRIES_EVERYWHERE = Limit(60, 900)
TRIES_NETWORK = Limit(100, 900)

CONFIRMED = N_("Your e-mail address is confirmed. You can sign in now.")
RESENT = N_("If this address waits for confirmation, a new letter is on its way.")
PASSWORD_SET = N_("Your new password is set, and every browser was signed out. You can sign in now.")
SAVED = N_("Your profile is saved.")
SIGNED_OUT = N_("You are signed out.")
SESSION_ENDED = N_("That browser is signed out.")
OTHERS_ENDED = N_("All other browsers are signed out.")


class MailAddresses:
    """Full addresses for letters, in the language of the letter."""

    def confirm(self, locale: str, token: str) -> str:
        return external_url("accounts.confirm", locale=locale, token=token)

    def reset(self, locale: str, token: str) -> str:
        return external_url("accounts.reset", locale=locale, token=token)

    def sign_in(self, locale: str) -> str:
        return external_url("accounts.login", locale=locale)

    def ask_reset(self, locale: str) -> str:
        return external_url("accounts.reset_request", locale=locale)


def _see(endpoint: str, **values: Any) -> Any:
    return redirect(url(endpoint, **values), 303)


def _viewer() -> Viewer:
    viewer = frame().viewer
    assert viewer is not None  # the access check came before
    return viewer


def _refusal(name: str, subject: str, per_subject: Limit | None, per_network: Limit | None = None) -> TooMany | None:
    """Count this request; what to answer where a limit is reached."""
    try:
        enforce(name, subject=subject, per_subject=per_subject, per_network=per_network)
    except TooMany as error:
        return error
    return None


def _may_post(form: AddressForm, name: str) -> bool:
    """Whether one more letter may go to this address; if not, the form says so and keeps what was typed."""
    refusal = _refusal(name, form.address, LETTERS, LETTERS_NETWORK)
    return refusal is None or form.slow_down(refusal)


def _may_judge(form: NewPasswordForm) -> bool:
    """Whether one more new password from this network may be judged, which takes long; counted before it is."""
    if request.method != "POST" or SWITCH in request.form or frame().csrf_failed:
        return True
    refusal = _refusal("new-password", "", None, PASSWORDS_NETWORK)
    return refusal is None or form.slow_down(refusal)


@blueprint.route("/register", methods=["GET", "POST"])
@public(cache=Cache.PERSONAL, keeps_form=True)
def register() -> Any:
    """A new account; the answer is the same whether the address is known or not."""
    form = RegisterForm.from_request(data={"locale": frame().locale.code})
    if not (_may_judge(form) and form.accepted() and _may_post(form, "register")):
        return form.page("accounts/register.html", nav="register")
    settings = platform().settings
    wanted = registration.Registration(
        email=form.address,
        password_hash=hashing.hash_password(form.password.data, settings=settings),
        full_name=full_name(form.full_name.data),
        locale=form.locale.data,
        time_zone=zone_of_browser(request.form.get("time_zone", ""), otherwise=settings.default_time_zone),
    )
    registration.register_person(frame().writing(), registration=wanted, addresses=MailAddresses())
    return _see("accounts.look_at_mail")


@blueprint.route("/look-at-mail", methods=["GET", "POST"])
@public(cache=Cache.PERSONAL, keeps_form=True)
def look_at_mail() -> Any:
    """What comes after registering or asking for a new password; here a letter can be asked for again."""
    form = AddressForm.from_request()
    if not (form.accepted() and _may_post(form, "confirm")):
        return form.page("accounts/look_at_mail.html", is_reset=request.args.get("about") == "reset", nav="register")
    hashing.spend_time(settings=platform().settings)
    registration.resend_confirmation(frame().writing(), email=form.address, addresses=MailAddresses())
    notify(RESENT, "note")
    return _see("accounts.look_at_mail")


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
@public(cache=Cache.PERSONAL, keeps_form=True)
def confirm(token: str) -> Any:
    """The mailed link: opening it changes nothing, its button does."""
    link = queries.mailed_link(frame().reading(), purpose="confirm", token=token)
    if link.state is not TokenState.VALID:
        return _dead_link(link, "confirm")
    if request.method != "POST" or frame().csrf_failed:
        return render("accounts/confirm.html", status=400 if frame().csrf_failed else 200, link=link, nav="register")
    registration.confirm_address(frame().writing(), token=token)
    notify(CONFIRMED)
    return _see("accounts.login")


def _dead_link(link: MailedLink, purpose: str) -> Response:
    """Unknown: 404. Used or too old: 200 to look at, 409 to a form that was sent."""
    status = 404 if link.state is TokenState.UNKNOWN else 409 if request.method == "POST" else 200
    return render("accounts/dead_link.html", status=status, state=link.state.value, purpose=purpose)


@blueprint.route("/login", methods=["GET", "POST"])
@public(cache=Cache.PERSONAL, keeps_form=True)
def login() -> Any:
    """Sign in. Unknown, unconfirmed or disabled address and wrong password get one answer and cost the same work."""
    form = LoginForm.from_request()
    if not (form.accepted() and _may_try(form)):
        return form.page("accounts/login.html", nav="login", days=platform().settings.remember_days)
    known = queries.credentials(frame().reading(), form.address)
    stored = known.password_hash if known else None
    is_right = hashing.is_right_password(form.password.data, stored, settings=platform().settings)
    if known is None or not is_right:
        form.refuse(RuleBroken(sessions.WRONG))
        return form.page("accounts/login.html", nav="login", days=platform().settings.remember_days)
    return _sign_in(known, form)


def _may_try(form: LoginForm) -> bool:
    here = f"{form.address} {client_network()}"
    refusal = _refusal("login-here", here, TRIES_HERE, TRIES_NETWORK) or _refusal(
        "login", form.address, TRIES_EVERYWHERE
    )
    return refusal is None or form.slow_down(refusal)


def _sign_in(known: Credentials, form: LoginForm) -> Any:
    current, settings = frame(), platform().settings
    is_outdated = hashing.is_outdated(known.password_hash, settings=settings)
    new_hash = hashing.hash_password(form.password.data, settings=settings) if is_outdated else None
    cookie = session_cookie(current.platform)
    writing = current.writing()
    sessions.hold_credentials(writing, known=known, new_hash=new_hash)
    sessions.end_session_of_token(writing, token=frame().given_cookies.get(cookie, ""))
    started = sessions.start_session(
        writing,
        person_id=known.person_id,
        settings=settings,
        remember=form.remember.data,
        user_agent=request.headers.get("User-Agent", ""),
    )
    current.set_cookie(cookie, started.token, max_age=started.max_age)
    target = request.args.get("next", "")
    return redirect(target if is_safe_target(target) else url("learning.my_courses"), 303)


@blueprint.post("/logout")
@public(cache=Cache.PERSONAL, keeps_form=True)
def logout() -> Any:
    """Sign out; somebody whose session is over already is simply sent home."""
    current = frame()
    if current.viewer is not None and current.csrf_failed:
        return render("accounts/logout.html", status=400)
    cookie = session_cookie(current.platform)
    sessions.end_session_of_token(current.writing(), token=frame().given_cookies.get(cookie, ""))
    current.set_cookie(cookie, "", max_age=0)
    notify(SIGNED_OUT)
    return _see("pages.home")


@blueprint.route("/reset", methods=["GET", "POST"])
@public(cache=Cache.PERSONAL, keeps_form=True)
def reset_request() -> Any:
    """Ask for a link to a new password; the answer is always the same."""
    form = AddressForm.from_request()
    if not (form.accepted() and _may_post(form, "reset")):
        return form.page("accounts/reset_request.html", nav="login")
    hashing.spend_time(settings=platform().settings)
    recovery.request_reset(frame().writing(), email=form.address, addresses=MailAddresses())
    return _see("accounts.look_at_mail", about="reset")


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@public(cache=Cache.PERSONAL, keeps_form=True)
def reset(token: str) -> Any:
    """A new password by the mailed link."""
    link = queries.mailed_link(frame().reading(), purpose="reset", token=token)
    if link.state is not TokenState.VALID:
        return _dead_link(link, "reset")
    form = NewPasswordForm.from_request(personal=(link.email, link.full_name))
    if not (_may_judge(form) and form.accepted()):
        return form.page("accounts/reset.html", nav="login")
    hashed = hashing.hash_password(form.password.data, settings=platform().settings)
    recovery.reset_password(frame().writing(), token=token, password_hash=hashed, addresses=MailAddresses())
    notify(PASSWORD_SET)
    return _see("accounts.login")


@blueprint.route("/profile", methods=["GET", "POST"])
@signed_in(keeps_form=True)
def profile() -> Any:
    """Name, language and time zone. A new language is the language of the next page."""
    viewer = _viewer()
    data = {"full_name": viewer.name, "locale": viewer.locale, "time_zone": viewer.time_zone}
    form = ProfileForm.from_request(data=data, current_zone=viewer.time_zone)
    if not form.accepted():
        return form.page("accounts/profile.html", nav="account")
    wanted = people.Profile(full_name(form.full_name.data), form.locale.data, form.time_zone.data)
    people.change_profile(frame().writing(), person_id=viewer.id, profile=wanted)
    notify(SAVED)
    return _see("accounts.profile", locale=wanted.locale)


@blueprint.get("/sessions", endpoint="sessions")
@signed_in()
def list_sessions() -> Response:
    """The browsers in which this person is signed in."""
    viewer = _viewer()
    open_sessions = queries.open_sessions(frame().reading(), viewer.id)
    return render("accounts/sessions.html", sessions=open_sessions, current=viewer.session_id, nav="account")


@blueprint.post("/sessions")
@signed_in()
def end_sessions() -> Any:
    """End one session (`action=end`, `session`) or all but this one (`action=end_others`)."""
    viewer, writing = _viewer(), frame().writing()
    if request.form.get("action") == "end_others":
        sessions.end_other_sessions(writing, person_id=viewer.id, kept_id=viewer.session_id)
        notify(OTHERS_ENDED)
        return _see("accounts.sessions")
    ended = _session_id(request.form.get("session", ""))
    sessions.end_session(writing, person_id=viewer.id, session_id=ended)
    if ended == viewer.session_id:
        notify(SIGNED_OUT)
        return _see("accounts.login")
    notify(SESSION_ENDED)
    return _see("accounts.sessions")


def _session_id(typed: str) -> int:
    """A number as ids have them; anything else is nobody's session."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= MAX_ID_DIGITS):
        raise NotFound
    return int(typed)
