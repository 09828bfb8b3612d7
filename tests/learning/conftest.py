"""The real course, and answers to its questions."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from elearn.content.marking import draw
from elearn.content.model import Course
from elearn.courses.library import Library
from elearn.settings import bundle_path
from tests.learning.browser import Browser, open_browser


@pytest.fixture(scope="session")
def course() -> Course:
    """The course on the Convention."""
    return Library(Path(bundle_path("modules"))).course("untoc")


@pytest.fixture(scope="session")
def drawing(course: Course) -> int:
    """A seed that draws a form of the final assessment with every kind of question."""
    final = course.assessment("final")
    kinds = {item.kind for item in final.items}

    def drawn(seed: int) -> set[str]:
        return {final.item(item["id"]).kind for item in draw(final, random.Random(seed))["items"]}

    return next(seed for seed in range(1000) if drawn(seed) == kinds)


@pytest.fixture
def browser(client: FlaskClient, drawing: int, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Somebody who is enrolled and signed in, on SQLite; attempts draw every kind of question."""
    monkeypatch.setattr("elearn.learning.service.attempts.secrets.randbits", lambda _bits: drawing)
    return open_browser(client)


@pytest.fixture
def statements(client: FlaskClient) -> Iterator[list[str]]:
    """The SQL statements of everything that follows, without BEGIN, COMMIT and the like."""
    database = client.application.extensions["elearn"].database
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(None, 1)[0].upper() not in ("BEGIN", "COMMIT", "ROLLBACK"):
            seen.append(statement)

    engines = (database.reader, database.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
