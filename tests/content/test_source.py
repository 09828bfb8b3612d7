"""Cutting pages, and reading values."""

from hypothesis import given
from hypothesis import strategies as st

from elearn.content.faults import FaultLog
from elearn.content.pages import parse_page
from elearn.content.source import cut_page
from elearn.content.units import CountedNames

PAGE = "+++\nid = 'x'\n+++\n# T\n\nProse.\n::: question q\nline\n:::: part p\ninner\n::::\nlast\n:::\nMore.\n"


def test_a_page_is_cut_into_prose_and_marked_blocks_with_their_lines():
    page = cut_page(PAGE.encode(), FaultLog("x.md"))
    assert page.front == {"id": "x"}
    assert [(section.marker, section.line) for section in page.sections] == [(None, 4), ("question q", 7), (None, 14)]
    block = page.sections[1]
    assert block.lines == [(8, "line"), (12, "last")]
    assert [(part.marker, part.lines) for part in block.parts] == [("part p", [(10, "inner")])]


def test_the_digest_is_that_of_the_bytes():
    assert cut_page(b"+++\n+++\n", FaultLog("x")).digest != cut_page(b"+++\r\n+++\r\n", FaultLog("x")).digest


def test_line_ends_and_a_byte_order_mark_do_not_matter():
    log = FaultLog("x.md")
    page = cut_page(("\ufeff" + PAGE).replace("\n", "\r\n").encode(), log)
    assert log.faults == []
    assert [section.marker for section in page.sections] == [None, "question q", None]


@given(
    st.lists(
        st.sampled_from([*PAGE.split("\n"), "- [x] a. A", "  > f", "targets:", "a = b", "::: figure F07", "| a |"])
    )
)
def test_any_sequence_of_lines_is_read_with_faults_at_worst(lines):
    log = FaultLog("x.md")
    parse_page("\n".join(lines).encode(), "m/x", CountedNames(), log)
    assert all(1 <= fault.line <= len(lines) + 1 and fault.mend for fault in log.faults)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_with_faults_at_worst(data):
    log = FaultLog("x.md")
    parse_page(data, "m/x", CountedNames(), log)
    assert log.faults
