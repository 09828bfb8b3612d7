"""The ETag of a lesson, known before it is rendered."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, request

from elearn.web import notices
from elearn.web.csrf import VISITOR_COOKIE
from elearn.web.current import frame
from elearn.web.platform import platform


@lru_cache(maxsize=4)
def _stamp_of(templates: Path, style: str, script: str, base_url: str) -> str:
    digest = hashlib.blake2b(f"{style} {script} {base_url}".encode(), digest_size=12)
    for path in sorted(templates.rglob("*.html")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _stamp() -> str:
    """Changes with the templates, the static files and the address of the site."""
    owner = platform()
    asset = owner.static_url
    return _stamp_of(owner.settings.templates, asset("elearn.css"), asset("learn.js"), owner.settings.base_url)


def tag_of(*marks: Any) -> str:
    """The tag of a page that shows `marks` to this person in this browser; the same in every process."""
    cookies = frame().given_cookies
    reader = frame().viewer or cookies.get(VISITOR_COOKIE, "")  # what the token of the page's forms belongs to
    seen = (_stamp(), frame().platform.settings.environment, reader, cookies.get("theme", ""), marks)
    return hashlib.blake2b(repr(seen).encode(), digest_size=12).hexdigest()


def unchanged(tag: str) -> Response | None:
    """304 when the browser has the page of this tag and there is nothing new to say; else the tag is noted for it."""
    current = frame()
    current.etag = tag
    if notices.COOKIE in current.given_cookies or not request.if_none_match.contains_weak(tag):
        return None
    return Response(status=304, headers={"ETag": f'W/"{tag}"'})
