"""Finds pdftotext, with which the tests read certificates, or installs Debian's package; says what it did."""

import os
import shutil
import subprocess
import sys

COMMANDS = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "poppler-utils"],
)


def main() -> int:
    """Exit 0 with pdftotext, 1 without."""
    if not shutil.which("pdftotext") and shutil.which("apt-get") and os.geteuid() == 0:
        print("No pdftotext found: installing Debian's poppler-utils.", flush=True)
        for command in COMMANDS:
            subprocess.run(
                command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, stdout=subprocess.DEVNULL, check=False
            )
    if path := shutil.which("pdftotext"):
        print(f"Certificates are read with {path}")
        return 0
    print("The tests read certificates with pdftotext: install poppler (poppler-utils).", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
