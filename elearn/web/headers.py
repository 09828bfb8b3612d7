"""Headers of every answer: security, caching by declared class, ETag, compression."""

import gzip
import hashlib
from typing import Any

import brotli  # type: ignore[import-untyped]
from flask import Response, request

from elearn.web.access import Cache
from elearn.web.composed import Composed

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
SECURITY = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
HSTS = "max-age=31536000; includeSubDomains"
COMPRESSIBLE = ("text/", "application/json", "application/javascript", "image/svg+xml")
MIN_COMPRESSED = 600
BROTLI_QUALITY = 4


class SecurityHeaders:
    """WSGI middleware: the headers that every answer carries, files and kept pages too.

    An answer that brings a stricter policy of its own (a mail shown in the outbox) keeps it.
    """

    def __init__(self, application: Any, *, is_https: bool) -> None:
        self._application = application
        self._headers = [*SECURITY, *([("Strict-Transport-Security", HSTS)] if is_https else [])]
        self._without_policy = self._headers[1:]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Pass on, with the headers added to the answer's own."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            has_policy = any(name == "Content-Security-Policy" for name, _ in headers)
            return start_response(status, headers + (self._without_policy if has_policy else self._headers), *rest)

        return self._application(environ, start)


def finish(current: Any, response: Response) -> None:
    """Set everything that the declaration of the endpoint implies."""
    values = response.headers
    values["X-Request-ID"] = current.request_id
    if response.content_type and response.content_type.startswith("text/html"):
        values["Content-Language"] = current.locale.code
    _cache(current, response)
    if response.status_code == 200 and not response.direct_passthrough:
        compress(response)


def _cache(current: Any, response: Response) -> None:
    access = current.access
    kind = access.cache if access is not None and response.status_code < 400 else Cache.PERSONAL
    if "Cache-Control" in response.headers:
        return
    if kind is Cache.PERSONAL or current.cookies or request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    elif kind is Cache.FIXED:
        response.headers["Cache-Control"] = "private, max-age=86400"
    else:
        _revalidated(current, response, kind)


def _revalidated(current: Any, response: Response, kind: Cache) -> None:
    signed_in = kind is Cache.COURSE or current.viewer is not None
    response.headers["Cache-Control"] = "private, no-cache" if signed_in else "public, max-age=60"
    if kind is Cache.PUBLIC:
        response.headers["Vary"] = "Cookie"
    if response.status_code != 200:
        return
    tag = current.etag or hashlib.blake2b(response.get_data(), digest_size=12).hexdigest()
    response.headers["ETag"] = f'W/"{tag}"'
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
        response.set_data(b"")


def accepted_encoding() -> str:
    """The best encoding this browser takes: "br", "gzip" or "" (RFC 9110, section 12.5.3)."""
    accepted = request.headers.get("Accept-Encoding", "")
    if "br" in accepted and request.accept_encodings["br"] > 0:
        return "br"
    return "gzip" if "gzip" in accepted and request.accept_encodings["gzip"] > 0 else ""


def encode(body: bytes, encoding: str) -> bytes:
    """The body in that encoding."""
    if encoding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY))
    return gzip.compress(body, compresslevel=5, mtime=0)


def compress(response: Response) -> None:
    """Compress a text body where it pays and the browser takes it."""
    kind = response.content_type or ""
    if "Content-Encoding" in response.headers or not kind.startswith(COMPRESSIBLE):
        return
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Accept-Encoding")))
    encoding = accepted_encoding()
    if isinstance(response, Composed) and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.set_data(response.gzipped())
        response.headers["Content-Encoding"] = "gzip"
        return
    body = response.get_data()
    if encoding and len(body) >= MIN_COMPRESSED:
        response.set_data(encode(body, encoding))
        response.headers["Content-Encoding"] = encoding
