import pytest

from elearn.i18n.entries import Entry
from elearn.i18n.errors import CatalogueError
from elearn.i18n.extract import interface_template

PYTHON = """
from elearn.i18n.markers import N_, Nn_

# Translators: on a button
TITLE = N_("Save")
COUNT = Nn_("%(n)s lesson", "%(n)s lessons")
LONG = N_(
    "One sentence "
    "in two pieces."
)

def show(_, ngettext, pgettext, gettext, name):
    return _("Hello %(name)s", name=name), pgettext("verb", "Open"), gettext("Close"), _(name), pgettext("state", "Open")
"""

TEMPLATE = """
{# Translators: the name of a person #}
<p>{{ _('Hello %(name)s', name=x) }}</p>
{{ ngettext('%(n)s day', '%(n)s days', n) }} {{ pgettext('verb', 'Open') }}
{{ _("It’s 100% done") }} {{ _(variable) }}
"""


@pytest.fixture
def folders(tmp_path):
    python, templates = tmp_path / "elearn", tmp_path / "templates"
    (python / "room").mkdir(parents=True)
    (templates / "room").mkdir(parents=True)
    (python / "room" / "views.py").write_text(PYTHON)
    (templates / "room" / "page.html").write_text(TEMPLATE)
    (templates / "room" / "page.css").write_text("{{ _('not a template') }")
    return python, templates


def test_every_marked_text_is_found_once_in_a_fixed_order(folders):
    entries = interface_template(*folders)
    assert [(entry.context, entry.source, entry.source_plural) for entry in entries] == [
        (None, "%(n)s day", "%(n)s days"),
        (None, "%(n)s lesson", "%(n)s lessons"),
        (None, "Close", None),
        (None, "Hello %(name)s", None),
        (None, "It’s 100% done", None),
        (None, "One sentence in two pieces.", None),
        (None, "Save", None),
        ("state", "Open", None),
        ("verb", "Open", None),
    ]


def test_places_and_notes_of_all_occurrences_are_joined(folders):
    entries = {entry.source: entry for entry in interface_template(*folders)}
    assert entries["Hello %(name)s"].locations == ("elearn/room/views.py", "templates/room/page.html")
    assert entries["Hello %(name)s"].comments == ("the name of a person",)
    assert entries["Save"].comments == ("on a button",)


def test_the_flag_follows_from_the_source(folders):
    flagged = {entry.source for entry in interface_template(*folders) if entry.flags == ("python-format",)}
    assert flagged == {"%(n)s day", "%(n)s lesson", "Hello %(name)s"}


def test_a_text_with_and_without_plural_is_one_entry(folders):
    (folders[0] / "more.py").write_text('N_("%(n)s day")\n')
    entry = next(entry for entry in interface_template(*folders) if entry.source == "%(n)s day")
    assert entry.source_plural == "%(n)s days"


def test_two_plurals_of_one_text_are_refused(folders):
    (folders[0] / "more.py").write_text('Nn_("%(n)s day", "%(n)s long days")\n')
    with pytest.raises(CatalogueError, match="two plurals"):
        interface_template(*folders)


def test_a_template_that_cannot_be_parsed_stops_the_extraction(folders):
    (folders[1] / "broken.html").write_text("{{ _('x' }}")
    with pytest.raises(CatalogueError, match=r"templates/broken\.html"):
        interface_template(*folders)


def test_empty_folders_give_no_texts(tmp_path):
    assert interface_template(tmp_path, tmp_path) == ()


def test_entries_are_untranslated(folders):
    assert all(isinstance(entry, Entry) and entry.forms == () for entry in interface_template(*folders))
