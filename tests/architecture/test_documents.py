"""Documents and code say the same."""

import re
import runpy
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from elearn.cli import parser
from elearn.web.access import access_of

ROOT = Path(__file__).parents[2]


def test_every_setting_is_documented_with_its_default():
    text = (ROOT / "docs" / "configuration.md").read_text()
    documented = dict(re.findall(r"^\| `ELEARN_([A-Z0-9_]+)` \| `([^`]*)` \|", text, re.MULTILINE))
    settings = {k: v for k, v in runpy.run_path(str(ROOT / "config.py")).items() if k.isupper()}
    assert documented == {name: str(value) or "–" for name, value in settings.items()}


def commands(of: ArgumentParser, prefix: str = "elearn") -> Iterator[str]:
    groups = [a for a in of._actions if isinstance(a, _SubParsersAction)]
    if not groups:
        yield prefix
    for group in groups:
        for word, below in group.choices.items():
            yield from commands(below, f"{prefix} {word}")


def test_every_command_is_documented():
    text = (ROOT / "docs" / "interface.md").read_text()
    documented = set(re.findall(r"^\| `(elearn [^`]+)` \|", text, re.MULTILINE))
    assert documented == set(commands(parser()))


def test_every_address_is_documented(app: Flask):
    text = (ROOT / "docs" / "interface.md").read_text()
    documented = set(re.findall(r"^\| `(/[^`]*)` \|", text, re.MULTILINE))
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(rule)) for rule in app.url_map.iter_rules()}
    assert documented == rules


def matrix(app: Flask) -> str:
    """Endpoint × methods × audience × caching, one line each."""
    lines = []
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        who = access.permission.value if access.permission else access.audience
        scope = "scoped" if access.load else "-"
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        lines.append(f"{rule.endpoint:32} {methods:10} {who:16} {scope:8} {access.cache.value}")
    return "\n".join(sorted(lines)) + "\n"


def test_the_access_matrix_is_the_reviewed_one(app: Flask):
    path = ROOT / "docs" / "access-matrix.txt"
    assert matrix(app) == path.read_text(), (
        "who may do what has changed: review it, then write it with `python -m tests.architecture.write_matrix`"
    )
