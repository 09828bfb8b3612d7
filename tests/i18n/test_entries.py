from dataclasses import replace

from elearn.i18n.entries import Entry, merge

OLD = Entry("Use a passphrase.", ("Utilisez une phrase de passe.",), context="m/l#aaaaaa", notes=("checked",))
NEW = Entry("Use a long passphrase.", context="m/l#aaaaaa", comments=("list item",), locations=("m/l.md",))


def test_an_unchanged_unit_keeps_its_translation_and_takes_the_new_comments():
    template = replace(NEW, source=OLD.source)
    (merged,) = merge([template], [OLD], "course")
    assert merged.forms == OLD.forms
    assert (merged.comments, merged.locations, merged.notes) == (("list item",), ("m/l.md",), ("checked",))
    assert not merged.fuzzy


def test_a_changed_unit_keeps_its_translation_as_outdated():
    (merged,) = merge([NEW], [OLD], "course")
    assert merged.source == NEW.source
    assert merged.forms == OLD.forms
    assert merged.is_outdated
    assert merged.previous_source == OLD.source


def test_a_unit_that_changes_twice_remembers_what_was_translated():
    once = merge([NEW], [OLD], "course")
    (twice,) = merge([replace(NEW, source="Use a very long passphrase.")], once, "course")
    assert twice.previous_source == OLD.source


def test_a_unit_that_changes_back_is_current_again():
    once = merge([NEW], [OLD], "course")
    (back,) = merge([replace(NEW, source=OLD.source)], once, "course")
    assert not back.fuzzy
    assert back.previous_source is None


def test_an_untranslated_unit_is_never_outdated():
    (merged,) = merge([NEW], [replace(OLD, forms=())], "course")
    assert not merged.fuzzy
    assert merged.forms == ()


def test_a_retired_unit_becomes_obsolete_and_comes_back_with_its_translation():
    (gone,) = merge([], [OLD], "course")
    assert gone.obsolete
    (back,) = merge([replace(NEW, source=OLD.source)], [gone], "course")
    assert not back.obsolete
    assert back.forms == OLD.forms


def test_a_live_entry_wins_over_an_obsolete_one_of_the_same_id():
    obsolete = replace(OLD, forms=("ancien",), obsolete=True)
    for existing in ([OLD, obsolete], [obsolete, OLD]):
        (merged,) = merge([replace(NEW, source=OLD.source)], existing, "course")
        assert merged.forms == OLD.forms


def test_interface_texts_are_never_guessed():
    merged = merge([Entry("Save all")], [Entry("Save", ("Enregistrer",))], "interface")
    assert merged == (Entry("Save all"), Entry("Save", ("Enregistrer",), obsolete=True))


def test_a_context_is_part_of_the_id_of_an_interface_text():
    existing = [Entry("Open", ("Ouvrir",), context="verb"), Entry("Open", ("Ouvert",), context="state")]
    merged = merge([Entry("Open", context="state"), Entry("Open", context="verb")], existing, "interface")
    assert [entry.forms for entry in merged] == [("Ouvert",), ("Ouvrir",)]


def test_a_text_that_gained_a_plural_starts_anew():
    (merged,) = merge([Entry("lesson", source_plural="lessons")], [Entry("lesson", ("leçon",))], "interface")
    assert merged.forms == ()


def test_a_changed_plural_leaves_the_forms_to_be_looked_at():
    existing = Entry("lesson", ("leçon", "leçons"), source_plural="lessons")
    (merged,) = merge([Entry("lesson", source_plural="all lessons")], [existing], "interface")
    assert merged.forms == existing.forms
    assert merged.fuzzy


def test_the_order_is_that_of_the_template():
    template = [Entry(f"text {n}", context=f"m/l#{n}") for n in (3, 1, 2)]
    existing = [Entry(f"text {n}", (f"texte {n}",), context=f"m/l#{n}") for n in (1, 2, 3)]
    assert [entry.forms[0] for entry in merge(template, existing, "course")] == ["texte 3", "texte 1", "texte 2"]
