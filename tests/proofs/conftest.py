"""One server for each database, and the size of the proofs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.harness import Server, new_database

Factory = pytest.TempPathFactory


@pytest.fixture(scope="session")
def is_full(pytestconfig: pytest.Config) -> bool:
    """Whether the proofs run at full size (`make proof`)."""
    return bool(pytestconfig.getoption("--proof"))


def address(kind: str, name: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty database: "" for SQLite in the server's folder."""
    return "" if kind == "sqlite" else new_database(request.getfixturevalue("postgres"), name)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: Factory) -> Iterator[Server]:
    """A running server on each database, for all tests of a module."""
    folder: Path = tmp_path_factory.mktemp("server")
    made = Server(folder, address(request.param, folder.name, request))
    try:
        made.start()
        yield made
    finally:
        made.close()
