"""The outbox and the page of components."""

import pytest

from tests.conftest import Installation
from tests.pages import DIRECTIONS, examine, parse
from tests.world import plant

PERCENT = {"ar": "\u00a0%", "en": "\u00a0%", "fr": "\u202f%", "es": "\u00a0%"}


def test_an_address_in_a_letter_reads_from_left_to_right_on_a_line_of_its_own(installation: Installation) -> None:
    browser = plant(installation).browser("visitor")
    page = examine(browser.get("/-/outbox").get_data(as_text=True), "/-/outbox")
    links = [a for a in page.all("a") if any(p.tag == "pre" for p in a.parents)]
    assert links
    for link in links:
        assert (link.parents[-1].tag, link.parents[-1].attributes) == ("bdi", {"dir": "ltr"})
    (_, message), *_ = installation.platform.rooms["outbox"]()
    assert message.get_body(("plain",)).get_content().splitlines()[0] in page.all("pre")[0].text.splitlines()


@pytest.mark.parametrize("locale", DIRECTIONS)
def test_a_result_stands_as_the_language_writes_per_cent(installation: Installation, locale: str) -> None:
    path = f"/-/components?locale={locale}"
    page = parse(installation.app.test_client().get(path).get_data(as_text=True), path)
    score = page.one("p", class_="score")
    parts = [e for e in page.elements if score in e.parents]
    assert [(e.tag, e.text) for e in parts] == [("strong", "84"), ("span", PERCENT[locale])]
