"""A bounded fuzz: every form and every address gets hostile values; the answer is never an error of ours.

Nothing is kept: each request meets the same site, so that one that succeeds takes nothing from the next.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urljoin

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from elearn.certificates.models import Certificate
from elearn.web.current import Frame
from tests.conftest import Installation
from tests.pages import Element, Examined, parse
from tests.world import World, plant

MARKUP = '"><script>hostile()</script><img src=x onerror=hostile()>'
HOSTILE = {
    "empty": "", "spaces": " \t ", "long": "ﷺ" * 20_000, "very long": "x" * 60_000, "nul": "a\0b", "controls": "\x01\x08\x1b[2J\x7f\x9f",
    "lines": "a\r\nSet-Cookie: b=c\r\n\r\nd\u2028e", "overrides": "\u202eevil\u202d\u2066\u2067", "arabic digits": "١٢٣٤٥",
    "persian date": "۲۰۲۷-۰۱-۱۵", "markup": MARKUP, "template": "{{ config }}{% raw %}%(name)s %s %", "huge id": "9" * 40,
    "big id": str(2**63), "negative": "-1", "float": "1e309", "list": "[1, 2]", "surrogates": "\udc80\udcff", "emoji": "👩‍👩‍👧‍👦" * 50,
    "combining": "e" + "\u0301" * 3_000, "noncharacters": "\ufffe\U0010ffff", "sql": "' or 1=1 --", "path": "../../etc/passwd", "date": "9999-12-31",
    "early date": "0001-01-01", "feet": "\ufeff", "word": "true",
}  # fmt: skip
ON_POSTGRESQL = ("nul", "surrogates", "big id", "early date", "noncharacters")  # what its drivers are strict about
ROLE_FOR = {
    "admin": "admin",
    "progress": "admin",
    "learning": "learner",
    "cohorts": "graduate",
    "certificates": "graduate",
}
# Forms whose address is another than that of their page's form, or that are not on a page in this state of the site.
OTHERS = {
    "accounts.end_sessions": ("newcomer", {"action": "end", "session": "1"}),
    "progress.learner": ("admin", {"until": "2027-01-15", "reason": "Illness", "switch_locale": "ar"}),
}
SEED = 20_251_015


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as a page shows it: where it is sent, and what a browser would send without any change."""

    role: str
    action: str
    fields: Mapping[str, str]


