"""The whole way of one person, step by step; how they work the pages is up to their hands."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator

from elearn.content.model import Question
from tests.journeys.hands import Hands
from tests.journeys.site import PASSWORD, Site, eventually
from tests.journeys.window import Window
from tests.learning.answers import right

Answer = Callable[[Question], dict[str, list[str]]]
LANGUAGES = ("ar", "en", "fr", "es")
PAUSE_OF_AUTOSAVE = 10_000  # milliseconds, with some to spare


@dataclass
class Traveller:
    """Somebody with a window, hands and a language. `is_examined`: axe looks at every state of the page."""

    window: Window
    hands: Hands
    locale: str
    name: str
    is_examined: bool = False
    answers: dict[str, list[str]] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        return self.window.site

    @property
    def email(self) -> str:
        return f"journey-{self.locale}@example.org"

    def find(self, selector: str) -> Locator:
        return self.window.page.locator(selector)

    def see(self) -> None:
        """The page is there, in the right language and direction."""
        root = self.find("html")
        direction = "rtl" if root.get_attribute("lang") == "ar" else "ltr"
        assert root.get_attribute("dir") == direction
        assert self.find("h1").count() == 1, self.window.page.url
        if self.is_examined:
            self.window.check_accessibility()

    def is_at(self, ending: str) -> None:
        """The address of the page ends like this, in the person's language."""
        self.window.page.wait_for_url(f"**/{self.locale}{ending}")
        self.see()

    def press(self, selector: str) -> None:
        self.hands.press(self.find(selector))

    def write(self, name: str, text: str) -> None:
        self.hands.write(self.find(f"main [name={name}]"), text)

    def from_menu(self, path: str) -> None:
        """A link of the main menu, which a narrow window hides behind a button."""
        self._unfold("menu")
        self.press(f'#menu a[href="/{self.locale}{path}"]')
        self.is_at(path)

    def _unfold(self, part: str) -> None:
        opener = self.find(f'button[popovertarget="{part}"]')
        if opener.is_visible():
            self.hands.press(opener)
            self.find(f"#{part}:popover-open").wait_for()
            self.see()

    def change_language(self, locale: str) -> None:
        """Through the switch in the head of the page; on a form it is a button that sends the form."""
        self._unfold("langs")
        self.press(f'#langs [lang="{locale}"]')
        self.find(f'html[lang="{locale}"]').wait_for()
        self.locale = locale
        self.see()

    # --- an account

    def arrive(self) -> None:
        """The bare address leads to the language of the browser."""
        self.window.go("/")
        self.is_at("/")

    def register(self) -> None:
        self.from_menu("/account/register")
        if self.is_examined:
            self.press("#register button[type=submit]")
            self.find("[data-error-summary]").wait_for()
            self.see()
        self.write("full_name", self.name)
        self.write("email", self.email)
        self.write("password", PASSWORD)
        self.hands.choose(self.find("main [name=locale]"), self.locale)
        self.hands.tick(self.find("main [name=consent]"))
        self.press("#register button[type=submit]")
        self.find("#again").wait_for()
        self.see()

    def confirm(self) -> None:
        """The link of the letter changes nothing; the button on its page does."""
        letter = self.site.letter_to(self.email, "/account/confirm/")
        link = next(word for word in letter.split() if "/account/confirm/" in word)
        assert f"/{self.locale}/account/confirm/" in link
        self.window.page.goto(link)
        self.see()
        self.press("main form button[type=submit]")

    def sign_in(self) -> None:
        self.is_at("/account/login")
        self.write("email", self.email)
        self.write("password", PASSWORD)
        self.press("#login button[type=submit]")
        self.find('#menu form[action$="/account/logout"]').wait_for(state="attached")
        self.see()

    # --- the application

    def apply(self) -> None:
        self.from_menu("/courses/")
        self.press('main a[href$="/courses/untoc/"] >> nth=0')
        self.is_at("/courses/untoc/")
        self.press('main a.btn[href*="/apply"]')
        self.find("#apply").wait_for()
        self.see()
        if self.is_examined:
            self.press('#apply button[value="submit"]')
            self.find("[data-error-summary]").wait_for()
            self.see()
        self.hands.tick(self.find('[name=stakeholder_group][value="civil_society"]'))
        self.write("organisation", "Example Association")
        self.hands.choose(self.find("main [name=country]"), "AT")
        self.write("motivation", "We support families, and want to learn how to speak up.")
        self.hands.choose(self.find("main [name=locale]"), self.locale)
        self.hands.tick(self.find("main [name=consent]"))
        self.press('#apply button[value="submit"]')
        self.find('[data-testid=application-state][data-state="submitted"]').wait_for()
        self.see()

    def read_acceptance(self) -> None:
        assert self.site.letter_to(self.email, f"/{self.locale}/learn/untoc")

    # --- study

    def begin_study(self) -> None:
        """From “My courses” to the first lesson."""
        self.from_menu("/learn/")
        self.press(".resume a.btn")
        self.find("[data-testid=lesson]").wait_for()
        self.see()

    def answer_check(self, answer: Answer = right) -> None:
        """The first knowledge check of the lesson on the page; its reasons stand beside the answers."""
        module, slug = urlsplit(self.window.page.url).path.split("/")[-2:]
        check = self.find("form.check >> nth=0")
        name = check.locator("[name=question]").input_value()
        question = self.site.course.lesson(module, slug).question(name)
        self._fill(question, answer)
        self.hands.press(check.locator("button[value=check]"))
        self.find(f"#check-{name} [data-feedback] >> nth=0").wait_for()
        self.see()

    def keep_check(self, other_language: str) -> None:
        """A look at another language: the answer that was checked is there, with its reasons."""
        shown = self._checked()
        for language in (other_language, self.locale):
            self.change_language(language)
            assert self._checked() == shown

    def _checked(self) -> list[list[str]]:
        check = self.find("form.check:has([data-feedback])")
        pairs: list[list[str]] = check.evaluate("form => [...new FormData(form)]")
        return [[name, value] for name, value in pairs if name != "csrf_token"]

    def finish_lesson(self) -> None:
        """Mark the lesson on the page as done; the next one opens."""
        here = urlsplit(self.window.page.url).path
        self.press("[data-testid=lesson-done]")
        self.window.page.wait_for_url(lambda url: urlsplit(url).path != here)
        self.see()

    def finish_lessons_in_the_background(self) -> None:
        """The lessons that are left, where reading them is not the point."""
        requests = self.window.context.request
        token = self.find("main [name=csrf_token] >> nth=0").get_attribute("value") or ""
        for lesson in self.site.course.lessons():
            address = f"{self.site.url}/{self.locale}/learn/untoc/{lesson.id}"
            done = requests.post(address, form={"csrf_token": token, "action": "done"}, max_redirects=0)
            assert done.status == 303, f"{address}: {done.status}"

    # --- the assessment

    def begin_assessment(self) -> None:
        self.from_menu("/learn/")
        self.press('.resume a.btn[href$="/assessments/final"]')
        self.is_at("/learn/untoc/assessments/final")
        self.press("[data-testid=attempt-start]")
        self.find("#attempt").wait_for()
        self.see()

    def answer(self, share: slice) -> None:
        """Right answers to some of the questions on the page."""
        names = self.find("#attempt > fieldset").evaluate_all("all => all.map(one => one.id.slice(2))")
        final = self.site.course.assessment("final")
        for name in names[share]:
            self._fill(final.item(name))
            self.answers |= right(final.item(name))

    def _fill(self, question: Question, answer: Answer = right) -> None:
        for name, values in answer(question).items():
            control = self.find(f'select[name="{name}"]')
            if control.count():
                self.hands.choose(control, values[0])
            else:
                for value in values:
                    self.hands.tick(self.find(f'input[name="{name}"][value="{value}"]'))

    def shown_answers(self) -> dict[str, list[str]]:
        """What the page shows as chosen."""
        pairs: list[list[str]] = self.find("#attempt").evaluate("form => [...new FormData(form)]")
        shown: dict[str, list[str]] = {}
        for name, value in pairs:
            if value and name != "csrf_token":
                shown.setdefault(name, []).append(value)
        return shown

    def expect_answers(self) -> None:
        shown = self.shown_answers()
        assert {k: sorted(v) for k, v in shown.items()} == {k: sorted(v) for k, v in self.answers.items()}

    def wait_for_autosave(self) -> None:
        """Nothing is pressed: the answers are kept all the same, and a reload shows them."""
        self.find('[data-save-state][data-state="saved"]').wait_for(timeout=PAUSE_OF_AUTOSAVE)
        self.window.page.reload()
        self.see()
        self.expect_answers()

    def save(self) -> None:
        self.press('.bar button[value="save"]')
        self.find("#attempt").wait_for()
        self.expect_answers()

    def submit(self) -> None:
        self.press("[data-testid=attempt-submit]")
        result = self.find("[data-testid=attempt-result]")
        result.wait_for()
        assert result.get_attribute("data-passed") == "true"
        assert result.get_attribute("data-score") == "100"
        self.see()

    # --- the certificate

    def open_certificate(self) -> str:
        """From the result to the check page of the certificate; its number."""
        self.press("[data-testid=certificate-link]")
        self.is_at("/certificates/")
        number = self.find("main [data-testid=certificate-link]").get_attribute("href") or ""
        number = number.removeprefix("/certificates/").split(".pdf")[0]
        self._download(number)
        self.press(f'main a[href="/{self.locale}/certificates/{number}"]')
        self.expect_valid()
        return number

    def _download(self, number: str) -> None:
        """The four documents, as soon as they are drawn."""
        requests = self.window.context.request
        addresses: set[str] = set(self.find('main a[href*=".pdf"]').evaluate_all("all => all.map(one => one.href)"))
        wanted = {f"{self.site.url}/certificates/{number}.pdf?lang={language}" for language in LANGUAGES}
        assert addresses == wanted
        documents = set()
        for address in addresses:

            def drawn(address: str = address) -> Any:
                answer = requests.get(address)
                assert answer.status in (200, 503), f"{address}: {answer.status}"
                assert answer.status == 200 or "retry-after" in answer.headers
                return answer.body() if answer.status == 200 else b""

            documents.add(eventually(drawn, address))
        assert len(documents) == len(LANGUAGES)
        assert all(document.startswith(b"%PDF-") for document in documents)

    def expect_valid(self) -> None:
        self.find('[data-testid=verify-state][data-state="valid"]').wait_for()
        assert self.name in self.find("main").inner_text()
        self.see()

    def sign_out(self) -> None:
        self._unfold("menu")
        self.press('#menu form[action$="/account/logout"] button')
        self.find('#menu a[href$="/account/login"]').wait_for(state="attached")
        self.see()

    def check_certificate(self, number: str) -> None:
        """As a stranger who holds the paper: by its number, then by the address that stands on it."""
        self.arrive()
        self.from_menu("/verify")
        self.write("number", number.lower())
        self.press("#verify button[type=submit]")
        self.expect_valid()
        self.window.go(f"/{self.locale}/certificates/{number}")
        self.expect_valid()
        self.window.go(f"/{self.locale}/certificates/{number[:-1]}{'0' if number[-1] != '0' else '1'}")
        assert self.find("[data-testid=verify-state]").get_attribute("data-state") == "unknown"
        self.see()


def travel(traveller: Traveller) -> None:
    """From the home page to the application."""
    traveller.arrive()
    traveller.register()
    traveller.confirm()
    traveller.sign_in()
    traveller.apply()
