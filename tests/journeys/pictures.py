"""`python -m tests.journeys.pictures DIR`: what the site looks like, in Arabic and English, on a desk and on a telephone.

`python -m tests.journeys.pictures --docs DIR` writes the four pictures of the README instead.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.site import PASSWORD, running_site
from tests.journeys.stages import Stages, set_stages
from tests.journeys.window import CHROMIUM_ARGUMENTS, Windows
from tools.browser import find

LESSON = "/learn/untoc/convention/transnational-offence"
SIZES = ((1280, 900), (390, 844))


def scenes(stages: Stages) -> dict[str, tuple[str, str]]:
    """Name of a picture → account and address."""
    return {
        "home": ("", "/"),
        "course": ("", "/courses/untoc/"),
        "sign-in": ("", "/account/login"),
        "apply": ("newcomer", "/courses/untoc/apply"),
        "my-courses": ("newcomer", "/learn/"),
        "lesson": ("newcomer", LESSON),
        "assessment": ("newcomer", stages.attempt.removeprefix("/en")),
        "result": ("learner", stages.result.removeprefix("/en")),
        "certificate": ("learner", "/certificates/"),
        "check": ("", f"/certificates/{stages.number}"),
        "admin": ("admin", f"/admin/applications/{stages.application}"),
        "admin-cohort": ("admin", f"/admin/cohorts/{stages.cohort}"),
        "learners": ("admin", f"/admin/cohorts/{stages.cohort}/learners"),
    }


def take(windows: Windows, stages: Stages, folder: Path, *, is_for_docs: bool) -> None:
    """Write the pictures; whole pages, or for the documents what a screen shows."""
    wanted = ("home", "lesson") if is_for_docs else tuple(scenes(stages))
    for width, height in SIZES[:1] if is_for_docs else SIZES:
        for account in {scenes(stages)[name][0] for name in wanted}:
            window = windows.open(width=width, height=height)
            if account:
                window.go("/en/account/login")
                window.page.fill("main [name=email]", f"{account}@example.org")
                window.page.fill("main [name=password]", PASSWORD)
                window.page.click("#login button[type=submit]")
            for name in wanted:
                who, path = scenes(stages)[name]
                for locale in ("ar", "en") if who == account else ():
                    window.go(f"/{locale}{path}")
                    file = f"{name}-{locale}.png" if is_for_docs else f"{name}-{locale}-{width}.png"
                    window.page.screenshot(path=folder / file, full_page=not is_for_docs and name != "assessment")


def main() -> int:
    """Start a demonstration, take the pictures, stop it."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.pictures", description=__doc__)
    parser.add_argument("--docs", action="store_true", help="only the pictures of the documents")
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as instance, running_site(Path(instance)) as site, sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=find(), args=CHROMIUM_ARGUMENTS)
        windows = Windows(browser, site)
        take(windows, set_stages(site), chosen.folder, is_for_docs=chosen.docs)
        windows.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
