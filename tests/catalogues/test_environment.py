"""Templates in a language: whatever a translation holds, HTML shows it as text."""

from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from elearn.catalogues.environment import Environments, LocaleEnvironment
from elearn.i18n.locales import ARABIC, FRENCH
from elearn.i18n.messages import Messages, NullMessages

EVIL = "<script>x()</script>\"'&{{ 7*7 }}"
SAFE = "&lt;script&gt;x()&lt;/script&gt;&#34;&#39;&amp;{{ 7*7 }}"


def shown(folder: Path, source: str, messages: Any, file: str = "page.html", **values: Any) -> str:
    (folder / file).write_text(source)
    return LocaleEnvironment(folder, messages).get_template(file).render(values)


@pytest.mark.parametrize(
    "source",
    [
        "{{ _('Save') }}",
        "{{ pgettext('verb', 'Save') }}",
        "{{ _(word) }}",
        "{{ pgettext(place, word) }}",
        "{{ ngettext('Save', 'Saves', 1) }}",
        "{{ _('Save', name='x') }}",
        "{% set t = {1: _('Save')} %}{{ t[1] }}",
        "{% macro m(text) %}{{ text }}{% endmacro %}{{ m(_('Save')) }}",
        "{% filter trim %}{{ _('Save') }}{% endfilter %}",
        "{{ [_('Save')]|join }}",
        "{{ nothing ~ _('Save') }}",
        "{{ _('Save') if true else '' }}",
    ],
)
def test_markup_in_a_translation_is_shown_as_text_in_every_position(source: str, tmp_path: Path) -> None:
    messages = Messages(FRENCH, {"Save": EVIL, "verb\x04Save": EVIL}, {"Save": (EVIL, EVIL)})
    assert shown(tmp_path, source, messages, word="Save", place="verb", nothing="") == SAFE


def test_a_translation_cannot_end_the_attribute_that_it_stands_in(tmp_path: Path) -> None:
    messages = Messages(FRENCH, {"Save": '" onclick="x()'})
    assert shown(tmp_path, '<a title="{{ _("Save") }}">', messages) == '<a title="&#34; onclick=&#34;x()">'


def test_constant_messages_are_folded_when_the_template_is_compiled(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{{ _('Save') }}{{ pgettext('verb', 'Open') }}{{ _('Hello %(n)s', n=1) }}")
    environment = LocaleEnvironment(tmp_path, Messages(FRENCH, {"Save": "Enregistrer", "verb\x04Open": "Ouvrir"}))
    code = environment.compile((tmp_path / "page.html").read_text(), "page.html", raw=True)
    assert "EnregistrerOuvrir" in code
    assert "Hello %(n)s" in code, "what gets values is translated when it is shown"


def test_in_plain_text_nothing_is_escaped(tmp_path: Path) -> None:
    messages = Messages(FRENCH, {"Save": "d’accord & <b>"}, {"%(n)s day": ("%(n)s jour & %(x)s", "-")})
    source = "{{ _('Save') }} {{ ngettext('%(n)s day', '%(n)s days', 1, x='<x>') }}"
    assert shown(tmp_path, source, messages, "letter.txt") == "d’accord & <b> 1 jour & <x>"


def test_values_are_escaped_once_and_markup_stays(tmp_path: Path) -> None:
    messages = Messages(FRENCH, {"Hello %(name)s": "Bonjour %(name)s & bienvenue"})
    source = "{{ _('Hello %(name)s', name=name) }}"
    assert shown(tmp_path, source, messages, name="<b>&") == "Bonjour &lt;b&gt;&amp; &amp; bienvenue"
    assert shown(tmp_path, source, messages, name=Markup("<bdi>A</bdi>")) == "Bonjour <bdi>A</bdi> &amp; bienvenue"


@pytest.mark.parametrize(
    "broken", ["100 %", "%s", "%(other)s", "%(name)9999999d", "%(name", "%(name.__class__)s", "%(name)s" * 21]
)
def test_a_broken_placeholder_falls_back_to_the_source(broken: str, tmp_path: Path) -> None:
    messages = Messages(FRENCH, {"Hello %(name)s": broken})
    assert shown(tmp_path, "{{ _('Hello %(name)s', name='A') }}", messages) == "Hello A"


def test_without_values_a_per_cent_sign_is_a_character(tmp_path: Path) -> None:
    messages = Messages(FRENCH, {"All of it": "100 % de %s %(x)s"})
    source = "{{ _('All of it') }}|{{ _(word) }}"
    assert shown(tmp_path, source, messages, word="All of it") == "100 % de %s %(x)s|100 % de %s %(x)s"


@pytest.mark.parametrize(
    ("count", "form"), [(0, "zero"), (1, "one"), (2, "two"), (5, "few"), (11, "many"), (100, "other")]
)
def test_counts_take_the_form_of_the_language_and_its_digits(count: int, form: str, tmp_path: Path) -> None:
    forms = tuple(f"{name} %(n)s" for name in ("zero", "one", "two", "few", "many", "other"))
    messages = Messages(ARABIC, {}, {"%(n)s day": forms})
    assert form in shown(tmp_path, "{{ ngettext('%(n)s day', '%(n)s days', n) }}", messages, n=count)


def test_a_value_that_is_missing_is_an_error_and_no_empty_text(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        shown(tmp_path, "{{ nothing }}", NullMessages())


def test_what_is_kept_is_made_once_and_goes_with_the_catalogue(tmp_path: Path) -> None:
    environments = Environments(tmp_path, lambda code: {"here": code})
    messages = Messages(FRENCH, {"Save": "un"})
    first = environments.get(messages, 1)
    assert (first.globals["here"], first.globals["dir"]) == ("fr", "ltr")
    made = [first.keep("key", object), first.keep("key", object)]
    assert made[0] is made[1]
    assert environments.get(messages, 1) is first
    second = environments.get(Messages(FRENCH, {"Save": "deux"}), 2)
    assert second is not first
    assert second.keep("key", object) is not made[0]


def test_what_is_kept_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("elearn.catalogues.environment.MAX_KEPT", 3)
    environment = LocaleEnvironment(tmp_path, NullMessages())
    first = environment.keep(0, object)
    for number in range(1, 4):
        environment.keep(number, object)
    assert environment.keep(0, object) is not first
