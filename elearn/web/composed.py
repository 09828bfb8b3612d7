"""Answers made of parts that are kept compressed and parts that are fresh.

gzip (RFC 1952) holds one DEFLATE stream (RFC 1951), and blocks that were flushed fully stand on byte borders and look
back at nothing before them. So a lesson is compressed once, well, and each request compresses only what is its own.
"""

import re
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from secrets import token_hex
from typing import Any

from flask import Response
from markupsafe import Markup

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"
_MARK = "\x1d"
_MARKS = re.compile(f"({_MARK}[0-9a-f]{{24}}{_MARK})")
FRESH_LEVEL, KEPT_LEVEL = 4, 9
STORED_UP_TO = 128  # bytes: what is shorter does not pay for packing


def _deflated(data: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(data: bytes) -> bytes:
    """A block that is not packed (RFC 1951, 3.2.4)."""
    return b"\x00" + struct.pack("<HH", len(data), ~len(data) & 0xFFFF) + data


def _packed(data: bytes) -> bytes:
    return _stored(data) if len(data) <= STORED_UP_TO else _deflated(data, FRESH_LEVEL)


class Kept:
    """HTML that is the same for many readers, but for their token: `TOKEN` stands in its place."""

    __slots__ = ("_packed", "_texts", "mark")
    TOKEN = token_hex(20)  # unguessable, so that no text of a course can ask for a token

    def __init__(self, html: str) -> None:
        self.mark = Markup(f"{_MARK}{token_hex(12)}{_MARK}")  # noqa: S704 - digits and two control characters
        self._texts = tuple(part.encode() for part in html.split(self.TOKEN))
        self._packed: tuple[bytes, ...] | None = None

    def parts(self, token: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Plain bytes with their DEFLATE blocks, or with b"" where they are fresh."""
        packed = self._packed
        if packed is None:
            packed = self._packed = tuple(_deflated(text, KEPT_LEVEL) for text in self._texts)
        for index, text in enumerate(self._texts):
            if index:
                yield token, b""
            yield text, packed[index]


class Answer(Response):
    """A page. Its headers are complete when it is sent, so they go out as they are, without being copied and mended."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Send it (WSGI); what has no body takes the usual way."""
        if self.status_code in (204, 304) or environ["REQUEST_METHOD"] == "HEAD":
            return super().__call__(environ, start_response)
        start_response(self.status, self.headers.to_wsgi_list())
        return [self.get_data()]


class Composed(Answer):
    """An HTML answer around kept parts: `pieces` are text, in which the marks of `inside` stand, and kept parts.

    The body is put together once, by `settle`, when it is known what the browser takes.
    """

    def __init__(self, pieces: list[str | Kept], inside: Collection[Kept], token: str, **options: Any) -> None:
        self._pieces = list(_resolved(pieces, {part.mark: part for part in inside}, token.encode()))
        self._settled = False
        super().__init__(None, **options)

    def settle(self, body: bytes) -> None:
        """Make this the body."""
        self._settled = True
        self.set_data(body)

    def plain(self) -> bytes:
        """The body as it is read."""
        return b"".join([plain for plain, _ in self._pieces])

    def get_data(self, as_text: bool = False) -> Any:
        """The body; before it is settled, as it is read."""
        if not self._settled:
            self.set_data(self.plain())
        return super().get_data(as_text=True) if as_text else super().get_data()

    def gzipped(self) -> bytes:
        """The body as one gzip member."""
        out, fresh, check, size = [_HEADER], b"", 0, 0
        for plain, packed in self._pieces:
            check, size = zlib.crc32(plain, check), size + len(plain)
            if packed:
                out += (_packed(fresh), packed) if fresh else (packed,)
                fresh = b""
            else:
                fresh += plain
        if fresh:
            out.append(_packed(fresh))
        return b"".join((*out, _LAST_BLOCK, struct.pack("<II", check, size & 0xFFFFFFFF)))


def _resolved(pieces: Iterable[str | Kept], inside: Mapping[str, Kept], token: bytes) -> Iterator[tuple[bytes, bytes]]:
    for piece in pieces:
        if isinstance(piece, Kept):
            yield from piece.parts(token)
        elif _MARK in piece:
            for text in _MARKS.split(piece):
                yield from inside[text].parts(token) if text in inside else ((text.encode(), b""),)
        elif piece:
            yield piece.encode(), b""
