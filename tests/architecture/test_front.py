"""House rules of style sheets, scripts and templates, and the component page in both directions."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from flask.testing import FlaskClient
from jinja2 import nodes
from markupsafe import Markup, escape

from elearn.accounts.models import Person
from elearn.settings import Settings
from elearn.web.assets import ENTRY_SCRIPTS, join_script
from elearn.web.samples import samples
from tests.conftest import Installation
from tests.factories import make_account, sign_in

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "elearn" / "static"
SHEETS = sorted(STATIC.glob("*.css"))
PAGES = sorted(p for p in TEMPLATES.rglob("*.html") if "emails" not in p.parts)
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))

DEVELOPMENT_ONLY = {"component_page.html"}
SAME_EVERYWHERE = {"elearn", "PDF", "XX", "XXXX"}  # the brand, a format, the shape of a certificate's number
TRANSLATORS = {"_", "gettext", "ngettext", "pgettext", "npgettext"}

# foreground, background, least contrast: WCAG 2.2, 1.4.3 (text 4.5) and 1.4.11 (edges of controls 3)
CONTRASTS = [
    ("ink", "paper", 4.5), ("ink", "wash", 4.5), ("ink", "petal", 4.5), ("ink", "sheet", 4.5),
    ("ink", "good-wash", 4.5), ("ink", "bad-wash", 4.5), ("ink", "warn-wash", 4.5),
    ("soft", "paper", 4.5), ("soft", "wash", 4.5), ("soft", "petal", 4.5), ("soft", "sheet", 4.5),
    ("murex", "paper", 4.5), ("murex", "sheet", 4.5), ("murex", "petal", 4.5), ("murex", "wash", 4.5),
    ("murex", "good-wash", 4.5), ("murex-deep", "petal", 4.5), ("on-murex", "murex", 4.5),
    ("on-murex", "murex-deep", 4.5), ("good", "good-wash", 4.5), ("bad", "bad-wash", 4.5), ("bad", "paper", 4.5),
    ("warn", "warn-wash", 4.5), ("on-state", "good", 4.5), ("on-state", "bad", 4.5), ("on-state", "warn", 4.5),
    ("on-state", "ink", 4.5), ("on-saffron", "saffron", 4.5), ("saffron", "cover", 4.5), ("on-cover", "cover", 4.5),
    ("on-cover", "cover-2", 4.5), ("edge", "paper", 3), ("edge", "wash", 3), ("edge", "sheet", 3),
]  # fmt: skip


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


# --- style sheets


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_style_sheets_use_logical_properties_only(sheet: Path) -> None:
    css = re.sub(r"@(?:media|page)[^{]*", "", without_comments(sheet.read_text()))
    physical = re.findall(
        r"[{;\s]((?:[a-z-]+-)?(?:left|right|top|bottom)(?:-[a-z-]+)?|(?:min-|max-)?(?:width|height))\s*:", css
    )
    values = re.findall(r"(?:text-align|float|clear)\s*:\s*(?:left|right)", css)
    assert not physical + values, "write margin-inline-start, inset-block-end, inline-size, text-align:start …"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda p: p.name)
def test_shorthands_do_not_tell_the_sides_of_a_line_apart(sheet: Path) -> None:
    for name, value in re.findall(r"[{;\s](margin|padding|inset)\s*:\s*([^;}]+)", without_comments(sheet.read_text())):
        parts = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", "()", value).split()
        assert len(parts) < 4 or parts[1] == parts[3], f"{name}:{value} – use the -inline-start and -inline-end forms"


def test_style_sheets_and_scripts_keep_their_budgets() -> None:
    assert len((STATIC / "elearn.css").read_bytes()) <= 26_000
    assert len((STATIC / "work.css").read_bytes()) <= 7_000
    modules = {p.name: p.read_text() for p in (STATIC / "js").glob("*.js")}
    scripts = [gzip.compress(join_script(entry, modules).encode()) for entry in ENTRY_SCRIPTS]
    assert sum(map(len, scripts)) <= 6_000


def test_style_sheets_ask_for_nothing_from_elsewhere() -> None:
    assert not [s.name for s in SHEETS if re.search(r"url\(|@import", s.read_text())]


def tokens(scheme: int) -> dict[str, str]:
    """Colours by name; scheme 0 is light, 1 is dark."""
    css = (STATIC / "elearn.css").read_text().partition(":root{")[2].partition("}")[0]
    found = {}
    for name, value in re.findall(r"--([a-z0-9-]+):(light-dark\([^)]*\)|#[0-9a-f]+)", css):
        both = re.findall(r"#[0-9a-f]+", value)
        found[name] = both[scheme] if len(both) > 1 else both[0]
    return found


def luminance(colour: str) -> float:
    """Relative luminance of "#rgb" or "#rrggbb" (WCAG 2.2, glossary)."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_follows_the_formula_of_wcag() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "need"), CONTRASTS)
