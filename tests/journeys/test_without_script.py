"""In French without JavaScript: every form works, every answer is kept when Save is pressed."""

from tests.journeys.hands import Pointer
from tests.journeys.journey import Traveller, travel
from tests.journeys.stages import accept_in_the_background
from tests.journeys.window import Windows


def test_in_french_without_javascript(windows: Windows) -> None:
    person = Traveller(windows.open(locale="fr", java_script_enabled=False), Pointer(), "fr", "Éloïse Exemple")
    travel(person)
    accept_in_the_background(person.site, person.email)
    person.read_acceptance()
    person.begin_study()
    person.answer_check()
    person.finish_lesson()
    person.answer_check()
    person.finish_lessons_in_the_background()
    person.begin_assessment()
    person.answer(slice(0, 8))
    person.save()
    person.answer(slice(8, 10))
    person.change_language("es")  # unsaved answers come along
    person.expect_answers()
    person.change_language("fr")
    person.answer(slice(10, None))
    person.submit()
    number = person.open_certificate()
    person.sign_out()
    stranger = windows.open(width=390, height=844, locale="fr", java_script_enabled=False)
    Traveller(stranger, Pointer(), "fr", person.name).check_certificate(number)
