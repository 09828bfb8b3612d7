"""Headers of every answer: security, caching by declared class, ETag, compression."""

import gzip
import hashlib
from typing import Any

import brotli  # type: ignore[import-untyped]
from flask import Response, request

from elearn.web.access import Cache
from elearn.web.composed import Composed
from elearn.web.current import Frame

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


def finish(current: Frame, response: Response) -> None:
    """Set everything that the declaration of the endpoint implies."""
    added = [("X-Request-ID", current.request_id)]
    if (response.content_type or "").startswith("text/html"):
        added.append(("Content-Language", current.locale.code))
    if "Cache-Control" not in response.headers:
        added += _caching(current, response)
    response.headers.extend(added)
    if response.status_code == 200 and not response.direct_passthrough:
        compress(response)
    elif isinstance(response, Composed):
        response.settle(response.plain())


def _caching(current: Frame, response: Response) -> list[tuple[str, str]]:
    access = current.access
    kind = access.cache if access is not None and response.status_code < 400 else Cache.PERSONAL
    if kind is Cache.PERSONAL or current.cookies or request.method == "POST":
        return [("Cache-Control", "no-store")]
    if kind is Cache.FIXED:
        return [("Cache-Control", "private, no-cache")]  # the holder may hide it any time
    return _revalidated(current, response, kind)


def _revalidated(current: Frame, response: Response, kind: Cache) -> list[tuple[str, str]]:
    is_private = kind is Cache.COURSE or current.viewer is not None or current.has_token
    added = [("Cache-Control", "private, no-cache" if is_private else "public, max-age=60")]
    if kind is Cache.PUBLIC:
        added.append(("Vary", "Cookie"))
    if response.status_code == 200:
        tag = current.etag or hashlib.blake2b(response.get_data(), digest_size=12).hexdigest()
        added.append(("ETag", f'W/"{tag}"'))
        if request.if_none_match.contains_weak(tag):
            response.status_code = 304
            response.set_data(b"")
    return added


def accepts(encoding: str) -> bool:
    """Whether this browser takes "br" or "gzip" (RFC 9110, section 12.5.3)."""
    accepted = request.headers.get("Accept-Encoding", "")
    if ";" not in accepted:  # no weights: nearly every browser
        return encoding in accepted
    return request.accept_encodings[encoding] > 0


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
    vary = response.headers.get("Vary")
    response.headers["Vary"] = f"{vary}, Accept-Encoding" if vary else "Accept-Encoding"
    if isinstance(response, Composed):
        is_packed = accepts("gzip")
        response.settle(response.gzipped() if is_packed else response.plain())
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
        return
    body = response.get_data()
    encoding = next(filter(accepts, ("br", "gzip")), "") if len(body) >= MIN_COMPRESSED else ""
    if encoding:
        response.set_data(encode(body, encoding))
        response.headers["Content-Encoding"] = encoding
