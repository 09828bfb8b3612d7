"""What one process of the application holds: settings, database, catalogues, environments, engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from elearn.catalogues.environment import Environments
from elearn.catalogues.store import CatalogueStore
from elearn.db import Database
from elearn.permissions import Viewer
from elearn.settings import Settings
from elearn.web.addresses import Addresses


class JobEngine(Protocol):
    """Where ids of committed jobs go."""

    def submit(self, job_ids: list[int]) -> None: ...


ViewerLoader = Callable[[Session, str], Viewer | None]


@dataclass(slots=True)
class Platform:
    """One per process, made by `create_app`."""

    settings: Settings
    database: Database
    catalogues: CatalogueStore
    environments: Environments
    engine: JobEngine
    load_viewer: ViewerLoader
    static_url: Callable[[str], str]
    addresses: Addresses
    localized: Mapping[str, bool] = field(default_factory=dict)
    rooms: dict[str, Any] = field(default_factory=dict)

    def has_locale(self, endpoint: str) -> bool:
        """Whether the address of this endpoint carries a language."""
        return self.localized.get(endpoint, False)


def localized_endpoints(app: Flask) -> dict[str, bool]:
    """Which endpoints carry the language in their path."""
    return {rule.endpoint: "locale" in rule.arguments for rule in app.url_map.iter_rules()}


@lru_cache(maxsize=8)
def _platform_of(app: Flask) -> Platform:
    platform: Platform = app.extensions["elearn"]
    return platform


def platform() -> Platform:
    """The platform of the running application."""
    return _platform_of(current_app._get_current_object())  # type: ignore[attr-defined]
