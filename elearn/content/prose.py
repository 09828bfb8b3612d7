"""Prose as HTML: English block trees with the inline text of one language, fallback block by block."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from elearn.content.figures import FigureTexts, draw_figure
from elearn.content.model import Block
from elearn.content.reading import Reader, State, fallback_attributes

FURTHER_READING = "Further reading"


def opening_paragraph(blocks: Sequence[Block]) -> Block | None:
    """The first paragraph that is not a remark in italics."""
    for block in blocks:
        if block.kind == "paragraph" and block.unit and not _is_remark(block.unit.text):
            return block
    return None


def _is_remark(text: str) -> bool:
    return text.startswith("*") and text.endswith("*") and text.count("*") == 2


@dataclass(frozen=True, slots=True)
class Prose:
    """Renders prose blocks. Neighbours that fall back alike share one box and one strip."""

    reader: Reader
    opening: Block | None

    def html(self, blocks: Iterable[Block]) -> Markup:
        """The HTML of consecutive blocks."""
        out: list[str] = []
        for (state, is_mixed), group in groupby(blocks, key=self._fallback):
            tree = _Tree(self.reader, state == "missing", is_mixed, self.opening)
            html = "\n".join(tree.block(block) for block in group)
            out.append(self._boxed(html, state, is_mixed) if state else html)
        return Markup("\n".join(out))  # noqa: S704 - every text in it is rendered by `inline` or escaped

    def _fallback(self, block: Block) -> tuple[State, bool]:
        """(worst state in the block, whether its texts differ in state so that each says its own)."""
        states = {self.reader.state(unit) for unit in block.units()}
        return self.reader.worst(block.units()), len(states) > 1 and block.figure is None

    def _boxed(self, html: str, state: State, is_mixed: bool) -> str:
        attributes = "" if is_mixed else fallback_attributes(state)
        return f'<div class="fb">{self.reader.edition.notice(state)}<div{attributes}>{html}</div></div>'


@dataclass(frozen=True, slots=True)
class _Tree:
    """Renders one block tree, all in one state or (`is_mixed`) each text in its own."""

    reader: Reader
    in_english: bool
    is_mixed: bool
    opening: Block | None

    def block(self, block: Block) -> str:
        """The HTML of one block."""
        match block.kind:
            case "heading":
                return self._heading(block)
            case "paragraph":
                css = ' class="open"' if block is self.opening else ""
                return self._leaf("p", block, css)
            case "list":
                return f"<ul>{self._children(block)}</ul>"
            case "ordered":
                start = f' start="{block.level}"' if block.level != 1 else ""
                return f"<ol{start}>{self._children(block)}</ol>"
            case "item":
                return self._item(block)
            case "quote":
                return f"<blockquote>{self._children(block)}</blockquote>"
            case "table":
                return self._table(block)
            case "figure":
                return self._figure(block)
            case "code":
                return f'<pre dir="ltr"><code>{escape(block.code)}</code></pre>'
            case _:
                return "<hr>"

    def _figure(self, block: Block) -> str:
        """A figure falls back whole: two languages in one drawing help nobody."""
        figure = block.figure
        assert figure is not None
        html = {name: self.reader.html(unit, in_english=self.in_english) for name, unit in figure.texts}
        plain = {name: self.reader.plain(unit, in_english=self.in_english) for name, unit in figure.texts}
        is_rtl = self.reader.edition.direction == "rtl" and not self.in_english
        return str(draw_figure(figure.code, FigureTexts(html, plain), is_rtl=is_rtl))

    def _children(self, block: Block) -> str:
        return "".join(self.block(child) for child in block.children)

    def _leaf(self, tag: str, block: Block, attributes: str = "") -> str:
        html, own = self._text(block)
        return f"<{tag}{attributes}{own}>{html}</{tag}>"

    def _text(self, block: Block) -> tuple[Markup, Markup]:
        """The text of a leaf and its own fallback attributes."""
        if block.unit is None:
            return Markup(""), Markup("")
        if not self.is_mixed:
            return self.reader.html(block.unit, in_english=self.in_english), Markup("")
        text = self.reader.rendered(block.unit)
        return text.html, text.attributes

    def _heading(self, block: Block) -> str:
        assert block.unit is not None
        css = ' class="src"' if block.unit.text == FURTHER_READING else ""
        anchor = block.unit.context.partition("#")[2]
        return self._leaf(f"h{block.level}", block, f' id="u-{anchor}"{css}')

    def _item(self, block: Block) -> str:
        """A list item; its only paragraph, or its first one before a list inside it, needs no `<p>`."""
        first, rest = block.children[:1], block.children[1:]
        if first and first[0].kind == "paragraph" and all(child.kind in ("list", "ordered") for child in rest):
            html, own = self._text(first[0])
            return f"<li{own}>{html}{''.join(self.block(child) for child in rest)}</li>"
        return f"<li>{self._children(block)}</li>"

    def _table(self, block: Block) -> str:
        """With explicit roles, which the changed `display` on a narrow screen would else take away, and with the
        heading of its column on each cell, for the same screen."""
        head, *rows = block.children
        labels = [self.reader.rendered(cell.unit).plain if cell.unit else "" for cell in head.children]
        body = "".join(self._row(row, labels) for row in rows)
        return (
            f'<div class="tbl"><table role="table"><thead role="rowgroup">{self._row(head, labels)}</thead>'
            f'<tbody role="rowgroup">{body}</tbody></table></div>'
        )

    def _row(self, row: Block, labels: Sequence[str]) -> str:
        cells = []
        for cell, label in zip(row.children, labels, strict=True):
            css = ' class="n"' if cell.align == "right" else ""
            if cell.is_header:
                cells.append(self._leaf("th", cell, f' role="columnheader" scope="col"{css}'))
            else:
                cells.append(self._leaf("td", cell, f' role="cell" data-l="{escape(label)}"{css}'))
        return f'<tr role="row">{"".join(cells)}</tr>'
