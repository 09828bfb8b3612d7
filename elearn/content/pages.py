"""One page: a lesson or the pool of an assessment, from the bytes of its file."""

from dataclasses import dataclass

from elearn.content.blocks import read_blocks
from elearn.content.faults import FaultLog
from elearn.content.model import Block, Question, Source, Unit
from elearn.content.questions import read_figure, read_question
from elearn.content.source import Page, Section, cut_page
from elearn.content.units import LockedNames, Names, UnitMaker, stale_lock
from elearn.content.values import Values

LESSON_KEYS = ("id", "minutes", "lang", "objectives", "terms_introduced", "terms_used", "figure", "invented", "sources")
ASSESSMENT_KEYS = ("id", "lang", "objectives")


@dataclass(frozen=True, slots=True)
class Draft:
    """A page read but not yet judged: its front matter, title, objectives and blocks (headings of level 1 too)."""

    front: Values
    title: Unit
    objectives: tuple[Unit, ...]
    blocks: tuple[Block, ...]
    digest: str
    log: FaultLog

    @property
    def body(self) -> tuple[Block, ...]:
        """The blocks without the title."""
        return tuple(block for block in self.blocks if block.level != 1 or block.kind != "heading")

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions in the order of the page."""
        return tuple(block.question for block in self.blocks if block.question)

    def sources(self) -> tuple[Source, ...]:
        """The sources of the claims; a page without any has a fault."""
        return tuple(
            Source(values.string("claim"), values.string("place"), values.string("facts"))
            for values in self.front.tables("sources")
        )


def parse_page(data: bytes, page_id: str, names: Names, log: FaultLog) -> Draft:
    """Read a page from its bytes; faults of form go to `log`."""
    page = cut_page(data, log)
    front = Values(page.front, log, data.decode("utf-8", "replace"))
    maker = UnitMaker(page_id, log, names, graded=page_id.startswith("assessments/"), title=_title_text(page))
    line = front.line("objectives")
    objectives = tuple(maker.block("objective", text, line) for text in front.strings("objectives"))
    blocks = tuple(block for section in page.sections for block in _section_blocks(section, maker))
    if isinstance(names, LockedNames) and not maker.is_stale and not names.is_spent():
        stale_lock(log, 1)
    return Draft(front, _title(blocks, maker), objectives, blocks, page.digest, log)


def _title_text(page: Page) -> str:
    for section in page.sections:
        for _number, line in section.lines if section.marker is None else ():
            if line.startswith("# "):
                return line[2:].strip()
    return ""


def _title(blocks: tuple[Block, ...], maker: UnitMaker) -> Unit:
    """The unit of the one heading of level 1, which must come first."""
    titles = [block.unit for block in blocks if block.kind == "heading" and block.level == 1 and block.unit]
    if len(titles) != 1 or blocks[0].level != 1:
        line = titles[1].line if len(titles) > 1 else 1
        maker.log.add(line, "title-count", f"The page has {len(titles)} titles, or text before its title.",
                      "Begin the text with one line “# Title” and use ## below it.")  # fmt: skip
    return titles[0] if titles else Unit(f"{maker.page}#title", "", "title", maker.log.file, 1)


def _section_blocks(section: Section, maker: UnitMaker) -> list[Block]:
    word = (section.marker or "").split(" ", 1)[0]
    if section.marker is None:
        return read_blocks(section, maker)
    if word == "figure":
        return [Block("figure", section.line, figure=read_figure(section, maker))]
    if word == "question":
        question = read_question(section, maker)
        return [Block("question", section.line, question=question)] if question else []
    maker.log.add(section.line, "unknown-block", f"There is no block of kind “{word}”.", "Use question or figure.")
    return []
