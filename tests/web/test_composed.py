"""A page that is put together from kept compressed parts is, byte for byte, the page without compression."""

import gzip
import re
import zlib
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from elearn.web.composed import STORED_UP_TO, Composed, Kept
from tests.conftest import Installation
from tests.world import EVERYBODY, plant

KEYS = re.compile(rb'(?:name="idempotency_key" value="[^"]*"|<bdi class="num ltr">[0-9a-f]{16}</bdi>)')


def packed(answer: Composed) -> bytes:
    """Read by two readers that check length and sum (RFC 1952)."""
    whole = answer.gzipped()
    reader = zlib.decompressobj(31)
    text = reader.decompress(whole)
    assert reader.eof
    assert reader.unused_data == b""
    assert gzip.decompress(whole) == text
    return text


@pytest.fixture(scope="module")
def app() -> Flask:
    return Flask("composed")


@given(
    st.lists(st.text(max_size=400), max_size=6),
    st.lists(st.tuples(st.text(max_size=3_000), st.integers(0, 3)), max_size=4),
    st.text("0123456789abcdef", min_size=1, max_size=40),
)
def test_what_is_packed_is_what_is_read(texts: list[str], parts: list[tuple[str, int]], token: str) -> None:
    def encodable(text: str) -> str:
        return text.encode("utf-8", "replace").decode().replace("\x1d", "")

    kept = [Kept(Kept.TOKEN.join([encodable(html)] * (marks + 1))) for html, marks in parts]
    pieces: list[str | Kept] = []
    expected = ""
    for n in range(max(len(texts), len(kept))):
        if n < len(texts):
            pieces.append(encodable(texts[n]))
            expected += encodable(texts[n])
        if n < len(kept):
            inside = n % 2
            html, marks = parts[n]
            pieces.append(f"<p>{kept[n].mark}</p>" if inside else kept[n])
            whole = token.join([encodable(html)] * (marks + 1))
            expected += f"<p>{whole}</p>" if inside else whole
    answer = Composed(pieces, kept, token)
    assert answer.plain().decode() == expected
    assert packed(answer).decode() == expected
    assert packed(Composed(pieces, kept, token)).decode() == expected, "the kept blocks may be used again"


@pytest.mark.parametrize("size", [0, 1, STORED_UP_TO, STORED_UP_TO + 1, 65_535, 65_536, 200_000])
def test_every_size_of_fresh_text_can_be_packed(size: int) -> None:
    answer = Composed(["x" * size, Kept("kept"), "y" * size], (), "token")
    assert packed(answer) == b"x" * size + b"kept" + b"y" * size


def test_a_text_that_asks_for_the_token_does_not_get_it() -> None:
    """The place of the token is unguessable, and so is the mark of a part."""
    part = Kept("kept")
    for text in ("{{ token }}", "TOKEN", "\x1d" + "0" * 24 + "\x1d", "\x1d"):
        assert Composed([text], [part], "secret").plain().decode() == text
    assert Kept.TOKEN not in Composed([Kept(f"a{Kept.TOKEN}b")], (), "t").plain().decode()


def test_a_kept_part_belongs_to_nobody() -> None:
    part = Kept(f'<input value="{Kept.TOKEN}">')
    one, other = (Composed([part], (), token) for token in ("first", "second"))
    assert packed(one) == b'<input value="first">'
    assert packed(other) == b'<input value="second">'


def without_keys(page: bytes) -> bytes:
    return KEYS.sub(b"", page)


def read(answer: Any) -> bytes:
    data: bytes = answer.get_data()
    assert int(answer.headers["Content-Length"]) == len(data)
    assert answer.headers.getlist("Content-Length") == [str(len(data))]
    if answer.headers.get("Content-Encoding") == "gzip":
        return gzip.decompress(data)
    assert "Content-Encoding" not in answer.headers
    return data


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_page_is_the_same_packed_and_plain(role: str, installation: Installation) -> None:
    world = plant(installation)
    client = world.browser(role)
    client.get("/en/account/login")
    seen = 0
    for locale in ("ar", "en"):
        for place in world.places(locale):
            if "GET" not in place.methods:
                continue
            plain = client.get(place.path)
            again = [client.get(place.path, headers={"Accept-Encoding": "gzip"}) for _ in range(2)]
            for answer in again:
                assert answer.status_code == plain.status_code
                assert without_keys(read(answer)) == without_keys(read(plain)), place.path
            seen += plain.status_code == 200 and again[0].headers.get("Content-Encoding") == "gzip"
    assert seen >= 20


def test_lessons_and_my_courses_are_composed(installation: Installation) -> None:
    """Guards the test above: the pages in question do take this way."""
    world = plant(installation)
    client = world.browser("learner")
    for endpoint in ("learning.lesson", "learning.my_courses"):
        first, second = (
            client.get(world.place(endpoint).path, headers={"Accept-Encoding": "br, gzip"}) for _ in range(2)
        )
        assert first.headers["Content-Encoding"] == second.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(first.get_data()) == gzip.decompress(second.get_data())
