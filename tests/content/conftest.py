"""The folder of a course has the id of the course as its name."""

from pathlib import Path

import pytest


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """A folder for the small course."""
    folder = tmp_path / "small"
    folder.mkdir()
    return folder
