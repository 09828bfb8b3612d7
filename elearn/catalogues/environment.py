"""One Jinja environment per locale and live interface catalogue, with constant messages folded in at compile time.

A translation is data from a stranger: in HTML it is escaped, folded or not; `%` is applied only where values are given.
"""

import threading
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from elearn.i18n import bidi, dates
from elearn.i18n.formatting import interpolate
from elearn.i18n.locales import matching
from elearn.i18n.messages import Translations

Kept = TypeVar("Kept")
MAX_KEPT = 5_000


class _Fold(NodeTransformer):
    """Replaces `_('constant')` and `pgettext('c', 'constant')` by their translation."""

    def __init__(self, messages: Translations, *, html: bool) -> None:
        self._messages = messages
        self._html = html

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        if node.kwargs or node.dyn_args or node.dyn_kwargs or not isinstance(node.node, nodes.Name):
            return node
        if not all(isinstance(a, nodes.Const) for a in node.args):
            return node
        values = [a.value for a in node.args if isinstance(a, nodes.Const)]
        if node.node.name == "_" and len(values) == 1:
            return self._const(self._messages.gettext(values[0]), node)
        if node.node.name == "pgettext" and len(values) == 2:
            return self._const(self._messages.pgettext(*values), node)
        return node

    def _const(self, text: str, node: nodes.Call) -> nodes.Const:
        return nodes.Const(escape(text) if self._html else text, lineno=node.lineno)


class LocaleEnvironment(Environment):
    """Jinja for one locale."""

    def __init__(self, folder: Path, messages: Translations, **options: Any) -> None:
        super().__init__(
            loader=FileSystemLoader(folder),
            autoescape=lambda name: not (name or "").endswith((".txt", ".typ")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=-1,
            auto_reload=False,
            **options,
        )
        self.messages = messages
        self._kept: dict[Hashable, Any] = {}
        self.globals |= _text_functions(messages)
        self.filters |= _filters(messages.locale.code)

    def keep(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What `make` derives from this environment, made once per key; it goes when the environment does."""
        kept: Kept | None = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            kept = self._kept[key] = make()
        return kept

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        html = not (name or "").endswith(".txt")
        folded: nodes.Template = _Fold(self.messages, html=html).visit(tree)
        return folded


def _text_functions(messages: Translations) -> dict[str, Callable[..., str]]:
    locale = messages.locale

    def finish(context: EvalContext, text: str, source: str, values: Mapping[str, Any]) -> str:
        if not context.autoescape:
            return interpolate(text, source, values) if values else text
        safe = str(escape(text))
        if values:
            # isolated numbers and names arrive as Markup; everything else is escaped here
            safe = interpolate(safe, str(escape(source)), {k: str(escape(v)) for k, v in values.items()})
        return Markup(safe)  # noqa: S704 - both the text and the values were escaped above

    @pass_eval_context
    def gettext(context: EvalContext, msgid: str, **values: Any) -> str:
        return finish(context, messages.gettext(msgid), msgid, values)

    @pass_eval_context
    def pgettext(context: EvalContext, place: str, msgid: str, **values: Any) -> str:
        return finish(context, messages.pgettext(place, msgid), msgid, values)

    @pass_eval_context
    def ngettext(context: EvalContext, singular: str, plural: str, n: int, **values: Any) -> str:
        values.setdefault("n", dates.number(n, locale.code))
        return finish(context, messages.ngettext(singular, plural, n), plural if n != 1 else singular, values)

    return {"_": gettext, "pgettext": pgettext, "ngettext": ngettext}


def _filters(code: str) -> dict[str, Callable[..., Any]]:
    def local_date(value: date, zone: str = "", width: dates.Width = "long") -> str:
        return dates.date(
            value.astimezone(ZoneInfo(zone)) if isinstance(value, datetime) and zone else value, code, width
        )

    def local_datetime(value: datetime, zone: str, with_zone: bool = True) -> str:
        return dates.datetime_(value, code, zone, with_zone=with_zone)

    def local_range(first: datetime, last: datetime, zone: str) -> str:
        place = ZoneInfo(zone)
        return dates.date_range(first.astimezone(place), last.astimezone(place), code)

    return {
        "date": local_date,
        "datetime": local_datetime,
        "date_range": local_range,
        "zone": lambda value: dates.zone_name(value, code),
        "number": lambda value: dates.number(value, code),
        "percent": lambda value: dates.percent(value, code),
        "isolate": bidi.isolate,
    }


class Environments:
    """The environments of one process, made when first asked for; those of replaced catalogues are dropped."""

    def __init__(self, folder: Path, globals_for: Callable[[str], Mapping[str, Any]]) -> None:
        self._folder = folder
        self._globals_for = globals_for
        self._lock = threading.Lock()
        self._cache: dict[str, tuple[int, LocaleEnvironment]] = {}

    def get(self, messages: Translations, revision: int) -> LocaleEnvironment:
        """The environment of this catalogue."""
        code = messages.locale.code
        cached = self._cache.get(code)
        if cached is not None and cached[0] == revision and cached[1].messages is messages:
            return cached[1]
        with self._lock:
            environment = LocaleEnvironment(self._folder, messages)
            locale = matching(code)
            assert locale is not None
            environment.globals |= {"locale": code, "dir": locale.direction, **self._globals_for(code)}
            self._cache[code] = (revision, environment)
        return environment
