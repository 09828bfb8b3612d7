"""A process full of clients: `python -m tests.proofs.clients`. Orders and records are JSON on the pipes.

The first line says what to do; "ready" is printed when every client has prepared; at the second line all act at once.
"""

import hashlib
import json
import re
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.pages import Examined
from tests.proofs.browser import Answer, Browser
from tests.proofs.lives import live

Part = dict[str, Any]
Act = Callable[[], Any]
NUMBER = re.compile(r"/certificates/([0-9A-Z-]+)\.pdf")
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
PATIENCE = 60.0
READING_SECONDS = 0.02


def apply(browser: Browser, part: Part) -> Act:
    """Send an application for a cohort, and look at what became of it."""
    path = f"/en/courses/untoc/apply?cohort={part['cohort']}"
    form = hidden_fields(browser.page(path)) | {
        "cohort": part["cohort"], "action": "submit", "stakeholder_group": "civil_society", "country": "LB",
        "organisation": "Example Association", "motivation": "We support families.", "locale": "en", "consent": "y",
    }  # fmt: skip

    def act() -> Any:
        answer = browser.post("/en/courses/untoc/apply", form)
        shown = browser.page(answer.location or path).one(data_testid="application-state")
        return {"status": answer.status, "state": shown.attributes["data-state"]}

    return act


def submit(browser: Browser, part: Part) -> Act:
    """Submit an attempt with answers of one's own, and look at the result."""
    token = browser.page(part["path"]).value("csrf_token")

    def act() -> Any:
        form = {"csrf_token": token, "action": "submit", **part["answers"]}
        answer = browser.post(part["path"], form)
        return {"status": answer.status, "location": answer.location, "page": _main(browser.get(part["path"]))}

    return act


def finish(browser: Browser, part: Part) -> Act:
    """Do the last lesson, and fetch the certificate in one language."""
    token = browser.page(part["lesson"]).value("csrf_token")

    def act() -> Any:
        done = browser.post(part["lesson"], {"csrf_token": token, "action": "done"})
        numbers = sorted(set(NUMBER.findall(browser.get("/en/certificates/").text)))
        pdf, waits = _fetch(partial(browser.get, f"/certificates/{numbers[0]}.pdf?lang={part['locale']}"))
        return {
            "status": done.status, "numbers": numbers, "locale": part["locale"], "pdf": pdf.status, "waits": waits,
            "sha": hashlib.sha256(pdf.body).hexdigest(), "start": pdf.body[:5].decode("latin-1"),
        }  # fmt: skip

    return act


def watch(browser: Browser, part: Part) -> Act:
    """Look at pages again and again until a file appears, and record a step with a token each time; how often each was
    answered with which status, and every page that held an attack."""
    attack = re.compile(part["attack"], re.IGNORECASE)
    step = part.get("step", "")
    form = {"csrf_token": browser.page(step).value("csrf_token"), "action": "done"} if step else {}

    def act() -> Any:
        seen: Counter[str] = Counter()
        held: list[str] = []
        while not Path(part["until"]).exists():
            for path in part["paths"]:
                answer = browser.get(path)
                seen[f"{answer.status} {path}"] += 1
                if len(answer.body) > part["largest"] or attack.search(answer.text):
                    held.append(path)
                time.sleep(READING_SECONDS)
            if step:
                seen[f"{browser.post(step, form).status} {step}"] += 1
        return {"seen": seen, "held": held[:20]}

    return act


def hidden_fields(page: Examined) -> dict[str, str]:
    """The token and the key of the form on a page."""
    return {name: page.value(name) for name in ("csrf_token", "idempotency_key")}


def _main(answer: Answer) -> str:
    assert answer.status == 200, answer.status
    found = MAIN.search(answer.text)
    assert found is not None
    return found[0]


def _fetch(get: Callable[[], Answer]) -> tuple[Answer, int]:
    """What is answered after 503, and how often that came."""
    end, waits = time.monotonic() + PATIENCE, 0
    while (answer := get()).status == 503 and time.monotonic() < end:
        waits += 1
        time.sleep(0.2)
    return answer, waits


ACTS: dict[str, Callable[[Browser, Part], Act]] = {
    "apply": apply, "submit": submit, "finish": finish, "watch": watch, "live": live,
}  # fmt: skip


def main() -> None:
    """Prepare, wait for the word, act, tell."""
    order = json.loads(sys.stdin.readline())
    prepared = [
        ACTS[order["act"]](Browser(order["port"], part.get("token", "")), part | {"up": order["up"]})
        for part in order["parts"]
    ]
    print("ready", flush=True)
    sys.stdin.readline()
    records: list[Any] = [None] * len(prepared)
    begin = threading.Barrier(len(prepared))

    def act(place: int) -> None:
        begin.wait()
        try:
            records[place] = prepared[place]()
        except Exception:
            records[place] = {"error": traceback.format_exc()[-1500:]}

    threads = [threading.Thread(target=act, args=(place,)) for place in range(len(prepared))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(records), flush=True)


if __name__ == "__main__":
    main()
