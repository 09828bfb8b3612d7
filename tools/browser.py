"""Finds a Chromium for the tests, or installs one; says what it did.

Order: the setting ELEARN_CHROMIUM, the system's, Debian's package where it may be installed, Playwright's own.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str:
    """Path of a browser that is there, or ""."""
    setting = os.environ.get("ELEARN_CHROMIUM", "")
    if setting:
        return setting if shutil.which(setting) else ""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return _playwrights()


def _playwrights() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.path.exists(path) else ""


def _debian() -> bool:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    print("No Chromium found: installing Debian's package.", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            return False
    return True


def _install_playwrights() -> bool:
    print("Installing Playwright's Chromium.", flush=True)
    return subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False).returncode == 0


def main() -> int:
    """Exit 0 with a browser, 1 without."""
    for install in (lambda: True, _debian, _install_playwrights):
        if install() and (path := find()):
            print(f"Browser tests use {path}")
            return 0
    print("No Chromium, and none could be installed. Set ELEARN_CHROMIUM to one.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
