"""`python -m elearn` is the `elearn` command."""

import sys

from elearn.cli import main

if __name__ == "__main__":
    sys.exit(main())
