"""Lives of learners under a server that is killed again and again: what they did, and what was acknowledged."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.pages import Examined
from tests.proofs.browser import NO_ANSWER, Answer, Browser

FINAL = "/en/learn/untoc/assessments/final"
SAVES = 30
NUMBER = re.compile(r"/certificates/([0-9A-Z-]+)\.pdf")


@dataclass
class Record:
    """What one learner was told. `saves` holds for each form field the values in the order in which they were sent,
    each with whether it was acknowledged."""

    token: str
    attempt: str = ""
    number: str = ""
    lessons: list[str] = field(default_factory=list)
    saves: dict[str, list[tuple[list[str], bool]]] = field(default_factory=dict)
    writes: int = 0
    unanswered: int = 0
    problems: list[str] = field(default_factory=list)


def live(browser: Browser, part: dict[str, Any]) -> Callable[[], Any]:
    """One life after another until a file says that it is enough; the life at hand is lived to its end."""
    rng = random.Random(part["seed"])

    def act() -> Any:
        records = []
        for token in part["learners"]:
            if Path(part["stop"]).exists():
                break
            life = Life(replace(browser, token=token), part, rng)
            life.run()
            records.append(asdict(life.record))
        return records

    return act


class Life:
    """From the application to the certificate. What is not answered is sent again, as a browser's reload would."""

    def __init__(self, browser: Browser, part: dict[str, Any], rng: random.Random) -> None:
        self.browser = browser
        self.part = part
        self.rng = rng
        self.record = Record(browser.token)
        self.csrf = ""
        self.last: dict[str, list[str]] = {}

    def run(self) -> None:
        self._apply()
        self._study(self._begin())
        self._submit()

    def _apply(self) -> None:
        path = f"/en/courses/untoc/apply?cohort={self.part['cohort']}"
        page = self._page(path)
        self.csrf = page.value("csrf_token")
        form = {
            "csrf_token": self.csrf, "idempotency_key": page.value("idempotency_key"), "cohort": self.part["cohort"],
            "action": "submit", "stakeholder_group": "civil_society", "country": "LB", "organisation": "Association",
            "motivation": "We support families.", "locale": "en", "consent": "y",
        }  # fmt: skip
        self._write("/en/courses/untoc/apply", form, 303)

    def _begin(self) -> list[str]:
        """Begin the assessment; the fields of its form."""
        self.record.attempt = self._write(FINAL, {"csrf_token": self.csrf}, 303).location
        page = self._page(self.record.attempt)
        names = {e.attributes.get("name", "") for e in page.elements}
        return sorted(names & self.part["choices"].keys())

    def _study(self, fields: list[str]) -> None:
        """Saves and lessons in any order; then what is shown is what was acknowledged last."""
        steps: list[Callable[[], None]] = [lambda: self._save(self.rng.choice(fields)) for _ in range(SAVES)]
        steps += [lambda path=path: self._lesson(path) for path in self.part["lessons"]]  # type: ignore[misc]
        self.rng.shuffle(steps)
        for step in steps:
            step()
        page = self._page(self.record.attempt)
        for name, sent in self.record.saves.items():
            if _shown(page, name) not in possible(sent):
                self.record.problems.append(f"{name} shows {_shown(page, name)} after {sent}")

    def _lesson(self, path: str) -> None:
        self._write(path, {"csrf_token": self.csrf, "action": "done"}, 303)
        self.record.lessons.append(path)

    def _save(self, name: str) -> None:
        """A new answer; when it is not acknowledged, half of the time it is sent again, else it is left at that."""
        value = self.rng.choice([v for v in self.part["choices"][name] if v != self.last.get(name)])
        self.last[name] = value
        form = {"csrf_token": self.csrf, "action": "save", name: value}
        is_stubborn = self.rng.random() < 0.5
        answer = self._ask(lambda: self._send(self.record.attempt, form, 204), is_stubborn=is_stubborn)
        self.record.saves.setdefault(name, []).append((value, answer is not None))

    def _submit(self) -> None:
        page = self._page(self.record.attempt)
        names = {e.attributes.get("name", "") for e in page.elements}
        answers = {name: value for name, value in self.part["right"].items() if name in names}
        self._write(self.record.attempt, {"csrf_token": self.csrf, "action": "submit", **answers}, 303)
        for name, value in answers.items():
            self.record.saves.setdefault(name, []).append((value, True))
        found = self._ask(lambda: self.browser.get("/en/certificates/"))
        assert found is not None
        numbers = set(NUMBER.findall(found.text))
        self.record.number = " ".join(sorted(numbers))

    def _write(self, path: str, form: dict[str, Any], status: int) -> Answer:
        answer = self._ask(lambda: self._send(path, form, status))
        assert answer is not None
        return answer

    def _send(self, path: str, form: dict[str, Any], status: int) -> Answer:
        answer = self.browser.post(path, form, **{"X-Requested-With": "fetch"})
        self.record.writes += 1
        if answer.status != status:
            self.record.problems.append(f"{answer.status} for {path} {form.get('action', '')}: {answer.text[:600]}")
        return answer

    def _page(self, path: str) -> Examined:
        page = self._ask(lambda: self.browser.page(path))
        assert page is not None
        return page

    def _ask(self, ask: Callable[[], Any], *, is_stubborn: bool = True) -> Any:
        """What is answered; None when the server died over it and the client is not stubborn."""
        while True:
            try:
                return ask()
            except NO_ANSWER:
                self.record.unanswered += 1
                self._wait_until_up()
                if not is_stubborn:
                    return None

    def _wait_until_up(self) -> None:
        time.sleep(0.02)
        while not Path(self.part["up"]).exists():
            time.sleep(0.02)


def possible(sent: list[tuple[list[str], bool]]) -> list[list[str]]:
    """What may stand in a field: the last acknowledged value, or what was sent after it without an answer."""
    found: list[list[str]] = []
    for value, is_acknowledged in reversed(sent):
        found.append(value)
        if is_acknowledged:
            return found
    return [*found, []]


def _shown(page: Examined, name: str) -> list[str]:
    chosen = [e for e in page.all("input", name=name) if "checked" in e.attributes]
    chosen += [
        e for e in page.all("option")
        if "selected" in e.attributes and e.parents and any(p.attributes.get("name") == name for p in e.parents)
    ]  # fmt: skip
    return [value for e in chosen if (value := e.attributes.get("value", ""))]
