"""Log lines: one JSON object per line on standard output, with the request id; no personal text."""

import logging
import sys
import time
from typing import Any

import structlog
from flask import Response, request

_access = structlog.get_logger("elearn.request")


def configure(level: str) -> None:
    """JSON lines for this process; called once at start."""
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


def write_line(current: Any, response: Response) -> None:
    """The line of one request: method, route (never the path: it may hold tokens), status, milliseconds, actor's id."""
    viewer = current._viewer if current._viewer_known else None
    _access.info(
        "request",
        id=current.request_id,
        method=request.method,
        route=str(request.url_rule or "-"),
        status=response.status_code,
        ms=round((time.perf_counter() - current.started) * 1000, 1),
        actor=viewer.id if viewer else None,
        locale=current.locale.code,
    )
