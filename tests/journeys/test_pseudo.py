"""With the pseudo-locale every text of the interface stands in brackets: what does not is hard-coded."""

import re
from collections.abc import Iterator

import pytest

from elearn.content.inline import plain
from elearn.content.model import Course
from elearn.demo import NAMES, NOTES, PEOPLE, REAL_RUN
from elearn.i18n.countries import country_names
from elearn.i18n.locales import LOCALES
from tests.journeys.addresses import pages
from tests.journeys.readable import Piece, pieces
from tests.journeys.site import Caller, Site, running_site
from tests.journeys.stages import APPLICATION, Stages, set_stages

MONTHS = "Jan(uary)?|Feb(ruary)?|Mar(ch)?|Apr(il)?|May|June?|July?|Aug(ust)?|Sept?(ember)?|Oct(ober)?|Nov(ember)?|Dec(ember)?"
# Dates as the library of the locales writes them, addresses of mail and pages, the name of the site.
NUMBER = r"\b(?:[0-9A-Z]{4}-){6}[0-9A-Z]{2}\b"
ZONE = r"^.+ \((UTC.\d\d:\d\d|[A-Z]\w+/[\w/+-]+)\)$"  # a line of the list of time zones
ADDRESS = r"[\w.+-]+@[\w.-]+|\bhttps?://\S+|\b127\.0\.0\.1\S*"
UNTRANSLATED = re.compile(rf"{ZONE}|{NUMBER}|{ADDRESS}|\b({MONTHS}|Vienna time|Vienna|UTC|elearn|PDF)\b")
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")


def squeezed(text: str) -> str:
    return " ".join(text.translate(ISOLATES).split())


def data(course: Course, settings_names: tuple[str, ...]) -> str:
    """Everything that is content and not interface, in one text."""
    texts = [plain(unit.text) for unit in course.units()]
    texts += [source.place for lesson in course.lessons() for source in lesson.sources]
    texts += [term.place for term in course.glossary]
    texts += [*REAL_RUN.names.values(), *REAL_RUN.notes.values(), *NAMES.values(), *NOTES.values()]
    texts += [name for person in PEOPLE for name in (person.name, person.email)]
    texts += [APPLICATION["organisation"], APPLICATION["motivation"], *(locale.endonym for locale in LOCALES)]
    texts += [*country_names("en").values(), "Example Legal Aid Network", *settings_names]
    return "\n".join(squeezed(text) for text in texts)


def is_interface(piece: Piece, content: str) -> bool:
    """Whether the piece is neither bracketed nor content, number, date or name, so that it is hard-coded."""
    if piece.is_bracketed or piece.language not in ("en", ""):
        return False
    text = squeezed(piece.text)
    rest = UNTRANSLATED.sub("", text).strip(" –·,.:/%")
    return bool(re.search(r"[^\W\d_]", rest)) and text not in content and rest not in content


@pytest.fixture(scope="module")
def pseudo_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("pseudo") / "instance", ELEARN_PSEUDO_LOCALE="1") as started:
        yield started


@pytest.fixture(scope="module")
def stages(pseudo_site: Site) -> Stages:
    return set_stages(pseudo_site)


def test_no_text_of_the_interface_is_hard_coded(pseudo_site: Site, stages: Stages) -> None:
    content = data(pseudo_site.course, ("Example Learning Institute (fictional)", "Lina Example (fictional)"))
    found: dict[str, str] = {}
    for account, paths in pages(stages).items():
        caller = pseudo_site.browser()
        if account:
            caller.sign_in(f"{account}@example.org")
        for path in paths:
            for piece in hard_coded(caller, f"/en{path}", content):
                found.setdefault(f"{piece.text!r} in {' '.join(piece.tags[-3:])}", path)
    assert not found, "\n".join(f"{text} of {path}" for text, path in found.items())


def hard_coded(caller: Caller, path: str, content: str) -> list[Piece]:
    answer = caller.client.get(path)
    assert answer.status_code in (200, 404), f"{path}: {answer.status_code}"
    read = pieces(answer.text)
    assert sum(piece.is_bracketed for piece in read) > 20, f"{path}: not in the pseudo-locale"
    return [piece for piece in read if is_interface(piece, content)]


def test_a_hard_coded_text_is_found() -> None:
    page = '<html lang="en"><p title="Say">⟦Síñg⟧ out <b>⟦Gó <i>Vienna</i>⟧</b></p><p lang="fr">Dire</p></html>'
    found = [piece.text for piece in pieces(page) if is_interface(piece, "Nothing")]
    assert found == ["Say", "out"]
