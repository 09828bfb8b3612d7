"""Log lines: one JSON object per line on standard output, with the request id; no personal text."""

import io
import json
import logging
import sys
import time

import structlog
from flask import Response, request

from elearn import clock
from elearn.web.current import Frame


class _Level:
    """Whether lines of requests are written: at INFO and below."""

    shows_requests = True


_level = _Level()


def configure(level: str) -> None:
    """JSON lines for this process; called once at start."""
    _level.shows_requests = logging.getLevelNamesMapping()[level] <= logging.INFO
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)  # a line is out before the process can die
    logging.basicConfig(level=level, stream=sys.stdout, format="%(message)s", force=True)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )


def write_line(current: Frame, response: Response) -> None:
    """The line of one request: method, route (never the path: it may hold tokens), status, milliseconds, actor's id."""
    request_line(
        current.request_id,
        request.method,
        str(request.url_rule or "-"),
        response.status_code,
        seconds=time.perf_counter() - current.started,
        reader=(current.known_viewer.id if current.known_viewer else None, current.locale.code),
    )


def request_line(
    request_id: str, method: str, route: str, status: int, *, seconds: float, reader: tuple[int | None, str]
) -> None:
    """Write the line of one request. It is put together by hand, since it is written for each; `reader` is the actor's
    id and the language."""
    if not _level.shows_requests:
        return
    actor, locale = reader
    moment = clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    method = method if method.isalpha() else "?"  # the one value that comes from outside
    sys.stdout.write(
        f'{{"id": "{request_id}", "method": "{method}", "route": {json.dumps(route)}, "status": {status}, '
        f'"ms": {seconds * 1000:.1f}, "actor": {actor or "null"}, "locale": "{locale}", "event": "request", '
        f'"level": "info", "timestamp": "{moment}"}}\n'
    )
