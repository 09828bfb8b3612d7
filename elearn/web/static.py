"""Static files: built once into the instance folder, served by WhiteNoise before Flask sees the request."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

from elearn.settings import PACKAGE, Settings
from elearn.web import assets

HASHED = re.compile(r"\.[0-9a-f]{8,}\.\w+$")
PREFIX = "/static/"


def folder(settings: Settings) -> Path:
    """Where the built files lie."""
    return settings.instance / "static"


def build(settings: Settings) -> dict[str, str]:
    """Build what changed; plain name → hashed name."""
    return assets.build(PACKAGE / "static", folder(settings))


def urls(settings: Settings) -> Callable[[str], str]:
    """The function `static(name)` of templates."""
    return assets.Assets(build(settings), PREFIX).url


def serve(application: Any, settings: Settings) -> Any:
    """The application behind WhiteNoise: hashed names may be kept for ever, others for a minute."""
    return WhiteNoise(
        application,
        root=str(folder(settings)),
        prefix=PREFIX,
        max_age=60,
        immutable_file_test=lambda _path, url: bool(HASHED.search(url)),
    )
