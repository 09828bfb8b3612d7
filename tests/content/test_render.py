"""Lessons as HTML: the English tree with translated text, and what happens where a translation is missing."""

import re
from pathlib import Path

import pytest
from markupsafe import Markup

from elearn.content.course import load_course
from elearn.content.model import Translation
from elearn.content.reading import Edition
from elearn.content.render import RenderedQuestion, render_blocks, render_lesson, render_question, render_text
from tests.content.course_files import BODY, FRONT, write_course

MISSING = Markup('<p class="fb-note">missing</p>')
OUTDATED = Markup('<p class="fb-note">outdated</p>')
ENGLISH = Edition("en", "ltr")
ARABIC = Edition("ar", "rtl", MISSING, OUTDATED, glossary_href="/g", media_href="/m/")
UNTOC = load_course(Path(__file__).parents[2] / "modules/untoc")
GOLD = UNTOC.lesson("convention", "transnational-offence")


@pytest.fixture
def lesson(tmp_path):
    return load_course(write_course(tmp_path)).lesson("start", "first")


def translated(lesson, **changes):
    """Arabic for every unit: its words in Arabic letters; `changes` by English text: None takes one away."""
    texts = {unit.context: Translation(arabic(unit.text)) for unit in lesson.units()}
    for unit in lesson.units():
        if unit.text in changes:
            texts.pop(unit.context)
            if changes[unit.text] is not None:
                texts[unit.context] = changes[unit.text]
    return texts


def arabic(text):
    return re.sub(r"[A-Za-z]+", "كلمة", text)


def prose(rendered):
    return "".join(part for part in rendered.parts if not isinstance(part, RenderedQuestion))


def questions(rendered):
    return [part for part in rendered.parts if isinstance(part, RenderedQuestion)]


def test_english_needs_no_translation_and_has_no_marks(lesson):
    rendered = render_lesson(lesson, {}, ENGLISH)
    html = prose(rendered)
    assert "data-fallback" not in html
    assert "lang=" not in html
    assert (rendered.missing, rendered.outdated) == (0, 0)
    assert '<p class="open">A paragraph with <strong>bold</strong> and a <a href="second">link</a>.</p>' in html
    assert "<ul><li>one</li><li>two</li></ul>" in html


def test_the_title_is_no_part_of_the_body(lesson):
    rendered = render_lesson(lesson, {}, ENGLISH)
    assert rendered.title.plain == "First lesson"
    assert "<h1" not in prose(rendered)
    assert [text.plain for text in rendered.objectives] == ["tell a from b"]


def test_the_first_paragraph_that_is_no_remark_opens_the_lesson(lesson):
    html = prose(render_lesson(lesson, {}, ENGLISH))
    assert "<p><em>Invented.</em></p>" in html
    assert re.findall('<p class="open">(.{11})', html) == ["A paragraph"]


def test_questions_stand_between_the_runs_of_prose(lesson):
    kinds = [type(part).__name__ for part in render_lesson(lesson, {}, ENGLISH).parts]
    assert kinds == ["Markup", "RenderedQuestion"]


def test_a_whole_translation_shows_no_english_and_no_fallback(lesson):
    rendered = render_lesson(lesson, translated(lesson), ARABIC)
    assert "data-fallback" not in prose(rendered)
    assert not re.search("[a-z]{3}", re.sub("<[^>]*>", "", prose(rendered)))
    assert questions(rendered)[0].fallback == ""


def test_a_missing_block_stands_in_english_with_its_language_under_a_strip_in_the_pages(lesson):
    rendered = render_lesson(lesson, translated(lesson, **{"*Invented.*": None}), ARABIC)
    assert (
        f'<div class="fb">{MISSING}<div lang="en" dir="ltr" data-fallback="missing"><p><em>Invented.</em></p></div></div>'
        in prose(rendered)
    )
    assert rendered.missing == 1


def test_neighbours_that_are_missing_share_one_strip(lesson):
    html = prose(render_lesson(lesson, {}, ARABIC))
    assert html.count("fb-note") == 1
    assert html.count('data-fallback="missing"') == 1