def test_colours_keep_their_contrast(front: str, back: str, need: float, scheme: int) -> None:
    colours = tokens(scheme)
    assert contrast(colours[front], colours[back]) >= need


def test_every_mode_is_served() -> None:
    css = (STATIC / "elearn.css").read_text()
    for mode in ("forced-colors:active", "@media print", "prefers-reduced-motion", ":focus-visible"):
        assert mode in css


# --- templates


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_templates_hold_no_inline_style_script_or_handler(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", source)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", source))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_template_switches_escaping_off(path: Path) -> None:
    used = re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text())
    assert not used, "what is HTML already comes from Python as Markup"


def visible_text(source: str) -> str:
    """What a template shows by itself: text between tags and the attributes that are read out."""
    plain = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "\0", source, flags=re.DOTALL)
    read_out = re.findall(r'(?:aria-label|alt|title|placeholder|data-[a-z]+-text)="([^"]*)"', plain)
    between = re.sub(r'<[^>]*>|\s[a-z-]+="[^"]*"', " ", plain)  # tags, and attributes that a macro answers
    return " ".join([*read_out, between]).replace("\0", " ")


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_templates_show_no_text_that_nobody_can_translate(path: Path) -> None:
    text = visible_text(path.read_text()).replace("&nbsp;", "")
    words = [w for w in re.findall(r"[^\W\d_]+", text) if w not in SAME_EVERYWHERE]
    assert not words, "write {{ _('…') }}"


def spoken_constants(node: nodes.Node) -> Iterator[str]:
    """Sentence-like string constants outside the calls that translate."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATORS:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        if re.match(r"[A-ZÀ-Þ][a-zà-ÿ]+( [a-z]|[.:?!…]|$)", node.value):
            yield node.value
        return
    for child in node.iter_child_nodes():
        yield from spoken_constants(child)


@pytest.mark.parametrize("path", [p for p in PAGES if name_of(p) not in DEVELOPMENT_ONLY], ids=name_of)
def test_templates_hand_no_untranslated_sentence_to_a_macro(path: Path) -> None:
    assert not list(spoken_constants(jinja2.Environment().parse(path.read_text())))


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_a_component_explains_its_arguments_in_a_comment(path: Path) -> None:
    source = path.read_text()
    assert source.startswith("{#-")
    explained = " ".join(re.findall(r"\{#.*?#\}", source, re.DOTALL))
    for macro in jinja2.Environment().parse(source).find_all(nodes.Macro):
        if macro.name == path.stem:
            missing = [a.name for a in macro.args if not re.search(rf"\b{a.name}\b", explained)]
            assert not missing
            break
    else:
        assert f"{path.stem}" in {"state_square", "mosaic"}, "one macro is named like its file"


# --- the component page


def environment(direction: str) -> jinja2.Environment:
    """The names that a page has, with sentences left as they are."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined, autoescape=True
    )

    def said(message: str, **values: object) -> Markup:
        return escape(message) % {k: escape(v) for k, v in values.items()} if values else Markup(message)

    env.globals |= {
        "_": said,
        "ngettext": lambda one, many, n, **values: said(one if n == 1 else many, n=n, **values),
        "pgettext": lambda context, message, **values: said(message, **values),
        "url": lambda endpoint, **values: f"/{endpoint}",
        "static": lambda name: f"/static/{name}",
        "locale": "ar" if direction == "rtl" else "en",
        "dir": direction,
    }
    return env


