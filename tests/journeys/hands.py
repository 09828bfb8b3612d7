"""How a person works a page: with a pointer, or with the keyboard and nothing else."""

from typing import Any, Protocol

from playwright.sync_api import Locator, Page

MOST_STOPS = 400
IS_FOCUSED = "element => element === document.activeElement"
IS_SEEN = """element => {
    const box = element.getBoundingClientRect(), around = element.closest("label") ?? element;
    const on = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
    const marked = [element, around].some(one => getComputedStyle(one).outlineStyle !== "none");
    return marked && on !== null && (around.contains(on) || on.contains(element));
}"""


class Hands(Protocol):
    """What a person does to a control."""

    def press(self, control: Locator) -> None:
        """A link or a button."""

    def write(self, control: Locator, text: str) -> None:
        """Text in a field, in place of what was there."""

    def tick(self, control: Locator) -> None:
        """A radio button or a checkbox."""

    def choose(self, control: Locator, value: str) -> None:
        """A value of a select."""


class Pointer:
    """A mouse or a finger."""

    def press(self, control: Locator) -> None:
        control.click()

    def write(self, control: Locator, text: str) -> None:
        control.fill(text)

    def tick(self, control: Locator) -> None:
        control.check()

    def choose(self, control: Locator, value: str) -> None:
        control.select_option(value)


class Keyboard:
    """Keys only: Tab to a control, then the key that it answers to."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, control: Locator) -> None:
        """Tab forward until the control has the focus, which must be marked and not covered (WCAG 2.4.7, 2.4.11)."""
        self._reach([control.element_handle()], control)

    def _reach(self, members: list[Any], control: Locator) -> None:
        for _ in range(MOST_STOPS):
            focused = next((member for member in members if member.evaluate(IS_FOCUSED)), None)
            if focused:
                assert focused.evaluate(IS_SEEN), f"{self.page.url}: the focus on {control} is not seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.page.url}: Tab never reaches {control}")

    def skip(self) -> None:
        """The first stop of a page leads past its head."""
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.matches('a.skip')"), f"{self.page.url}: no skip link"
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.matches('main')"), f"{self.page.url}: skips nothing"

    def press(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")

    def write(self, control: Locator, text: str) -> None:
        self.reach(control)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, control: Locator) -> None:
        """Space on a checkbox; among radio buttons the arrows."""
        name, kind = control.get_attribute("name"), control.get_attribute("type")
        if kind == "radio":
            group = self.page.locator(f'input[type=radio][name="{name}"]')
            self._reach(group.element_handles(), group)
            for _ in range(group.count()):
                if control.evaluate(IS_FOCUSED):
                    break
                self.page.keyboard.press("ArrowDown")
        else:
            self.reach(control)
        if not control.is_checked():
            self.page.keyboard.press("Space")
        assert control.is_checked(), f"{self.page.url}: the keys do not choose {control}"

    def choose(self, control: Locator, value: str) -> None:
        self.reach(control)
        values = control.locator("option").evaluate_all("options => options.map(option => option.value)")
        now = control.evaluate("select => select.selectedIndex")
        steps = values.index(value) - now
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        assert control.input_value() == value, f"{self.page.url}: the keys do not choose {value}"
