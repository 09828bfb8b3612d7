"""The static step: style sheets, scripts and pictures get names that change with their content.

A browser may then keep each file for ever. Beside every text file lies a `.gz` and a `.br`, which WhiteNoise
serves as they are. No bundler takes part: a script is its ES modules one after another, without the imports.
"""

import gzip
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli  # type: ignore[import-untyped]

MANIFEST = "manifest.json"
ENTRY_SCRIPTS = ("forms.js", "learn.js")
COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".txt", ".webmanifest"})
_FORMAT = b"1"  # part of the digest: raise it when the same sources shall give other files

_IMPORT = re.compile(r'^import \{ [\w, ]+ \} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|class|const|let)", re.MULTILINE)
_TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


class AssetError(Exception):
    """A static source cannot be built, or a page asks for a file that is not there."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The addresses of the built files."""

    names: Mapping[str, str]
    prefix: str = "/static/"

    def url(self, name: str) -> str:
        """The address of a source by its plain name ("elearn.css"). Raises AssetError for an unknown one."""
        try:
            return self.prefix + self.names[name]
        except KeyError:
            raise AssetError(f"no static file is called {name!r}; known: {', '.join(sorted(self.names))}") from None


def build(source: Path, target: Path) -> dict[str, str]:
    """Build every file of `source` into `target`; answers plain name → hashed name.

    Does nothing when the sources are those of the manifest in `target`. Several processes may build at once:
    each file and the manifest appear whole. Files of earlier builds stay, for pages that still ask for them.
    Raises AssetError for a script that cannot be joined.
    """
    files = _sources(source)
    digest = _digest(files)
    if (kept := _kept(target, digest)) is not None:
        return kept
    target.mkdir(parents=True, exist_ok=True)
    names = {}
    for name, content in _outputs(files):
        names[name] = _hashed_name(name, content)
        _write_with_variants(target / names[name], content)
    manifest = json.dumps({"digest": digest, "files": names}, indent=1, sort_keys=True)
    _write(target / MANIFEST, manifest.encode())
    return names


def join_script(entry: str, modules: Mapping[str, str]) -> str:
    """One script from an ES module and all that it imports, imported ones first.

    Only `import { a, b } from "./x.js";` at the start of a line and `export` before a declaration are
    understood. As all modules then share one scope, two of them must not declare the same name.
    Raises AssetError.
    """
    order = _import_order(entry, modules, ())
    declared: dict[str, str] = {}
    for name in order:
        for word in _TOP_LEVEL.findall(modules[name]):
            if word in declared:
                raise AssetError(f"{word} is declared in {declared[word]} and in {name}: rename one of them")
            declared[word] = name
    joined = "".join(_EXPORT.sub("", _IMPORT.sub("", modules[name])) for name in order)
    if left := _LEFT_OVER.search(joined):
        raise AssetError(f"{entry}: cannot join the line {left[0]!r}")
    return joined


def _import_order(name: str, modules: Mapping[str, str], above: tuple[str, ...]) -> list[str]:
    if name in above:
        raise AssetError(f"modules import each other in a circle: {' → '.join((*above, name))}")
    if name not in modules:
        raise AssetError(f"{above[-1] if above else 'the static step'} asks for {name}, which is not there")
    order: list[str] = []
    for wanted in _IMPORT.findall(modules[name]):
        order += [m for m in _import_order(wanted, modules, (*above, name)) if m not in order]
    return [*order, name]


def _sources(source: Path) -> dict[str, bytes]:
    paths = sorted(p for p in source.rglob("*") if p.is_file())
    return {path.relative_to(source).as_posix(): path.read_bytes() for path in paths}


def _outputs(files: Mapping[str, bytes]) -> Iterable[tuple[str, bytes]]:
    modules = {n.removeprefix("js/"): c.decode() for n, c in files.items() if n.startswith("js/")}
    for entry in ENTRY_SCRIPTS:
        yield entry, join_script(entry, modules).encode()
    yield from ((n, c) for n, c in files.items() if not n.startswith("js/"))


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(_FORMAT)
    for name, content in files.items():
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _kept(target: Path, digest: str) -> dict[str, str] | None:
    """The names of an earlier build of the same sources, if all its files are still there."""
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
        names: dict[str, str] = manifest["files"]
        same = manifest["digest"] == digest and all((target / n).is_file() for n in names.values())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return names if same else None


def _hashed_name(name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:8]}{dot}{suffix}"


def _write_with_variants(path: Path, content: bytes) -> None:
    if path.suffix in COMPRESSED:
        _write(path.with_name(path.name + ".gz"), gzip.compress(content, 9, mtime=0))
        _write(path.with_name(path.name + ".br"), brotli.compress(content))
    _write(path, content)


def _write(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(content)
    os.replace(draft, path)
