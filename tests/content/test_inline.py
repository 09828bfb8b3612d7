"""Inline Markdown: normal form, HTML, structure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.inline import integrity, is_safe_target, normalise, parse, plain, render, renumber, word_count

MARKDOWN = st.text(alphabet="ab *_`[]()!\\<>&'1\n", max_size=40)


@pytest.mark.parametrize(
    ("written", "normal", "references"),
    [
        ("plain 'text' & <", "plain 'text' & <", ()),
        ("soft\nbreak", "soft break", ()),
        ("hard  \nbreak", "hard\\\nbreak", ()),
        ("hard\\\nbreak", "hard\\\nbreak", ()),
        ("_em_ and __strong__", "*em* and **strong**", ()),
        ("`a * b`", "`a * b`", ()),
        ("`` a`b ``", "``a`b``", ()),
        ("2 \\* 3 and [x]", "2 \\* 3 and \\[x\\]", ()),
        ("[one](a.md) [two](b.md) [three](a.md)", "[one][1] [two][2] [three][1]", ("a.md", "b.md")),
        ("![alt *x*](img/p.png)", "![alt *x*][1]", ("img/p.png",)),
        ("&amp; stays", "&amp; stays", ()),
        ("<https://example.org>", "<https://example.org>", ()),
        ("e\u0301", "\u00e9", ()),
    ],
)
def test_the_normal_form_is_one_for_all_ways_to_write_it(written, normal, references):
    found = normalise(written)
    assert (found.text, found.references, found.is_stable) == (normal, references, True)


def test_link_definitions_of_the_page_are_followed():
    assert normalise("[one][x]", {"X": {"href": "a.md", "title": ""}}).references == ("a.md",)


def test_emphasis_that_cannot_be_written_in_normal_form_is_reported():
    assert not normalise("*a*_b_").is_stable


@given(MARKDOWN)
def test_the_normal_form_of_a_normal_form_is_itself(text):
    found = normalise(text)
    if found.is_stable and not found.references:
        assert normalise(found.text).text == found.text


@given(MARKDOWN)
def test_the_normal_form_is_rendered_as_the_author_wrote_it(text):
    found = normalise(text)
    if found.is_stable and found.has_alt_texts:
        assert integrity(found.text, found.text) == []
        references = {str(n): {"href": href, "title": ""} for n, href in enumerate(found.references, 1)}
        assert _words(text.strip(), {}) == _words(found.text, {"references": references})


def _words(text, env):
    return "".join(" " if t.type == "softbreak" else t.content for t in parse(text, env) if t.type != "image")


@given(st.text(max_size=60))
def test_no_text_reaches_the_page_as_markup_of_its_own(text):
    html = str(render(text))
    for tag in ("<em>", "</em>", "<strong>", "</strong>", "<br>", '<code dir="ltr">', "</code>"):
        html = html.replace(tag, "")
    assert "<" not in html
    assert ">" not in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](https://evil.example/)",
        "![x](https://evil.example/x.png)",
        "<https://evil.example/>",
        '<img src=x onerror="alert(1)">',
        "[x][7]",
        "&lt;script&gt;",
        '"><svg onload=alert(1)>',
        "[x]: https://evil.example/",
    ],
)
def test_a_hostile_translation_makes_no_element(hostile):
    html = str(render(hostile, ("a.md",)))
    assert not set("<>") & set(html)


def test_links_lead_to_the_targets_of_the_source_alone():
    assert render("[كلمة][1]", ("b.md",)) == '<a href="b.md">كلمة</a>'
    assert render("[t][1]", ("glossary:69",), lambda target: f"/g#{target[9:]}") == '<a class="term" href="/g#69">t</a>'
    assert render("[x][1]", ("javascript:alert(1)",)) == "x"


def test_an_address_is_escaped():
    assert render("[x][1]", ('a"b.md',)) == '<a href="a&#34;b.md">x</a>'
    assert render("[x][1]", ("a.md",), lambda _target: '"><b>') == '<a href="&#34;&gt;&lt;b&gt;">x</a>'


def test_the_typewriter_apostrophe_is_printed_as_a_typographic_one_except_in_code():
    assert render("l'État") == "l’État"
    assert render("*l'État* `d'x`") == '<em>l’État</em> <code dir="ltr">d&#39;x</code>'
    assert plain("**l'État**") == "l’État"


@pytest.mark.parametrize(
    ("source", "target", "count"),
    [
        ("**a** b", "**أ** ب", 0),
        ("*a* **b**", "**b** *a*", 0),
        ("Use **bold** and **more**.", "Utilisez **gras** et encore.", 1),
        ("a", "**a**", 1),
        ("`x`", "`y`", 2),
        ("[a][1] [b][2]", "[b][2] [a][1]", 0),
        ("[a][1] [b][2]", "[a][1] [b][1]", 2),
        ("[a][1]", "[a] [1]", 1),
        ("[a][1]", "[1][]", 1),
        ("`][1]` [a][1]", "`][1]` [أ][1]", 0),
        ("[a][1]", "[a](https://evil.example)", 2),
        ("![a][1]", "![ا][1]", 0),
        ("![a][1]", "[a][1]", 2),
        ("a\\\nb", "a b", 1),
        ("**word**", "و**«كلمة»** أخرى", 1),
    ],
)
def test_a_translation_must_hold_the_same_markup_as_often(source, target, count):
    assert len(set(integrity(source, target))) == count


def test_an_order_of_links_is_mended_where_the_targets_are_the_same():
    assert renumber("[b][1] [a][2]", ("b.md", "a.md"), ("a.md", "b.md")) == "[b][2] [a][1]"
    assert renumber("[b][1]", ("b.md",), ("a.md",)) == "[b][1]"


def test_words_are_what_holds_a_letter_or_a_digit():
    assert word_count("**Two** – [words and 4 more][1] …") == 5


@pytest.mark.parametrize(
    "target", ["https://a.b/", "http://a.b/", "mailto:a@b.c", "glossary:1", "a.md", "../b/c.md#d", "#e"]
)
def test_a_target_may_be_on_the_web_or_beside_the_page(target):
    assert is_safe_target(target)


@pytest.mark.parametrize(
    "target", ["javascript:x", "data:x", "file:///etc", "//evil", "/abs", "\\\\evil", "http://[bad", "vbscript:x"]
)
def test_any_other_target_is_refused(target):
    assert not is_safe_target(target)
