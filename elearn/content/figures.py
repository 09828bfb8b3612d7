"""Drawings of the course as inline SVG, one per panel, mirrored by coordinates for right-to-left pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 300
"""Width of a panel in SVG units, so that 13 px text can be read on a screen of 320 px."""
HEIGHT = 134
_WEST, _EAST = 75, 225
_MIDDLE = 80

FOUR_CASES = "F07"
_FOUR_CASES_TEXTS = (
    "title", "caption", "alt",
    "label.state1", "label.state2", "label.offence", "label.planning", "label.group", "label.effects",
    "panel.a", "panel.b", "panel.c", "panel.d",
)  # fmt: skip
TEXTS_BY_FIGURE: Mapping[str, frozenset[str]] = {FOUR_CASES: frozenset(_FOUR_CASES_TEXTS)}
"""The texts that each drawing needs."""


@dataclass(frozen=True, slots=True)
class FigureTexts:
    """The texts of one figure in one language: `html` of each, and `plain` for labels and names."""

    html: Mapping[str, Markup]
    plain: Mapping[str, str]


def draw_figure(code: str, texts: FigureTexts, *, is_rtl: bool) -> Markup:
    """The figure as HTML with its caption. Raises KeyError for a code that is no drawing."""
    return _DRAWINGS[code](texts, _Panel(is_rtl, texts.plain))


@dataclass(frozen=True, slots=True)
class _Panel:
    """Two States side by side; x runs from the side where reading begins."""

    is_rtl: bool
    labels: Mapping[str, str]

    def x(self, x: int) -> int:
        return WIDTH - x if self.is_rtl else x

    def states(self) -> str:
        left_edges = [self.x(8), self.x(158)] if not self.is_rtl else [self.x(8 + 134), self.x(158 + 134)]
        boxes = "".join(f'<rect class="state" x="{x}" y="34" width="134" height="92"/>' for x in left_edges)
        return boxes + self.text("label.state1", _WEST, 24) + self.text("label.state2", _EAST, 24)

    def text(self, name: str, x: int, y: int, css: str = "") -> str:
        kind = f' class="{css}"' if css else ""
        return f'<text{kind} x="{self.x(x)}" y="{y}" text-anchor="middle">{escape(self.labels[name])}</text>'

    def label(self, name: str, x: int) -> str:
        return self.text(name, x, 117, "lab")

    def lozenge(self, x: int, size: int, css: str, y: int = _MIDDLE) -> str:
        s = size
        return f'<path class="{css}" d="M{self.x(x)} {y - s}l{s} {s}-{s} {s}-{s}-{s}z"/>'

    def arrow(self, start: int, end: int) -> str:
        tip, back, y = self.x(end), self.x(end - 8), _MIDDLE
        return f'<path class="arr" d="M{self.x(start)} {y}H{tip}M{back} {y - 7}L{tip} {y}L{back} {y + 7}"/>'

    def people(self, x: int) -> str:
        dots = ((x - 10, 88), (x + 10, 88), (x, 72))
        return "".join(f'<circle class="grp" cx="{self.x(cx)}" cy="{cy}" r="6"/>' for cx, cy in dots)

    def offence(self, x: int) -> str:
        return self.lozenge(x, 18, "act") + self.label("label.offence", x)


def _four_cases(texts: FigureTexts, panel: _Panel) -> Markup:
    """Article 3, paragraph 2, of the Convention: (a) the act, (b) the planning, (c) the group, (d) the effects."""
    waves = "".join(panel.lozenge(_EAST, size, "arr", 74) for size in (9, 18, 27))
    drawings = {
        "a": panel.offence(_WEST) + panel.offence(_EAST),
        "b": panel.lozenge(_WEST, 16, "plan") + panel.arrow(98, 198) + panel.offence(_EAST)
        + panel.label("label.planning", _WEST),
        "c": panel.people(_WEST) + panel.people(262) + panel.offence(208) + panel.label("label.group", _WEST),
        "d": panel.offence(_WEST) + panel.arrow(98, 190) + waves + panel.label("label.effects", _EAST),
    }  # fmt: skip
    panels = "".join(_panel_item(letter, panel.states() + drawing, texts) for letter, drawing in drawings.items())
    return Markup(  # noqa: S704 - labels are escaped, `html` is rendered by `inline`
        f'<figure class="cases" aria-label="{escape(texts.plain["alt"])}">'
        f'<ul class="four" aria-label="{escape(texts.plain["title"])}">{panels}</ul>'
        f"<figcaption>{texts.html['caption']}</figcaption></figure>"
    )


def _panel_item(letter: str, drawing: str, texts: FigureTexts) -> str:
    name = f"{FOUR_CASES}-{letter}"
    return (
        f'<li><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}">{drawing}</svg>'
        f'<p id="{name}">{texts.html[f"panel.{letter}"]}</p></li>'
    )


_DRAWINGS: Mapping[str, Callable[[FigureTexts, _Panel], Markup]] = {FOUR_CASES: _four_cases}
