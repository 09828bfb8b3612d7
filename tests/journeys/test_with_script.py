"""In Arabic on a telephone and in English at a desk, with JavaScript; axe looks at every state."""

from tests.journeys.hands import Pointer
from tests.journeys.journey import Traveller, travel
from tests.journeys.site import PASSWORD
from tests.journeys.stages import accept_in_the_background
from tests.journeys.window import Windows
from tests.learning.answers import wrong


def test_in_arabic_on_a_telephone(windows: Windows) -> None:
    window = windows.open(width=390, height=844, locale="ar", has_touch=True)
    person = Traveller(window, Pointer(), "ar", "ليلى مثال", is_examined=True)
    travel(person)
    accept_in_the_background(person.site, person.email)
    person.read_acceptance()
    person.begin_study()
    person.answer_check()
    person.keep_check("en")
    person.finish_lesson()
    person.finish_lessons_in_the_background()
    take_assessment(person, other_language="fr")
    number = person.open_certificate()
    person.sign_out()
    stranger = windows.open(locale="ar")
    Traveller(stranger, Pointer(), "ar", person.name, is_examined=True).check_certificate(number)


def test_in_english_at_a_desk_with_an_admin_beside(windows: Windows) -> None:
    person = Traveller(windows.open(locale="en"), Pointer(), "en", "Nguyễn Thị Ví Dụ", is_examined=True)
    travel(person)
    accept_in_the_console(windows, person)
    person.read_acceptance()
    person.begin_study()
    person.answer_check(wrong)
    assert person.find(".fbk.bad").count()
    person.answer_check()
    for _lesson in person.site.course.lessons():
        person.finish_lesson()
    take_assessment(person, other_language="ar")
    number = person.open_certificate()
    person.sign_out()
    stranger = windows.open(width=390, height=844, locale="en")
    Traveller(stranger, Pointer(), "en", person.name, is_examined=True).check_certificate(number)


def take_assessment(person: Traveller, *, other_language: str) -> None:
    """Half of the answers, kept by themselves; a look at another language; the other half."""
    own = person.locale
    person.begin_assessment()
    person.answer(slice(0, 8))
    person.wait_for_autosave()
    person.change_language(other_language)
    person.expect_answers()
    person.answer(slice(8, 9))
    person.change_language(own)
    person.expect_answers()
    person.answer(slice(9, None))
    person.submit()


def accept_in_the_console(windows: Windows, person: Traveller) -> None:
    """An admin in a browser of their own finds the application and accepts it."""
    admin = Traveller(windows.open(locale="en"), Pointer(), "en", "Example Admin", is_examined=True)
    admin.arrive()
    admin.from_menu("/account/login")
    admin.write("email", "admin@example.org")
    admin.write("password", PASSWORD)
    admin.press("#login button[type=submit]")
    admin.from_menu("/admin/")
    admin.press("main table a:has-text('Open cohort')")
    admin.find(".sums").wait_for()
    admin.see()
    admin.press(f"main table a:has-text('{person.name}')")
    admin.find('#pane[data-state="submitted"]').wait_for()
    admin.see()
    admin.hands.tick(admin.find("#decide [name=decision][value=accepted]"))
    admin.press("#decide button[type=submit]")
    admin.find(".flashes").wait_for()
    admin.see()
    admin.press(f"main table a:has-text('{person.name}')")
    admin.find('#pane[data-state="accepted"]').wait_for()
    admin.see()
