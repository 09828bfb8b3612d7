"""What stands around a page: marks never leak, and no path, query or name brings markup into it."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from elearn.accounts.models import Person
from elearn.web.composed import Kept
from elearn.web.shell import CUT, SLOTS, Shell, mark
from tests.conftest import Installation
from tests.pages import parse
from tests.web.conftest import signed_in
from tests.world import plant

MARKUP = '"><script>hostile()</script>'
MARKS = re.compile("[\x1d\x1e\x1f]")


@pytest.mark.parametrize("role", ["visitor", "learner", "owner"])
def test_no_page_shows_a_mark(role: str, installation: Installation) -> None:
    world = plant(installation)
    client = world.browser(role)
    for _ in range(2):
        for place in world.places("ar"):
            answer = client.get(place.path)
            if (answer.content_type or "").startswith("text/html"):
                text = answer.get_data(as_text=True)
                assert not MARKS.search(text), place.path
                assert Kept.TOKEN not in text


def test_marks_that_somebody_types_do_nothing(installation: Installation) -> None:
    """They are unguessable; here they are known, and still stand only where the shell itself put them."""
    client = installation.app.test_client()
    for text in (CUT, str(mark("csrf_token")), str(mark("main")), Kept.TOKEN, "\x1d" + "a" * 24 + "\x1d"):
        answer = client.get(f"/en/verify?number={quote(text)}")
        assert answer.status_code in (200, 422)
        page = parse(answer.get_data(as_text=True))
        assert len(page.all("main")) == len(page.all("h1")) == 1
        assert client.get(f"/en/{quote(text)}").status_code == 404


def shape(client: FlaskClient, path: str, query: str = "") -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page with the names of their attributes: what a text must not change. The query goes out raw."""
    page = parse(client.get(path, query_string=query or None).get_data(as_text=True), path)
    assert len(page.all("h1")) == 1
    return [(e.tag, tuple(sorted(e.attributes))) for e in page.elements]


HOSTILE = [
    MARKUP, "'onmouseover='x", "</title><script>x", "{{ 7*7 }}", "%(name)s", "&lt;script&gt;", "\\u003cscript", "-->", "]]>", "`",
]  # fmt: skip
PLACES = ["/en/{}", "/{}/", "/en/certificates/{}"]
QUERIES = ["x={}", "{}", "next={}"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_path_brings_markup_into_the_page(text: str, place: str, client: FlaskClient) -> None:
    harmless = shape(client, place.format("x/y" if "/" in text else "x"))  # which may be another page
    assert shape(client, place.format(quote(text, safe=""))) == harmless


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("text", HOSTILE)
def test_no_query_brings_markup_into_the_page(text: str, query: str, client: FlaskClient) -> None:
    for path in ("/en/about", "/en/account/login"):
        harmless = shape(client, path, query.format("x"))
        assert shape(client, path, query.format(text)) == harmless
        assert shape(client, path, query.format(quote(text, safe=""))) == harmless


@pytest.mark.parametrize(
    "name",
    [
        MARKUP,
        "<b>bold</b>",
        "a & b",
        "%(name)s",
        "{{ 7*7 }}",
        pytest.param(str(mark("csrf_token")), id="mark"),
        "شخص \u2067مثال\u2069",
    ],
)
def test_no_name_brings_markup_into_the_page(name: str, installation: Installation) -> None:
    client = signed_in(installation)
    paths = ("/en/about", "/ar/learn/", "/en/account/profile", "/en/nothing")
    harmless = [shape(client, path) for path in paths]
    with installation.platform.database.transaction() as session:
        session.execute(update(Person).values(full_name=name))
    assert [shape(client, path) for path in paths] == harmless
    assert all(name in [e.text for e in parse(client.get(path).get_data(as_text=True)).all("bdi")] for path in paths)


def test_the_query_goes_along_to_the_other_languages(client: FlaskClient) -> None:
    page = parse(client.get("/en/verify?number=a%26b&x=%22").get_data(as_text=True))
    links = {e.attributes["hreflang"]: e.attributes["href"] for e in page.all("link", rel="alternate")}
    assert links["ar"].endswith("/ar/verify?number=a%26b&x=%22")


def test_the_canonical_address_has_no_query(client: FlaskClient, installation: Installation) -> None:
    page = parse(client.get("/en/about?x=1").get_data(as_text=True))
    assert page.one("link", rel="canonical").attributes["href"] == f"{installation.settings.base_url}/en/about"


def test_one_shell_serves_two_people_with_their_own_names_and_tokens(installation: Installation) -> None:
    found = []
    for n in (1, 2):
        client = signed_in(installation, f"p{n}@example.org", full_name=f"Person Number{n}")
        html = client.get("/en/about").get_data(as_text=True)
        assert f"Person Number{n}" in html
        assert f"Person Number{3 - n}" not in html
        found.append(parse(html).value("csrf_token"))
    assert found[0] != found[1]


def test_a_shell_filled_in_one_piece_and_in_pieces_is_the_same() -> None:
    html = "".join(
        f"<{slot}>{'x' * size}{mark(slot)}" for size, slot in zip((5, 700, 20, 2_000) * 3, SLOTS, strict=False)
    )
    values = {slot: slot.upper() for slot in SLOTS}
    shell = Shell(html + "end")
    whole = shell.fill(values)
    pieces = shell.pieces(values)
    joined = "".join(p if isinstance(p, str) else b"".join(t for t, _ in p.parts(b"")).decode() for p in pieces)
    assert joined == whole
    assert any(isinstance(piece, Kept) for piece in pieces)
    with pytest.raises(KeyError):
        shell.fill({})