def test_an_outdated_block_keeps_its_translation_under_its_strip(lesson):
    texts = translated(lesson, **{"*Invented.*": Translation("*قديم.*", True)})
    rendered = render_lesson(lesson, texts, ARABIC)
    assert f'<div class="fb">{OUTDATED}<div data-fallback="outdated"><p><em>قديم.</em></p></div></div>' in prose(
        rendered
    )
    assert rendered.outdated == 1


def test_an_outdated_block_may_have_the_structure_of_the_older_english(lesson):
    texts = translated(lesson, **{"*Invented.*": Translation("قديم.", True)})
    assert "<p>قديم.</p>" in prose(render_lesson(lesson, texts, ARABIC))


def test_one_missing_item_of_a_list_is_marked_alone(lesson):
    html = prose(render_lesson(lesson, translated(lesson, two=None), ARABIC))
    assert (
        f'<div class="fb">{MISSING}<div><ul><li>كلمة</li><li lang="en" dir="ltr" data-fallback="missing">two</li></ul></div>'
        in html
    )


def test_a_missing_title_says_its_language(lesson):
    title = render_lesson(lesson, translated(lesson, **{"First lesson": None}), ARABIC).title
    assert (title.plain, title.lang, title.direction, title.fallback) == ("First lesson", "en", "ltr", "missing")
    assert title.attributes == ' lang="en" dir="ltr" data-fallback="missing"'


@pytest.mark.parametrize("text", ["That one.", "No, the other.", "Which is it?"])
@pytest.mark.parametrize("state", ["missing", "outdated"])
def test_a_question_falls_back_whole(lesson, text, state):
    change = None if state == "missing" else Translation("كلمة", True)
    (question,) = questions(render_lesson(lesson, translated(lesson, **{text: change}), ARABIC))
    assert (question.stem, question.options[0].html) == ("Which is it?", "This one.")
    assert (question.lang, question.direction, question.fallback) == ("en", "ltr", state)
    assert question.attributes == f' lang="en" dir="ltr" data-fallback="{state}"'
    assert question.notice == (MISSING if state == "missing" else OUTDATED)


@pytest.mark.parametrize("hostile", [
    "<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](https://evil.example/)", "[x][1]", "**x**",
    "*كلمة* <b>x</b>", "![x](https://evil.example/p.png)", "*a*\n\n*b*", "",
])  # fmt: skip
@pytest.mark.parametrize("is_outdated", [True, False])
def test_a_hostile_translation_costs_no_more_than_english(lesson, hostile, is_outdated):
    texts = {unit.context: Translation(hostile, is_outdated) for unit in lesson.units()}
    rendered = render_lesson(lesson, texts, ARABIC)
    (question,) = questions(rendered)
    everything = f"{rendered.title.html}{prose(rendered)}{question.stem}"
    everything += "".join(option.html for option in question.options)
    for sign in ("<script", 'javascript:alert(1)"', 'evil.example/"', "<b>", "<img"):
        assert sign not in everything
    assert not re.search(r'href="(?!second")', everything)


def test_a_translation_with_another_structure_is_not_shown(lesson):
    texts = translated(lesson, **{"*Invented.*": Translation("**مزعوم**")})
    assert "مزعوم" not in prose(render_lesson(lesson, texts, ARABIC))


def test_answers_and_feedback_are_not_in_what_a_template_gets():
    for lesson in UNTOC.lessons():
        shown = repr(render_lesson(lesson, {}, ENGLISH))
        for question in lesson.questions:
            for inner in (question, *question.parts):
                for choice in inner.choices:
                    assert choice.feedback.text not in shown
        assert "is_right" not in shown
        assert "answer=" not in shown


def test_steps_stand_neither_in_the_right_order_nor_under_telling_names():
    found = 0
    for lesson in UNTOC.lessons():
        for question in lesson.questions:
            if question.kind == "ordering":
                found += 1
                names = [line.id for line in render_question(question, {}, ENGLISH).lines]
                assert names != [line.field for line in question.lines]
                assert not {"s1", "s2"} & set(names)
    assert found


def test_a_form_decides_the_order_of_options():
    question = GOLD.question("q1")
    form = {"id": "q1", "order": ["c", "a", "d", "b"], "parts": []}
    assert [option.id for option in render_question(question, {}, ENGLISH, form).options] == ["c", "a", "d", "b"]