@pytest.fixture
def world(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> World:
    return planted(installation, monkeypatch)


def planted(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> World:
    """A site that takes any number of requests and keeps none of them; what is written reaches the database first."""
    found = plant(installation)
    platform = installation.platform
    with platform.database.transaction() as session:
        session.execute(update(Certificate).values(visibility="code"))  # so that the check page asks for a name
    monkeypatch.setattr(platform, "settings", replace(platform.settings, rate_limits=False))
    original = Frame.settle

    def settle(self: Frame, *, keep: bool) -> None:
        if keep and self._writer is not None:
            self._writer.flush()
        original(self, keep=False)

    monkeypatch.setattr(Frame, "settle", settle)
    return found


def sheets(world: World) -> Iterator[Sheet]:
    """Every form that posts, found on the pages themselves; each address once."""
    seen = set()
    for place in world.places():
        if "GET" not in place.methods or place.endpoint == "development.components":
            continue
        for role in {ROLE_FOR.get(place.endpoint.split(".")[0], "visitor"), "visitor", "newcomer"}:
            answer = world.browser(role).get(place.path)
            if answer.status_code != 200 or "html" not in (answer.content_type or ""):
                continue
            page = parse(answer.get_data(as_text=True), place.path)
            for form in page.all("form", method="post"):
                sheet = Sheet(role, urljoin(place.path, form.attributes.get("action", "")), dict(fields(page, form)))
                if sheet.action not in seen:
                    seen.add(sheet.action)
                    yield sheet
    for endpoint, (role, values) in OTHERS.items():
        yield Sheet(role, world.place(endpoint).path, {"csrf_token": "", **values})


def fields(page: Examined, form: Element) -> Iterator[tuple[str, str]]:
    """Name and value of what belongs to a form; a choice sends its first option."""
    for e in page.elements:
        name = e.attributes.get("name")
        belongs = form in e.parents or (
            bool(form.attributes.get("id")) and e.attributes.get("form") == form.attributes["id"]
        )
        if name and belongs and e.tag in ("input", "select", "textarea", "button") and name != "switch_locale":
            options = [o for o in page.elements if e in o.parents and o.tag == "option"]
            chosen = [o for o in options if "selected" in o.attributes] or options[-1:]
            yield name, chosen[0].attributes.get("value", "") if chosen else e.attributes.get("value", "y")


def encoded(values: list[tuple[str, str]]) -> bytes:
    """The form as bytes; lone surrogates go out as the bytes that they stand for."""
    return "&".join(f"{in_address(name)}={in_address(value)}" for name, value in values).encode()


def in_address(text: str) -> str:
    """Percent-encoded (RFC 3986)."""
    return quote(text, safe="", errors="surrogateescape")


def send(client: FlaskClient, sheet: Sheet, values: list[tuple[str, str]]) -> TestResponse:
    token = [(k, v) for k, v in sheet.fields.items() if k == "csrf_token"]
    body = encoded([*token, *(pair for pair in values if pair[0] != "csrf_token")])
    return client.post(sheet.action, data=body, content_type="application/x-www-form-urlencoded")


def browser_for(world: World, sheet: Sheet) -> FlaskClient:
    client = world.browser(sheet.role)
    if sheet.role == "visitor":
        client.set_cookie("elearn-form", "fuzz")
    return client


def with_token(client: FlaskClient, sheet: Sheet) -> Sheet:
    """The sheet with a token that this browser may use."""
    page = parse(client.get("/en/account/login" if sheet.role == "visitor" else "/en/about").get_data(as_text=True))
    token = next(e.attributes["value"] for e in page.elements if e.attributes.get("name") == "csrf_token")
    return replace(sheet, fields={**sheet.fields, "csrf_token": token})


def variants(sheet: Sheet, kinds: list[str], *, fields: int = 1) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each hostile value in each field, in all fields, as a name; fields missing and repeated."""
    good = list(sheet.fields.items())
    names = [name for name in sheet.fields if name not in ("csrf_token", "idempotency_key")]
    rng = random.Random(f"{SEED} {sheet.action}")
    for kind in kinds:
        value = HOSTILE[kind]
        yield f"all {kind}", [(name, value) for name in sheet.fields]
        for name in rng.sample(names, min(len(names), fields)):
            yield f"{name} {kind}", [(n, value if n == name else v) for n, v in good]
    yield "unknown names", [*good, *((value[:200], value[:200]) for value in HOSTILE.values())]
    yield "nothing", []
    for name in names:
        yield f"without {name}", [(n, v) for n, v in good if n != name]
        yield f"twice {name}", [*good, (name, "second")]


def faults(answer: TestResponse) -> list[str]:
    """What must not be in any answer."""
    text = answer.get_data(as_text=True)
    found = [leak for leak in ("<script>hostile", "<img src=x", "Traceback", "sqlalchemy") if leak in text]
    split = [name for name, value in answer.headers if re.search(r"[\r\n]", value) or value == "b=c"]
    return [*found, *split, *([f"status {answer.status_code}"] if answer.status_code >= 500 else [])]


def send_all(
    world: World, make: Callable[[Sheet], Iterator[tuple[str, list[tuple[str, str]]]]]
) -> tuple[int, list[str]]:
    """Send each variant of each form; how many, and what went wrong."""
    count, wrong = 0, []
    for sheet in list(sheets(world)):
        client = browser_for(world, sheet)
        fresh = with_token(client, sheet)
        for what, values in make(fresh):
            count += 1
            wrong += [f"{sheet.action}: {what}: {fault}" for fault in faults(send(client, fresh, values))]
    return count, wrong


def test_every_address_that_takes_a_post_is_sent_something(world: World) -> None:
    actions = {re.split("[?#]", sheet.action)[0] for sheet in sheets(world)}
    assert {place.path for place in world.places() if "POST" in place.methods} == actions


def test_no_form_fails_whatever_is_sent(world: World) -> None:
    count, wrong = send_all(world, lambda sheet: variants(sheet, list(HOSTILE)))
    assert wrong == []
    assert count > 1_000


@pytest.mark.parametrize("both", ["postgresql"], indirect=True)
def test_no_form_fails_on_postgresql_either(both: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    count, wrong = send_all(planted(both, monkeypatch), lambda sheet: variants(sheet, list(ON_POSTGRESQL), fields=6))
    assert wrong == []
    assert count > 300


QUERIES = ("page", "text", "state", "group", "language", "cohort", "next", "lang", "number", "about", "locale", "x")
IN_QUERIES = ("nul", "controls", "markup", "huge id", "negative", "surrogates", "overrides", "arabic digits", "lines")


@pytest.mark.parametrize("role", ["visitor", "admin", "learner"])
def test_no_address_fails_whatever_its_query_says(role: str, world: World) -> None:
    client, wrong = world.browser(role), []
    for place in (place for place in world.places() if "GET" in place.methods and place.endpoint != "health.readyz"):
        for kind in IN_QUERIES:
            query = "&".join(f"{name}={in_address(HOSTILE[kind])}" for name in QUERIES)
            wrong += [f"{place.path} {kind}: {fault}" for fault in faults(client.get(f"{place.path}?{query}"))]
    assert wrong == []


def test_no_address_fails_whatever_stands_in_its_path(world: World) -> None:
    client, wrong = world.browser("owner"), []
    rules = [rule.rule.replace("<locale:locale>", "ar") for rule in world.installation.app.url_map.iter_rules()]
    for rule in {rule for rule in rules if "<" in rule}:
        for kind, value in HOSTILE.items():
            path = re.sub("<[^>]*>", in_address(value[:2_000]).replace("\\", r"\\"), rule)
            answer = client.get(path)
            expected = () if answer.status_code in (200, 302, 303, 308, 404, 405) else (f"status {answer.status_code}",)
            wrong += [f"{rule} {kind}: {fault}" for fault in (*expected, *faults(answer))]
    assert wrong == []


HEADERS = (
    "Cookie", "Accept-Language", "Accept-Encoding", "If-None-Match", "User-Agent", "Referer", "X-Forwarded-For", "Range",
)  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_no_header_makes_a_page_fail(header: str, world: World) -> None:
    client, wrong = world.installation.app.test_client(use_cookies=False), []
    cookies = ("elearn", "locale", "theme", "elearn-notice", "elearn-form")
    for kind, value in HOSTILE.items():
        sent = re.sub(r"[\r\n]", "", value)[:4_000].encode("utf-8", "surrogateescape").decode("latin-1")
        if header == "Cookie":
            sent = "; ".join(f"{name}={sent}" for name in cookies)
        for path in ("/", "/ar/", "/fr/account/login", "/en/nothing"):
            wrong += [f"{header} {kind} {path}: {x}" for x in faults(client.get(path, headers={header: sent}))]
    assert wrong == []
