"""`python -m tests.architecture.write_matrix`: writes docs/access-matrix.txt from the running application."""

import tempfile
from pathlib import Path

from elearn.app import create_app
from elearn.installation import prepare
from tests.architecture.test_documents import ROOT, matrix
from tests.conftest import make_settings

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        settings = make_settings(Path(folder))
        prepare(settings)
        (ROOT / "docs" / "access-matrix.txt").write_text(matrix(create_app(settings)))