def test_a_form_decides_the_order_of_targets_and_of_a_cases_options():
    matching = render_question(GOLD.question("q3"), {}, ENGLISH, {"id": "q3", "order": ["none", "d"], "parts": []})
    assert [target.id for target in matching.targets] == ["none", "d", "a", "b", "c"]
    part = {"id": "q4b", "order": ["c", "b", "a"], "parts": []}
    case = render_question(GOLD.question("q4"), {}, ENGLISH, {"id": "q4", "order": [], "parts": [part]})
    assert [option.id for option in case.parts[1].options] == ["c", "b", "a"]


def test_links_become_addresses_of_the_site(tmp_path):
    links = "[a](glossary:1) [b](02-second.md#x) [c](https://example.org/) [d](#here) ![e](../glossary.toml)"
    folder = write_course(tmp_path, {"01-start/01-first.md": FRONT + BODY.replace("[link](02-second.md)", links)})
    lesson = load_course(folder).lesson("start", "first")
    html = prose(render_lesson(lesson, translated(lesson), ARABIC))
    assert re.findall(r'(?:href|src)="([^"]*)"', html) == [
        "/g#term-1", "second#x", "https://example.org/", "#here", "/m/../glossary.toml",
    ]  # fmt: skip


def test_a_link_to_another_module_drops_the_numbers_of_files():
    assert ENGLISH.address("../03-convention/04-transnational-offence.md") == "../convention/transnational-offence"


STRUCTURES = """
# First lesson

1. one
2. two
   - nested

> quoted

| Name | Count |
|---|--:|
| a | 1 |
| | 2 |

```
x < y
```

---
"""


def test_every_kind_of_block_has_its_element(tmp_path):
    folder = write_course(tmp_path, {"01-start/01-first.md": FRONT + STRUCTURES})
    html = prose(render_lesson(load_course(folder).lesson("start", "first"), {}, ENGLISH))
    assert "<ol><li>one</li><li>two<ul><li>nested</li></ul></li></ol>" in html
    assert "<blockquote><p" in html
    assert '<th role="columnheader" scope="col" class="n">Count</th>' in html
    assert '<td role="cell" data-l="Count" class="n">1</td>' in html
    assert '<td role="cell" data-l="Name"></td>' in html
    assert '<pre dir="ltr"><code>x &lt; y\n</code></pre>' in html
    assert "<hr>" in html


def test_an_empty_page_and_a_single_text_can_be_rendered():
    final = UNTOC.assessment("final")
    assert render_blocks((), {}, ENGLISH) == ""
    assert render_blocks(final.intro, {}, ENGLISH).startswith("<p")
    assert render_text(final.title, {}, ARABIC).fallback == "missing"


def test_the_figure_is_mirrored_by_coordinates_in_arabic():
    english = _figure(render_lesson(GOLD, {}, ENGLISH))
    right_to_left = _figure(render_lesson(GOLD, translated(GOLD), ARABIC))
    assert "scale" not in right_to_left
    assert _centres(right_to_left) == [300 - x for x in _centres(english)]
    assert "كلمة 1" in right_to_left


def test_a_figure_with_a_text_missing_is_english_and_not_mirrored():
    rendered = render_lesson(GOLD, translated(GOLD, planning=None), ARABIC)
    assert _centres(_figure(rendered)) == _centres(_figure(render_lesson(GOLD, {}, ENGLISH)))
    assert re.search(r'data-fallback="missing"><figure', prose(rendered))


def _figure(rendered):
    return re.search("<figure.*?</figure>", prose(rendered), re.DOTALL)[0]


def _centres(figure):
    return [int(x) for x in re.findall(r'<text[^>]* x="(\d+)"', figure)]


def test_rendering_costs_each_text_at_most_a_fixed_number_of_parses(monkeypatch):
    from elearn.content import inline

    calls = []
    parse = inline.parse
    monkeypatch.setattr(inline, "parse", lambda text, env: calls.append(text) or parse(text, env))
    inline.signature.cache_clear()
    render_lesson(GOLD, translated(GOLD), ARABIC)
    with_markup = [unit for unit in GOLD.units() if "*" in unit.text]
    assert len(calls) <= 4 * len(with_markup)
