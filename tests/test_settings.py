"""Settings: defaults, variables, what is derived, and what is refused."""

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from elearn.errors import ConfigurationError
from elearn.settings import Settings, bundle_path, load_settings

KEY = "0123456789abcdef0123456789abcdef"


def load(folder: Path, **variables: str) -> Settings:
    """Settings of an installation in `folder` with ELEARN_<variables>."""
    return load_settings({"ELEARN_INSTANCE": str(folder), **{f"ELEARN_{k}": v for k, v in variables.items()}})


def test_defaults_are_those_of_a_production(tmp_path: Path):
    found = load(tmp_path)
    assert (found.environment, found.secret_key, found.rate_limits) == ("production", "", True)
    assert not found.is_development
    assert found.sqlite_synchronous == "FULL"
    assert (found.argon2_memory_kib, found.argon2_time_cost) == (19456, 2), "the OWASP minimum"
    assert (found.host, found.port, found.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")


def test_variables_have_the_type_of_their_default(tmp_path: Path):
    found = load(tmp_path, PORT="8123", RATE_LIMITS="No", PSEUDO_LOCALE="1", SITE_NAME="12")
    assert (found.port, found.rate_limits, found.pseudo_locale, found.site_name) == (8123, False, True, "12")


@pytest.mark.parametrize(
    "variables",
    [
        {"PORT": "eight"}, {"PORT": "65536"}, {"RATE_LIMITS": "maybe"}, {"TYPO": "1"}, {"port": "1"},
        {"ENVIRONMENT": "staging"}, {"LOG_LEVEL": "info"}, {"SQLITE_SYNCHRONOUS": "full; drop"},
        {"DEFAULT_TIME_ZONE": "Europe/Wien"},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_name(variables: dict[str, str], tmp_path: Path):
    with pytest.raises(ConfigurationError, match=f"ELEARN_{next(iter(variables))}"):
        load(tmp_path, **variables)


def test_other_peoples_variables_are_left_alone(tmp_path: Path):
    assert load_settings({"PORT": "1", "ELEARNING_PORT": "2", "ELEARN_INSTANCE": str(tmp_path)}).port == 8000


def test_overrides_go_before_variables(tmp_path: Path):
    variables = {"ELEARN_PORT": "8123", "ELEARN_INSTANCE": str(tmp_path)}
    assert load_settings(variables, port=8200).base_url == "http://127.0.0.1:8200"


def test_the_address_follows_the_port_unless_it_is_given(tmp_path: Path):
    assert load(tmp_path, PORT="8123").base_url == "http://127.0.0.1:8123"
    assert load(tmp_path, PORT="8123", BASE_URL="https://example.org:8000/").base_url == "https://example.org:8000"
    assert load(tmp_path, BASE_URL="https://example.org").is_https
    assert not load(tmp_path).is_https


def test_databases_and_queues_go_together(tmp_path: Path):
    local = load(tmp_path)
    assert local.is_sqlite
    assert local.database_url == f"sqlite:///{tmp_path / 'elearn.db'}"
    assert local.queue_url == f"sqlite:///{tmp_path / 'queue.db'}"
    served = load(tmp_path, DATABASE_URL="postgresql://user:p@host/name")
    assert not served.is_sqlite
    assert served.database_url == served.queue_url == "postgresql+psycopg://user:p@host/name"
    assert load(tmp_path, DATABASE_URL="postgresql+psycopg://h/n").database_url == "postgresql+psycopg://h/n"
    assert load(tmp_path, QUEUE_URL="sqlite:////q.db").queue_url == "sqlite:////q.db"


def test_the_instance_folder_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).instance == tmp_path.resolve() / "instance"
    assert not (tmp_path / "instance").exists(), "nothing is written where nothing is needed"


def test_production_does_not_start_without_a_long_key(tmp_path: Path):
    for key in ("", KEY[:31]):
        with pytest.raises(ConfigurationError, match="ELEARN_SECRET_KEY"):
            load(tmp_path, SECRET_KEY=key).require_secret()
    load(tmp_path, SECRET_KEY=KEY).require_secret()
    assert not (tmp_path / "secret.key").exists()


@pytest.mark.parametrize("environment", ["development", "demo", "test"])
def test_elsewhere_a_key_is_made_once_for_its_owner_alone(environment: str, tmp_path: Path):
    first = load(tmp_path / "new", ENVIRONMENT=environment)
    first.require_secret()
    assert first.is_development
    assert load(tmp_path / "new", ENVIRONMENT=environment).secret_key == first.secret_key
    assert load(tmp_path / "other", ENVIRONMENT=environment).secret_key != first.secret_key
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600


def test_folders_of_the_product_can_be_elsewhere(tmp_path: Path):
    assert load(tmp_path).modules == bundle_path("modules")
    found = load(tmp_path, MODULES="/m", TRANSLATIONS="/t", TEMPLATES="/p")
    assert (found.modules, found.translations, found.templates) == (Path("/m"), Path("/t"), Path("/p"))


def test_everything_that_is_bundled_is_there():
    assert all(bundle_path(name).exists() for name in ("templates", "translations", "modules", "config.py"))


def test_each_setting_is_documented_with_its_default():
    table = (bundle_path("config.py").parent / "docs" / "configuration.md").read_text()
    documented = dict(re.findall(r"^\| `ELEARN_([A-Z0-9_]+)` \| `(.*?)` \|", table, re.M))
    folders = {"modules", "translations", "templates"}
    names = {field.name.upper() for field in fields(Settings) if field.name not in folders}
    assert set(documented) == names
    defaults = bundle_path("config.py").read_text()
    for name, value in documented.items():
        written = "" if value == "–" else value
        assert re.search(rf'^{name} = (\(\s*)?"?{re.escape(written)}"?(\s|$)', defaults, re.M), name
