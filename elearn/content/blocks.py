"""Prose of a page: CommonMark with tables, cut into blocks with one unit per leaf."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from elearn.content.inline import PARSER
from elearn.content.model import Block, BlockKind
from elearn.content.source import Section
from elearn.content.units import UnitMaker

_CONTAINERS: dict[str, BlockKind] = {
    "bullet_list": "list", "ordered_list": "ordered", "list_item": "item", "blockquote": "quote",
    "table": "table", "tr": "row",
}  # fmt: skip
_LEAVES: dict[str, BlockKind] = {"heading": "heading", "paragraph": "paragraph", "th": "cell", "td": "cell"}
_UNIT_KINDS = {"heading": "heading", "paragraph": "paragraph", "th": "table heading", "td": "table cell"}
_ALIGNMENT = re.compile(r"text-align:(\w+)")


def read_blocks(section: Section, maker: UnitMaker) -> list[Block]:
    """The blocks of a run of prose. The maker's `place` follows the headings."""
    env: dict[str, Any] = {}
    tokens = _block_tokens("\n".join(line for _number, line in section.lines), env)
    maker.definitions = env.get("references", {})
    first_line = section.lines[0][0]
    return [_block(node, maker, first_line, "") for node in SyntaxTreeNode(tokens).children]


def _block_tokens(text: str, env: dict[str, Any]) -> list[Token]:
    """Tokens of the block structure alone: inline content is read later, and only where it holds markup."""
    tokens: list[Token] = []
    PARSER.block.parse(text, PARSER, env, tokens)
    return tokens


def _block(node: SyntaxTreeNode, maker: UnitMaker, first_line: int, inside: str) -> Block:
    line = first_line + (node.map[0] if node.map else 0)
    if kind := _LEAVES.get(node.type):
        return _leaf(kind, node, maker, line, inside)
    if kind := _CONTAINERS.get(node.type):
        children = [_block(child, maker, first_line, node.type) for child in _children(node)]
        return Block(kind, line, children=tuple(children), level=int(node.attrs.get("start", 1)))
    if node.type in ("fence", "code_block"):
        return Block("code", line, code=node.content)
    return Block("rule", line)


def _leaf(kind: BlockKind, node: SyntaxTreeNode, maker: UnitMaker, line: int, inside: str) -> Block:
    text = node.children[0].content if node.children else ""
    level = int(node.tag[1]) if kind == "heading" else 0
    unit = None
    if kind == "heading":
        maker.place = ""
    if level == 1:
        unit = maker.named("title", "title", text, line)
    elif text or kind != "cell":
        unit = maker.block("list item" if inside == "list_item" else _UNIT_KINDS[node.type], text, line)
    if level > 1 and unit:
        maker.place = unit.text
    align = _ALIGNMENT.search(str(node.attrs.get("style", "")))
    return Block(kind, line, unit, level=level, align=align[1] if align else "", is_header=node.type == "th")


def _children(node: SyntaxTreeNode) -> Sequence[SyntaxTreeNode]:
    """The children, with the rows of a table's head and body side by side."""
    if node.type == "table":
        return [row for group in node.children for row in group.children]
    return node.children
