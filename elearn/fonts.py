"""The typefaces that documents are drawn with: where their files lie and which characters they draw.

This is the only module that knows from which packages the fonts come.
"""

import importlib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_PACKAGES = ("fontpkg_amiri", "fontpkg_ibm_plex_sans_arabic", "fontpkg_noto_sans", "fontpkg_playfair_display")

# The files of each family that the certificate uses; a character counts only if all weights have it.
_CERTIFICATE_FILES = {
    "Playfair Display": ("PlayfairDisplay[wght].ttf",),
    "Amiri": ("Amiri-Regular.ttf", "Amiri-Bold.ttf"),
    "Noto Sans": ("NotoSans[wdth,wght].ttf",),
    "IBM Plex Sans Arabic": (
        "IBMPlexSansArabic-Regular.ttf",
        "IBMPlexSansArabic-SemiBold.ttf",
        "IBMPlexSansArabic-Bold.ttf",
    ),
}

_JOINERS = "\u200c\u200d"
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c\u2066\u2067\u2068\u2069")
_OGHAM_SPACE = "\u1680"  # the one space that is drawn as a stroke
# PDF/A and PDF/UA refuse private-use characters and controls, even where a font has a glyph for them.
_NEVER_DRAWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def font_folders() -> list[str]:
    """Absolute paths of the folders that hold the TrueType files of all families."""
    return [str(_folder(package)) for package in _PACKAGES]


def undrawable(text: str) -> str:
    """The distinct characters of ``text`` (in NFC) that no certificate font can draw; empty if all can be.

    A letter and its combining marks must be found in one and the same font. Spaces, joiners, and the
    direction marks and isolates of UAX #9 are ignored; embeddings, overrides and line breaks are not.
    A combining mark without a letter before it counts as undrawable.
    """
    missing: dict[str, None] = {}
    for cluster in _clusters(text):
        if not any(_draws(family, cluster) for family in _coverage().values()):
            missing.update(dict.fromkeys(_culprits(cluster)))
    return "".join(missing)


def whole_family(text: str, families: tuple[str, ...]) -> str:
    """The first of ``families`` that draws all of ``text``, so that one word is not set in two faces.

    The first family where none does. Family names as in the files; an unknown one raises ``KeyError``.
    """
    clusters = list(_clusters(text))
    whole = (f for f in families if all(_draws(_coverage()[f], cluster) for cluster in clusters))
    return next(whole, families[0])


def _folder(package: str) -> Path:
    return Path(importlib.import_module(package).ROOT) / "files"


def _clusters(text: str) -> Iterator[str]:
    """Each visible character with the marks that stand on it; a mark on nothing stands alone."""
    cluster = ""
    for char in unicodedata.normalize("NFC", text):
        if char in _JOINERS:
            continue
        if cluster and unicodedata.category(char).startswith("M"):
            cluster += char
            continue
        if cluster:
            yield cluster
        cluster = "" if _is_blank(char) else char
    if cluster:
        yield cluster


def _is_blank(char: str) -> bool:
    return char in _DIRECTION_MARKS or (unicodedata.category(char) == "Zs" and char != _OGHAM_SPACE)


def _draws(family: frozenset[str], cluster: str) -> bool:
    if unicodedata.category(cluster[0]).startswith("M"):
        return False
    # A shaper takes a composed letter apart where the font has only the pieces.
    return family.issuperset(cluster) or family.issuperset(unicodedata.normalize("NFD", cluster))


def _culprits(cluster: str) -> str:
    """What to name when a cluster cannot be drawn: the missing characters, or all if only the pair fails."""
    alone = "".join(c for c in cluster if not any(c in family for family in _coverage().values()))
    return alone or cluster


@cache
def _coverage() -> dict[str, frozenset[str]]:
    """Per family the characters that all its files map to a glyph."""
    files = {path.name: path for package in _PACKAGES for path in _folder(package).glob("*.ttf")}
    return {
        family: frozenset.intersection(*(_characters(files[name]) for name in names))
        for family, names in _CERTIFICATE_FILES.items()
    }


def _characters(path: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont  # slow to import, and most processes never draw

    with TTFont(path, lazy=True) as font:
        characters = map(chr, font.getBestCmap() or ())
        return frozenset(c for c in characters if unicodedata.category(c) not in _NEVER_DRAWN)
