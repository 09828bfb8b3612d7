"""What a browser does not take is not sent to it, whoever asked before."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import Installation
from tests.world import plant

TAKES_NO_GZIP = ["br, gzip;q=0", "gzip;q=0", "br;q=1, gzip;q=0.0, *;q=0", "identity", "", "deflate"]


@pytest.mark.parametrize("accepted", TAKES_NO_GZIP)
def test_a_lesson_comes_plain_where_gzip_is_not_taken(accepted: str, installation: Installation) -> None:
    """Lessons are kept as gzip only; that a browser takes another packing does not help."""
    world = plant(installation)
    browser, path = world.browser("learner"), world.place("learning.lesson").path
    answer = browser.get(path, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.get_data() == browser.get(path).get_data()
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("length", [50, 99, 100, 101, 5_000])
def test_a_long_list_of_packings_changes_nothing_for_others(length: int, client: FlaskClient) -> None:
    """A kept page is given only to those who ask in the same words."""
    accepted = "gzip" + ", x" * (length // 3)
    first = client.get("/en/about", headers={"Accept-Encoding": accepted})
    assert first.headers["Content-Encoding"] == "gzip"
    for others in ("", "identity", "deflate" + ", x" * (length // 3)):
        answer = client.get("/en/about", headers={"Accept-Encoding": others})
        assert "Content-Encoding" not in answer.headers
        assert answer.get_data().startswith(b"<!doctype html>")
