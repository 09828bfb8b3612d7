"""The gate that every translation passes before it is published.

A translation is data from a stranger. What blocks here cannot reach a page; what warns is typography of the language.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import is_normalized

from elearn.i18n.bidi import has_balanced_isolates, has_overrides
from elearn.i18n.entries import Entry, Mode
from elearn.i18n.findings import Finding, block, warn
from elearn.i18n.formatting import placeholders, segments
from elearn.i18n.locales import Locale
from elearn.i18n.typography import typography

COUNT = "n"  # the placeholder that carries the count of a plural message

# C0 without tab and newline, C1, line and paragraph separators, byte order mark, replacement character, tags,
# noncharacters: nothing that a text is written with.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_GAP = r"[\s\u200b-\u200f\u00ad]*"
_SCRIPT_SCHEME = "|".join(_GAP.join(name) for name in ("javascript", "vbscript")) + r"|\bdata(?=:\S)"
_MARKUP = re.compile(rf"<[a-z/!?][^\s>]*|&(?:[a-z][a-z0-9]*|\#x?[0-9a-f]+);|(?:{_SCRIPT_SCHEME}){_GAP}:", re.IGNORECASE)
# Width, precision, flag, or a conversion that we do not have; and a name whose conversion is missing.
_BAD_DIRECTIVE = re.compile(r"%\((?![A-Za-z_][A-Za-z0-9_]*\)[sd])|%[-#0+]*[0-9*][0-9.*]*[a-zA-Z]")


def findings(
    source: str,
    forms: Sequence[str],
    locale: Locale,
    *,
    source_plural: str | None = None,
    formatted: bool = True,
    markup_in_source: bool = True,
) -> tuple[Finding, ...]:
    """All faults of a translation, each once, blocking ones first.

    `formatted`: values are put into this text, so placeholders count (interface); prose has none. `markup_in_source`:
    the source can be trusted to hold what markup it holds; where it comes from the same file as the translation, no
    markup is allowed at all.
    """
    found = list(_number_of_forms(forms, locale, source_plural))
    # The longer form, so that no limit is too narrow for one that says a single count in few words.
    original = max(source, source_plural or "", key=len)
    for index, form in enumerate(forms):
        if not form.strip():
            found.append(block("empty", "The translation, or one of its plural forms, is empty."))
            continue
        found += _safety(original, form, markup_in_source)
        found += _shape(original, form)
        if formatted:
            found += _placeholders(source, source_plural, form, locale, index)
        found += typography(form, locale)
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: finding.level))


def entry_findings(entry: Entry, locale: Locale, mode: Mode = "interface") -> tuple[Finding, ...]:
    """All faults of an entry's translation, judged as text of the interface or as prose of a course."""
    return findings(
        entry.source,
        entry.forms,
        locale,
        source_plural=entry.source_plural,
        formatted=mode == "interface",
        markup_in_source=mode == "interface",
    )


def is_blocked(found: Sequence[Finding]) -> bool:
    """Whether a translation with these findings may not be published."""
    return any(finding.level == "block" for finding in found)


def _number_of_forms(forms: Sequence[str], locale: Locale, source_plural: str | None) -> Iterator[Finding]:
    wanted = 1 if source_plural is None else locale.nplurals
    if len(forms) != wanted:
        yield block("plural-forms", f"The language needs {wanted} forms here; the translation has {len(forms)}.")


def _safety(source: str, form: str, markup_in_source: bool) -> Iterator[Finding]:
    if not is_normalized("NFC", form):
        yield block("not-nfc", "The text is not in Unicode form NFC.")
    if has_overrides(form):
        yield block("bidi-override", "The text embeds or overrides a direction (U+202A to U+202E).")
    if not has_balanced_isolates(form):
        yield block("bidi-isolate", "A direction isolate (U+2066 to U+2069) is not closed, or closed twice.")
    if _CONTROLS.search(form):
        yield block("control-character", "The text holds a control character or one that stands for no character.")
    allowed = _markup(source) if markup_in_source else Counter[str]()
    added = _markup(form) - allowed
    if added:
        yield block("markup", f"The translation adds markup: {', '.join(sorted(added))[:80]!r}.")


def _markup(text: str) -> Counter[str]:
    return Counter(match[0].lower() for match in _MARKUP.finditer(text))


def _shape(source: str, form: str) -> Iterator[Finding]:
    if len(form) > 4 * len(source) + 200:
        yield block("length", "The translation is longer than four times the source and 200 characters.")
    if _edges(form) != _edges(source):
        yield block("edge-space", "The text begins or ends with other spaces or line ends than the source.")


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _placeholders(source: str, source_plural: str | None, form: str, locale: Locale, index: int) -> Iterator[Finding]:
    if _BAD_DIRECTIVE.search(form):
        yield block("placeholder-format", "Only %(name)s and %(name)d exist: no width, flag or cut-off name.")
        return
    wanted = Counter(placeholders(source_plural or source))
    if not wanted and not placeholders(source):
        # Nothing is put into this text, so that a per cent sign is an ordinary character in it.
        if form.count("%%") != source.count("%%"):
            yield block("percent", "The doubled per cent signs differ from the source.")
    elif segments(form) is None:
        yield block("percent", "A per cent sign in a text with placeholders is written twice: %%.")
    present = Counter(placeholders(form))
    if present == wanted or (locale.is_single_count(index) and present == Counter(placeholders(source))):
        return
    count = {key: number for key, number in wanted.items() if key[0] == COUNT}
    if source_plural is None or present != wanted - Counter(count):
        yield block("placeholders", "The placeholders are not those of the source.")
    elif not locale.is_single_count(index):
        yield warn("plural-number", "The form is used for several counts and does not say the number.")
