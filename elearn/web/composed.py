"""Answers made of parts that are kept compressed and parts that are fresh.

gzip (RFC 1952) holds one DEFLATE stream (RFC 1951), and blocks that were flushed fully stand on byte borders and look
back at nothing before them. So a lesson is compressed once, well, and each request compresses only what is its own.
"""

import struct
import zlib
from collections.abc import Iterator
from secrets import token_hex
from typing import Any

from flask import Response
from markupsafe import Markup

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_LAST_BLOCK = b"\x03\x00"
FRESH_LEVEL, KEPT_LEVEL = 4, 9


def _deflated(data: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush(zlib.Z_FULL_FLUSH)


class Kept:
    """HTML that is the same for many readers, but for their token: `TOKEN` stands in its place."""

    __slots__ = ("_packed", "_texts", "mark")
    TOKEN = token_hex(20)  # unguessable, so that no text of a course can ask for a token

    def __init__(self, html: str) -> None:
        self.mark = Markup(f"\x1e{token_hex(12)}\x1e")  # noqa: S704 - digits and two control characters
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


class Composed(Response):
    """An HTML answer around kept parts."""

    def __init__(self, html: str, kept: tuple[Kept, ...], token: str, **options: Any) -> None:
        self._pieces = tuple(_pieces(html, kept, token.encode()))
        super().__init__(b"".join(plain for plain, _ in self._pieces), **options)

    def gzipped(self) -> bytes:
        """The body as one gzip member."""
        out, fresh, check, size = [_HEADER], b"", 0, 0
        for plain, packed in self._pieces:
            check, size = zlib.crc32(plain, check), size + len(plain)
            if packed:
                out += (_deflated(fresh, FRESH_LEVEL), packed) if fresh else (packed,)
                fresh = b""
            else:
                fresh += plain
        if fresh:
            out.append(_deflated(fresh, FRESH_LEVEL))
        return b"".join((*out, _LAST_BLOCK, struct.pack("<II", check, size & 0xFFFFFFFF)))


def _pieces(html: str, kept: tuple[Kept, ...], token: bytes) -> Iterator[tuple[bytes, bytes]]:
    rest = html
    for part in kept:
        before, found, rest = rest.partition(part.mark)
        yield before.encode(), b""
        if found:
            yield from part.parts(token)
    yield rest.encode(), b""
