from elearn.i18n.locales import ARABIC, ENGLISH, FRENCH
from elearn.i18n.messages import Messages, NullMessages, Translations, key
from elearn.i18n.pseudo import PseudoMessages, is_pseudo, pseudo, pseudo_messages

ARABIC_FORMS = ("لا دروس", "درس", "درسان", "%(n)s دروس", "%(n)s درساً", "%(n)s درس")


def arabic() -> Messages:
    return Messages(ARABIC, {"Save": "حفظ", key("Open", "verb"): "افتح"}, {"%(n)s lesson": ARABIC_FORMS})


def test_a_known_text_is_translated_and_an_unknown_one_is_not():
    assert arabic().gettext("Save") == "حفظ"
    assert arabic().gettext("Cancel") == "Cancel"


def test_a_context_keeps_equal_words_apart():
    assert arabic().pgettext("verb", "Open") == "افتح"
    assert arabic().pgettext("state", "Open") == "Open"
    assert arabic().gettext("Open") == "Open"


def test_the_plural_form_is_chosen_by_the_locale():
    shown = [arabic().ngettext("%(n)s lesson", "%(n)s lessons", n) for n in (0, 1, 2, 5, 11, 100)]
    assert tuple(shown) == ARABIC_FORMS


def test_an_unknown_plural_follows_the_english_rule_in_every_language():
    for locale in (ARABIC, FRENCH):
        empty = NullMessages(locale)
        assert [empty.ngettext("one", "many", n) for n in (0, 1, 2)] == ["many", "one", "many"]


def test_a_catalogue_says_what_it_has():
    assert arabic().has("Save")
    assert arabic().has("Open", "verb")
    assert arabic().has("%(n)s lesson")
    assert not arabic().has("Open")


def test_the_source_language_answers_itself():
    source = NullMessages()
    assert source.locale is ENGLISH
    assert source.gettext("Save") == source.pgettext("verb", "Save") == "Save"
    assert not source.has("Save")


def test_all_three_kinds_are_asked_in_the_same_way():
    kinds: list[Translations] = [arabic(), NullMessages(), PseudoMessages()]
    assert [kind.gettext("Save") for kind in kinds] == ["حفظ", "Save", "⟦Sávé⟧"]


def test_pseudo_text_keeps_placeholders_and_signs():
    assert pseudo("Hello %(name)s, 5 %% done") == "⟦Hélló %(name)s, 5 %% dóñé⟧"
    assert pseudo("100% done") == "⟦100% dóñé⟧"


def test_pseudo_messages_answer_everything():
    messages = pseudo_messages(ARABIC)
    assert messages.locale is ARABIC
    assert messages.has("anything")
    for text in (messages.gettext("a"), messages.pgettext("c", "a"), messages.ngettext("%(n)s a", "%(n)s b", 2)):
        assert is_pseudo(text)
    assert messages.ngettext("one", "many", 1) == "⟦óñé⟧"
    assert not is_pseudo("Save")
