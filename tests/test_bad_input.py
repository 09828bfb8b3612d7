"""A bounded fuzz: every form and every address gets hostile values; the answer is never an error of ours.

Nothing is kept: each request meets the same site, so that one that succeeds takes nothing from the next.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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
ON_POSTGRESQL = (
    "empty",
    "long",
    "nul",
    "controls",
    "arabic digits",
    "huge id",
    "big id",
    "surrogates",
    "noncharacters",
    "date",
    "early date",
)
ROLE_FOR = {
    "admin": "admin",
    "progress": "admin",
    "learning": "learner",
    "cohorts": "graduate",
    "certificates": "graduate",
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
        if "GET" not in place.methods:
            continue
        for role in {ROLE_FOR.get(place.endpoint.split(".")[0], "visitor"), "visitor", "newcomer"}:
            answer = world.browser(role).get(place.path)
            if answer.status_code != 200 or "html" not in (answer.content_type or ""):
                continue
            page = parse(answer.get_data(as_text=True), place.path)
            for form in page.all("form", method="post"):
                sheet = Sheet(role, form.attributes.get("action") or place.path, dict(fields(page, form)))
                if sheet.action not in seen:
                    seen.add(sheet.action)
                    yield sheet


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
    from urllib.parse import quote

    return "&".join(f"{quote(k)}={quote(v, safe='', errors='surrogateescape')}" for k, v in values).encode()


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


def variants(sheet: Sheet, kinds: list[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Each hostile value in each field, in all fields, as a name; fields missing and repeated."""
    good = list(sheet.fields.items())
    names = [name for name in sheet.fields if name not in ("csrf_token", "idempotency_key")]
    rng = random.Random(f"{SEED} {sheet.action}")
    for kind in kinds:
        value = HOSTILE[kind]
        yield f"all {kind}", [(name, value) for name in sheet.fields]
        for name in rng.sample(names, min(len(names), 4)):
            yield f"{name} {kind}", [(n, value if n == name else v) for n, v in good]
    yield "unknown names", [*good, *((value[:200], value[:200]) for value in HOSTILE.values())]
    yield "nothing", []
    for name in names:
        yield f"without {name}", [(n, v) for n, v in good if n != name]
        yield f"twice {name}", [*good, (name, "second")]


def check(answer: TestResponse, what: str) -> None:
    assert answer.status_code < 500, f"{what}: {answer.status_code}"
    text = answer.get_data(as_text=True)
    for leak in ("<script>hostile", "<img src=x", "Traceback", "sqlalchemy"):
        assert leak not in text, f"{what}: {leak}"
    assert "\n" not in (answer.location or "")
    assert "Set-Cookie" not in (answer.location or "")


def test_no_form_fails_whatever_is_sent(world: World) -> None:
    found = list(sheets(world))
    endpoints = {place.path for place in world.places() if "POST" in place.methods}
    assert endpoints - {sheet.action.partition("?")[0] for sheet in found} == untested(world)
    count = 0
    for sheet in found:
        client = browser_for(world, sheet)
        sheet = with_token(client, sheet)
        for what, values in variants(sheet, list(HOSTILE)):
            check(send(client, sheet, values), f"{sheet.action}: {what}")
            count += 1
    assert count > 1_500


def untested(world: World) -> set[str]:
    """Addresses that take a POST but are no form of a page in this state of the world."""
    return set()


def test_no_form_fails_on_postgresql_either(_postgresql: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    _postgresql.reset()
    world = planted(_postgresql, monkeypatch)
    for sheet in list(sheets(world)):
        client = browser_for(world, sheet)
        sheet = with_token(client, sheet)
        for kind in ON_POSTGRESQL:
            names = sorted(set(sheet.fields) - {"csrf_token", "idempotency_key"})
            for values in (
                [(n, HOSTILE[kind]) for n in names],
                *([(n, HOSTILE[kind] if n == name else v) for n, v in sheet.fields.items()] for name in names[:3]),
            ):
                check(send(client, sheet, values), f"{sheet.action}: {kind}")


QUERIES = ("page", "text", "state", "group", "language", "cohort", "next", "lang", "number", "about", "locale", "x")


@pytest.mark.parametrize("role", ["visitor", "admin", "learner"])
def test_no_address_fails_whatever_its_query_says(role: str, world: World) -> None:
    from urllib.parse import quote

    client = world.browser(role)
    for place in world.places():
        if "GET" not in place.methods:
            continue
        for kind in (
            "nul",
            "controls",
            "markup",
            "huge id",
            "negative",
            "surrogates",
            "overrides",
            "arabic digits",
            "lines",
        ):
            value = quote(HOSTILE[kind], safe="", errors="surrogateescape")
            answer = client.get(f"{place.path}?" + "&".join(f"{name}={value}" for name in QUERIES))
            assert answer.status_code in (200, 302, 303, 403, 404, 422, 503), (
                f"{place.path} {kind}: {answer.status_code}"
            )
            check_page(answer, f"{place.path} {kind}")


def check_page(answer: TestResponse, what: str) -> None:
    text = answer.get_data(as_text=True)
    assert "<script>hostile" not in text, what
    assert "<img src=x" not in text, what


def test_no_address_fails_whatever_stands_in_its_path(world: World) -> None:
    from urllib.parse import quote

    client = world.browser("owner")
    templates = [rule.rule for rule in world.installation.app.url_map.iter_rules() if rule.arguments]
    for kind, value in HOSTILE.items():
        part = quote(value[:2_000], safe="", errors="surrogateescape")
        for template in templates:
            path = "/".join(
                part if piece.startswith("<") and "locale" not in piece else piece for piece in template.split("/")
            )
            answer = client.get(path.replace("<locale:locale>", "ar").replace("<number>.pdf", f"{part}.pdf"))
            assert answer.status_code in (200, 302, 303, 308, 404), f"{template} {kind}: {answer.status_code}"
            check_page(answer, f"{template} {kind}")


@pytest.mark.parametrize(
    "header",
    [
        "Cookie",
        "Accept-Language",
        "Accept-Encoding",
        "If-None-Match",
        "User-Agent",
        "Referer",
        "X-Forwarded-For",
        "Range",
    ],
)
def test_no_header_makes_a_page_fail(header: str, world: World) -> None:
    client = world.installation.app.test_client(use_cookies=False)
    values = [
        v.encode("utf-8", "surrogateescape").decode("latin-1").replace("\r", "").replace("\n", "")[:4_000]
        for v in HOSTILE.values()
    ]
    for value in values:
        for text in (
            value,
            f"elearn={value}; locale={value}; theme={value}; elearn-notice={value}; elearn-form={value}"
            if header == "Cookie"
            else value * 2,
        ):
            for path in ("/", "/ar/", "/fr/account/login", "/en/nothing"):
                answer = client.get(path, headers={header: text})
                assert answer.status_code in (200, 302, 304, 404), (
                    f"{header} {value[:20]!r} {path}: {answer.status_code}"
                )
                check_page(answer, header)
