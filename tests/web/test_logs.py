"""Log lines of a real process: one JSON object each, with the request id, without a word that a person wrote."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECRETS = (
    "Private Name",
    "private@example.org",
    "198.51.100.7",
    "a-secret-token",
    "typed by hand",
    "secret session",
    "/etc/passwd",
)
PROGRAM = r"""
import shutil, sys
from pathlib import Path
from elearn.app import create_app
from elearn.pages import queries
from tests.conftest import make_settings

folder = Path(sys.argv[1])
app = create_app(make_settings(folder, log_level="INFO"))
client = app.test_client()
who = {"REMOTE_ADDR": "198.51.100.7"}
client.get("/en/", environ_base=who)
client.get("/en/", environ_base=who)
client.get("/fr/account/confirm/a-secret-token?x=a-secret-token", environ_base=who)
client.post("/ar/account/login", data={"email": "private@example.org", "password": "typed by hand"}, environ_base=who)
client.get("/en/../../etc/passwd", environ_base=who, headers={"User-Agent": "Private Name", "Referer": "http://x/a-secret-token"})
client.set_cookie("elearn", "secret session")
client.open("/en/about", method="X'\"\n{", environ_base=who)

def fail(*args):
    raise RuntimeError("broken here")

queries.calls_of_course = fail
client.get("/en/courses/untoc/", environ_base=who)
"""


@pytest.fixture(scope="module")
def lines(seed: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    folder = tmp_path_factory.mktemp("logging")
    (folder / "elearn.db").write_bytes((seed / "elearn.db").read_bytes())
    done = subprocess.run([sys.executable, "-c", PROGRAM, folder], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    for secret in SECRETS:
        assert secret not in done.stdout
    return [json.loads(line) for line in done.stdout.splitlines()]


def requests(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    return [line for line in lines if line["event"] == "request"]


def test_each_request_has_one_line_with_what_operators_need(lines: list[dict[str, object]]) -> None:
    found = requests(lines)
    assert len(found) == 7
    for line in found:
        assert set(line) == {"id", "method", "route", "status", "ms", "actor", "locale", "event", "level", "timestamp"}
        assert isinstance(line["ms"], float)
        assert line["level"] == "info"
        assert str(line["timestamp"]).endswith("Z")
    assert len({line["id"] for line in found}) == 7


def test_the_route_stands_there_and_never_the_address(lines: list[dict[str, object]]) -> None:
    found = [(line["route"], line["status"], line["locale"]) for line in requests(lines)]
    assert found[0] == ("/<locale:locale>/", 200, "en")
    assert found[1] == ("kept", 200, "en")
    assert found[2] == ("/<locale:locale>/account/confirm/<token>", 404, "fr")
    assert found[3] == ("/<locale:locale>/account/login", 400, "ar")
    assert found[4][:2] == ("-", 404)


def test_a_fault_has_a_line_of_its_own_with_the_trace_and_the_id_of_the_request(lines: list[dict[str, object]]) -> None:
    (fault,) = [line for line in lines if line["event"] == "unhandled"]
    last = requests(lines)[-1]
    assert fault["level"] == "error"
    assert fault["id"] == last["id"]
    assert last["status"] == 500
    assert "broken here" in str(fault["exception"])
    assert "Traceback" in str(fault["exception"])
