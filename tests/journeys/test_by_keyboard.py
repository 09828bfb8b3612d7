"""In Spanish by keyboard alone, in a window so narrow that the menus hide behind their buttons."""

from tests.journeys.hands import Keyboard
from tests.journeys.journey import Traveller, travel
from tests.journeys.stages import accept_in_the_background
from tests.journeys.window import Windows


def test_in_spanish_by_keyboard_alone(windows: Windows) -> None:
    window = windows.open(width=900, locale="es")
    keys = Keyboard(window.page)
    person = Traveller(window, keys, "es", "Íñigo Ejemplo")
    travel(person)
    accept_in_the_background(person.site, person.email)
    person.read_acceptance()
    person.begin_study()
    keys.skip()
    person.answer_check()
    person.finish_lesson()
    person.finish_lessons_in_the_background()
    person.begin_assessment()
    keys.skip()
    person.answer(slice(0, 7))
    person.wait_for_autosave()
    person.change_language("en")
    person.expect_answers()
    person.change_language("es")
    keys.skip()
    person.answer(slice(7, None))
    person.submit()
    number = person.open_certificate()
    person.sign_out()
    stranger = windows.open(width=900, locale="es")
    Traveller(stranger, Keyboard(stranger.page), "es", person.name).check_certificate(number)
