"""Drawings."""

import re
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from elearn.content.figures import TEXTS_BY_FIGURE, WIDTH, FigureTexts, draw_figure

NAMES = TEXTS_BY_FIGURE["F07"]


def texts(value="{}"):
    plain = {name: value.format(name) for name in NAMES}
    return FigureTexts({name: Markup.escape(text) for name, text in plain.items()}, plain)


@pytest.mark.parametrize("is_rtl", [False, True])
def test_a_figure_is_well_formed_and_stays_inside_its_panels(is_rtl):
    figure = ElementTree.fromstring(str(draw_figure("F07", texts(), is_rtl=is_rtl)))
    rects = figure.findall(".//rect")
    assert len(rects) == 8
    for rect in rects:
        assert 0 <= int(rect.get("x")) <= WIDTH - int(rect.get("width"))
    for text in figure.findall(".//text"):
        assert 0 < int(text.get("x")) < WIDTH


def test_each_panel_is_an_image_named_by_its_text_and_the_figure_by_its_alternative():
    figure = ElementTree.fromstring(str(draw_figure("F07", texts(), is_rtl=False)))
    assert figure.get("aria-label") == "alt"
    for svg in figure.findall(".//svg"):
        assert svg.get("role") == "img"
        assert figure.find(f".//p[@id='{svg.get('aria-labelledby')}']") is not None


def test_every_text_is_shown_or_spoken():
    figure = str(draw_figure("F07", texts("<{}>"), is_rtl=False))
    assert {name for name in NAMES if f"&lt;{name}&gt;" in figure} == NAMES


def test_labels_are_escaped():
    figure = str(draw_figure("F07", texts('"><script>{}'), is_rtl=True))
    assert "<script" not in figure
    assert not re.search(r'aria-label=""', figure)


def test_shapes_are_mirrored_in_place_and_not_only_the_labels():
    left, right = (str(draw_figure("F07", texts(), is_rtl=is_rtl)) for is_rtl in (False, True))
    starts = [re.findall(r' d="M(\d+)', figure) for figure in (left, right)]
    assert [WIDTH - int(x) for x in starts[0]] == [int(x) for x in starts[1]]
    edges = [sorted(int(x) for x in re.findall(r'<rect[^>]* x="(\d+)"', figure)) for figure in (left, right)]
    assert edges[0] == edges[1]


def test_a_figure_that_is_not_drawn_is_a_key_error():
    with pytest.raises(KeyError):
        draw_figure("F99", texts(), is_rtl=False)
