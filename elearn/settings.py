"""Settings: defaults of `config.py`, overridden by ELEARN_* variables; and where the bundled files are."""

import os
import runpy
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from elearn.errors import ConfigurationError

PACKAGE = Path(__file__).parent
PREFIX = "ELEARN_"
MIN_SECRET = 32  # characters
ALLOWED = {
    "environment": {"production", "development", "demo", "test"},
    "log_level": {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"},
    "sqlite_synchronous": {"OFF", "NORMAL", "FULL", "EXTRA"},
}


@cache
def bundle_path(name: str) -> Path:
    """Folder or file `name` of the product: inside the wheel (`_bundle/`) or at the top of an editable checkout."""
    bundled = PACKAGE / "_bundle" / name
    return bundled if bundled.exists() else PACKAGE.parent / name


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one process; `docs/configuration.md` says what each means."""

    database_url: str
    queue_url: str
    secret_key: str
    base_url: str
    host: str
    port: int
    instance: Path
    environment: str
    workers: int
    site_name: str
    issuer_name: str
    signatory_name: str
    contact_email: str
    mail_url: str
    mail_from: str
    trusted_proxies: int
    session_hours: int
    remember_days: int
    password_min_length: int
    argon2_memory_kib: int
    argon2_time_cost: int
    sqlite_synchronous: str
    log_level: str
    demo_password: str
    default_time_zone: str
    pseudo_locale: bool
    rate_limits: bool
    chromium: str
    modules: Path
    translations: Path
    templates: Path

    @property
    def is_development(self) -> bool:
        """True where strangers have no access: development, demo and tests."""
        return self.environment in ("development", "demo", "test")

    def require_secret(self) -> None:
        """Called before anything is served. Raises ConfigurationError for a missing or short secret key."""
        if len(self.secret_key) < MIN_SECRET:
            raise ConfigurationError(f"ELEARN_SECRET_KEY must be set and hold at least {MIN_SECRET} characters")

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def _convert(name: str, text: str, default: Any) -> Any:
    try:
        if isinstance(default, bool):
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        return int(text) if isinstance(default, int) else text
    except (KeyError, ValueError):
        raise ConfigurationError(f"{PREFIX}{name}={text!r} is not a {type(default).__name__}") from None


def load_settings(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings of this process: config.py, then ELEARN_* variables, then `overrides` (lower-case names).

    Raises ConfigurationError for a value of the wrong type or an unknown ELEARN_ variable.
    """
    environ = os.environ if environ is None else environ
    defaults = {k: v for k, v in runpy.run_path(str(bundle_path("config.py"))).items() if k.isupper()}
    values: dict[str, Any] = {k.lower(): v for k, v in defaults.items()}
    for folder in ("modules", "translations", "templates"):
        values[folder] = bundle_path(folder)
    for key, text in environ.items():
        if key.startswith(PREFIX):
            name = key.removeprefix(PREFIX)
            if name.lower() in ("modules", "translations", "templates"):
                values[name.lower()] = Path(text)
            elif name in defaults:
                values[name.lower()] = _convert(name, text, defaults[name])
            else:
                raise ConfigurationError(f"unknown setting {key}; docs/configuration.md lists all")
    values.update(overrides)
    return _derive(values, environ)


def _derive(values: dict[str, Any], environ: Mapping[str, str]) -> Settings:
    values["instance"] = Path(values["instance"]).resolve()
    if PREFIX + "BASE_URL" not in environ and values["port"] != 8000 and values["base_url"].endswith(":8000"):
        values["base_url"] = values["base_url"].removesuffix("8000") + str(values["port"])
    values["base_url"] = values["base_url"].rstrip("/")
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{values['instance'] / 'elearn.db'}"
    values["database_url"] = values["database_url"].replace("postgresql://", "postgresql+psycopg://", 1)
    if not values["queue_url"]:
        is_sqlite = values["database_url"].startswith("sqlite")
        values["queue_url"] = f"sqlite:///{values['instance'] / 'queue.db'}" if is_sqlite else values["database_url"]
    for name, allowed in ALLOWED.items():
        if values[name] not in allowed:
            raise ConfigurationError(f"{PREFIX}{name.upper()} is one of {', '.join(sorted(allowed))}")
    if values["default_time_zone"] not in available_timezones():
        raise ConfigurationError(f"{PREFIX}DEFAULT_TIME_ZONE: there is no zone {values['default_time_zone']!r}")
    if not 0 < values["port"] < 65536:
        raise ConfigurationError(f"{PREFIX}PORT is a number from 1 to 65535")
    if not values["secret_key"] and values["environment"] != "production":
        values["secret_key"] = _local_secret(values["instance"])
    return Settings(**{f.name: values[f.name] for f in fields(Settings)})


def _local_secret(instance: Path) -> str:
    """A key made once per instance folder, so that sign-ins survive a restart of the demo."""
    import secrets

    path = instance / "secret.key"
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text()
