"""What every page must look like: no sideways scroll, no complaint of the browser, in every mode of colours."""

import subprocess
from pathlib import Path

import pytest
from flask import Flask

from tests.journeys.addresses import pages
from tests.journeys.site import PASSWORD, Site
from tests.journeys.stages import Stages, set_stages
from tests.journeys.window import Window, Windows

WIDTHS = (1280, 768, 390, 320)
LESSON = "/learn/untoc/convention/transnational-offence"
TOO_WIDE = """width => [...document.querySelectorAll("body *")].filter(
    one => one.checkVisibility() && (one.getBoundingClientRect().right > width + 1 || one.getBoundingClientRect().left < -1)
).slice(0, 5).map(one => one.outerHTML.slice(0, 120))"""
GROUND = "getComputedStyle(document.documentElement).backgroundColor"


@pytest.fixture(scope="session")
def stages(site: Site) -> Stages:
    return set_stages(site)


def test_every_kind_of_page_is_among_the_addresses(app: Flask, stages: Stages) -> None:
    ways = app.url_map.bind("localhost")
    looked_at = {
        ways.match(f"/en{path}")[0] for paths in pages(stages).values() for path in paths if "no-such" not in path
    }
    kinds = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods and "/<locale:" in rule.rule}
    assert looked_at == kinds


def signed_in(windows: Windows, account: str, **options: object) -> Window:
    """A window in which somebody of the demonstration is signed in; a visitor's without an account."""
    window = windows.open(**options)
    if account:
        window.go("/en/account/login")
        window.page.fill("main [name=email]", f"{account}@example.org")
        window.page.fill("main [name=password]", PASSWORD)
        window.page.click("#login button[type=submit]")
    return window


@pytest.mark.parametrize("account", ["", "learner", "newcomer", "admin"])
@pytest.mark.parametrize("locale", ["ar", "en"])
def test_no_page_scrolls_sideways(windows: Windows, stages: Stages, account: str, locale: str) -> None:
    window = signed_in(windows, account)
    problems = []
    for path in pages(stages)[account]:
        window.go(f"/{locale}{path}")
        for width in WIDTHS:
            window.page.set_viewport_size({"width": width, "height": 900})
            if window.page.evaluate("document.scrollingElement.scrollWidth") > width:
                problems.append(f"/{locale}{path} at {width}: {window.page.evaluate(TOO_WIDE, width)}")
    assert not problems, "\n".join(problems)


def test_the_outbox_does_not_scroll_sideways(windows: Windows, stages: Stages) -> None:
    window = windows.open()
    window.go("/-/outbox")
    assert window.page.locator("pre.letter bdi").count()
    for width in WIDTHS:
        window.page.set_viewport_size({"width": width, "height": 900})
        too_wide = window.page.evaluate(TOO_WIDE, width)
        assert window.page.evaluate("document.scrollingElement.scrollWidth") <= width, too_wide


@pytest.mark.parametrize("zone", ["Africa/Cairo", "Asia/Calcutta"])
def test_registering_takes_the_zone_of_the_browser(windows: Windows, zone: str) -> None:
    window = windows.open(timezone_id=zone)
    window.go("/ar/account/register")
    assert window.page.input_value("#register [name=time_zone]") == zone


def test_the_number_of_an_error_and_its_heading_begin_at_the_same_side(windows: Windows) -> None:
    window = windows.open(width=390)
    window.go("/ar/no-such-page")
    kicker, heading = (window.page.locator(one).bounding_box() for one in (".name bdi", "h1"))
    assert kicker
    assert heading
    assert kicker["x"] > heading["x"] + heading["width"] / 2


@pytest.mark.parametrize("locale", ["ar", "en"])
def test_dark_pages_can_be_read(windows: Windows, stages: Stages, locale: str) -> None:
    window = signed_in(windows, "newcomer", color_scheme="dark")
    for path in ("/", LESSON, stages.attempt.removeprefix("/en"), f"/certificates/{stages.number}"):
        window.go(f"/{locale}{path}")
        assert max(channels(window)) < 64, "the ground is dark"
        window.check_accessibility()


def channels(window: Window) -> list[int]:
    """Red, green and blue of the ground of the page."""
    colour: str = window.page.evaluate(GROUND)
    return [int(n) for n in colour.removeprefix("rgb(").removesuffix(")").split(",")]


def test_colours_that_a_reader_chose_stay(windows: Windows) -> None:
    window = windows.open(color_scheme="light")
    window.go("/en/")
    assert min(channels(window)) > 192
    window.page.click("[data-theme-choice] button[value=dark]")
    assert max(channels(window)) < 64
    window.go("/ar/about")
    assert max(channels(window)) < 64
    assert window.page.get_attribute("[data-theme-choice] button[value=dark]", "aria-pressed") == "true"


@pytest.mark.parametrize("path", ["/", LESSON, "/learn/", "/account/profile"])
def test_in_forced_colours_buttons_and_states_are_still_there(windows: Windows, stages: Stages, path: str) -> None:
    window = signed_in(windows, "newcomer", forced_colors="active")
    window.go(f"/ar{path}")
    assert window.page.evaluate("matchMedia('(forced-colors: active)').matches")
    bare = window.page.locator(".btn:visible").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).borderStyle === 'none').map(one => one.outerHTML)"
    )
    assert not bare
    unseen = window.page.locator(".st:visible .f").evaluate_all(
        "all => all.filter(one => getComputedStyle(one).fill === getComputedStyle(document.documentElement).backgroundColor)"
        ".map(one => one.outerHTML)"
    )
    assert not unseen


@pytest.mark.parametrize(("locale", "text"), [("en", "Article 3"), ("ar", "المادة")])
def test_a_printed_lesson_has_no_menu(windows: Windows, stages: Stages, tmp_path: Path, locale: str, text: str) -> None:
    window = signed_in(windows, "newcomer")
    window.go(f"/{locale}{LESSON}")
    assert window.page.locator("#menu").is_visible()
    printed = tmp_path / "lesson.pdf"
    window.page.pdf(path=printed)
    words = subprocess.run(["pdftotext", printed, "-"], check=True, capture_output=True, text=True).stdout
    window.page.emulate_media(media="print")
    shown = window.page.locator("body").inner_text()
    assert text in shown
    for part in ("header.site", "footer", "#map", ".skip"):
        assert not window.page.locator(part).first.is_visible(), part
    if locale == "en":  # Arabic letters come back as shapes
        assert text in words
        assert "Check a certificate" not in words