class Outline(HTMLParser):
    """Tags, ids and references of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.tags if attribute in a]


@pytest.fixture(params=["en", "ar"])
def outline(request: pytest.FixtureRequest, client: FlaskClient) -> Outline:
    return Outline(client.get(f"/-/components?locale={request.param}").get_data(as_text=True))


def test_ids_of_the_component_page_are_unique(outline: Outline) -> None:
    ids = outline.values("id")
    assert sorted(ids) == sorted(set(ids))


def test_references_of_the_component_page_lead_somewhere(outline: Outline) -> None:
    ids = set(outline.values("id"))
    wanted = [i for a in ("for", "form", "popovertarget") for i in outline.values(a)]
    wanted += [i for a in ("aria-describedby", "aria-labelledby") for v in outline.values(a) for i in v.split()]
    assert not set(wanted) - ids


def test_every_post_form_of_a_component_carries_the_token(outline: Outline) -> None:
    checks = [a for tag, a in outline.tags if tag == "form" and "data-check" in a]
    tokens_found = [a for tag, a in outline.tags if a.get("name") == "csrf_token"]
    assert checks
    assert len(tokens_found) >= len(checks)


def test_no_field_cuts_what_is_pasted(outline: Outline) -> None:
    assert not outline.values("maxlength")


def test_the_enter_key_does_not_change_the_language(outline: Outline) -> None:
    of_form = [a for tag, a in outline.tags if tag == "button" and a.get("form") == "sample"]
    assert of_form[0].get("name") != "switch_locale"
    assert [a["value"] for a in of_form if a.get("name") == "switch_locale"] == ["ar", "en", "fr", "es"]


def test_a_name_cannot_bring_markup_into_the_menu(installation: Installation, client: FlaskClient) -> None:
    with installation.platform.database.transaction() as session:
        person = make_account(session, installation.settings)
        session.get_one(Person, person).full_name = "<script>alert(1)</script>"
    sign_in(client, person)
    html = client.get("/en/about").get_data(as_text=True)
    assert "<script>alert" not in html
    assert "<bdi>&lt;script&gt;" in html


def test_search_engines_get_full_addresses_of_every_language(client: FlaskClient, settings: Settings) -> None:
    found = Outline(client.get("/en/about").get_data(as_text=True))
    links = {a["hreflang"]: a["href"] for tag, a in found.tags if tag == "link" and "hreflang" in a}
    pages = {code: f"{settings.base_url}/{code}/about" for code in ("ar", "en", "fr", "es")}
    assert links == {**pages, "x-default": pages["en"]}


def test_a_question_that_falls_back_says_its_language_and_our_words_say_theirs() -> None:
    question = next(q for q in samples("rtl").questions if q.fallback)
    feedback = samples("rtl").feedback["s1"]
    wrong = replace(feedback, entries=(replace(feedback.entries[0], id="t"),))
    source = "{% from 'components/question.html' import question %}{{ question(q, {}, f) }}"
    html = environment("rtl").from_string(source).render(q=question, f=wrong)
    assert '-stem" lang="en" dir="ltr" data-fallback="missing"' in html
    assert '<b lang="ar" dir="rtl">Not right.</b>' in html


def test_chosen_answers_stay_chosen_and_locked_ones_cannot_change() -> None:
    first, ordering = samples("ltr").questions[0], samples("ltr").questions[4]
    source = "{% from 'components/question.html' import question %}{{ question(q, chosen, locked=true) }}"
    template = environment("ltr").from_string(source)
    chosen = {first.id: ["b"], "o1.l2": ["1"]}
    radios = [a for tag, a in Outline(template.render(q=first, chosen=chosen)).tags if tag == "input"]
    assert [a["value"] for a in radios if "checked" in a] == ["b"]
    assert all("disabled" in a for a in radios)
    options = [a for tag, a in Outline(template.render(q=ordering, chosen=chosen)).tags if tag == "option"]
    assert [a["value"] for a in options if "selected" in a] == ["1"]


def test_a_workspace_page_takes_the_second_sheet_and_its_heading() -> None:
    source = "{% extends 'layouts/workspace.html' %}{% block title %}x{% endblock %}{% block heading %}Y{% endblock %}"
    handed = environment("ltr").from_string(source + "{% block body %}z{% endblock %}").render(cut="|")
    assert "|work|console|" in handed
    assert "<h1>Y</h1>" in handed
    assert 'class="sub"' not in handed
