"""What the component page shows: invented texts in both directions; development only."""

from dataclasses import dataclass
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from markupsafe import escape
from wtforms import (
    BooleanField,
    EmailField,
    Form,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from elearn.content.feedback import FeedbackEntry, RenderedFeedback
from elearn.content.marking import Verdict
from elearn.content.render import RenderedChoice, RenderedQuestion

_ENGLISH = {
    "title": "When is an offence transnational?",
    "other": "Who is an organized criminal group?",
    "text": "One of the four cases is enough, and only the first asks for acts in two States.",
    "short": "Yes: a substantial part of the planning took place in another State.",
    "wrong": "No: the theft took place in one State only.",
    "name": "Nguyễn Thị Ví Dụ",
    "label": "Organisation",
    "hint": "Its name in any language.",
    "error": "Write something here.",
    "group": "Civil society",
    "phrases": "Know the Convention.|Take your place|in the dialogue.",
    "foreign": "ما المقصود بالجريمة الخطيرة؟",
}
_ARABIC = {
    "title": "متى يكون الجرم ذا طابع عبر وطني؟",
    "other": "ما المقصود بالجماعة الإجرامية المنظمة؟",
    "text": "تكفي حالة واحدة من الحالات الأربع، والأولى وحدها تقتضي أفعالاً في دولتين.",
    "short": "نعم، لأن جانباً كبيراً من التخطيط جرى في دولة أخرى.",
    "wrong": "لا، فالسرقة وقعت في دولة واحدة فقط.",
    "name": "شخص مثال",
    "label": "الجهة",
    "hint": "اسمها بأي لغة.",
    "error": "اكتبوا شيئاً هنا.",
    "group": "المجتمع المدني",
    "phrases": "من فهم الاتفاقية|إلى المشاركة في الحوار",
    "foreign": "What is a serious crime?",
}


@dataclass(frozen=True, slots=True)
class Samples:
    """Texts by key, a form with every kind of field, questions and a course map."""

    text: dict[str, str]
    form: Form
    questions: tuple[RenderedQuestion, ...]
    numbered: tuple[RenderedQuestion, ...]
    chosen: dict[str, list[str]]
    feedback: dict[str, RenderedFeedback]
    modules: tuple[Any, ...]


def samples(direction: str) -> Samples:
    """The samples for a page of this direction ("ltr" or "rtl")."""
    text = _ARABIC if direction == "rtl" else _ENGLISH
    chosen = {"s1": ["a"], "m1": ["a"], "p1.l1": ["t2"], "o1.l1": ["2"], "c1a": ["b"]}
    attempt = tuple(_question(f"n{n}", q.kind, q.stem, options=q.options, lines=q.lines, targets=q.targets)
                    for n, q in enumerate(_questions(text)[:5], 1))  # fmt: skip
    return Samples(text, _form(text), _questions(text), attempt, chosen, _feedback(text), _modules(text))


def _form(text: dict[str, str]) -> Form:
    choices = [SelectChoice("a", text["group"]), SelectChoice("b", text["label"])]

    class SampleForm(Form):
        email = EmailField(text["label"], description=text["hint"])
        password = PasswordField(text["label"])
        name = StringField(text["label"], [InputRequired(text["error"]), Length(max=120)], description=text["hint"])
        group = RadioField(text["label"], choices=choices, validate_choice=False)
        country = SelectField(text["label"], choices=choices, default="a")
        motivation = TextAreaField(text["label"], [Length(min=3, message=text["error"])])
        consent = BooleanField(text["short"], [InputRequired(text["error"])], description=text["hint"])

    form = SampleForm()
    form.validate()
    return form


def _choice(key: str, text: str) -> RenderedChoice:
    return RenderedChoice(key, escape(text), text)


def _question(key: str, kind: str, stem: str, **parts: Any) -> RenderedQuestion:
    empty: dict[str, Any] = {"options": (), "lines": (), "targets": (), "parts": ()}
    return RenderedQuestion(id=key, kind=kind, level="apply", stem=escape(stem), **{**empty, **parts})


def _questions(text: dict[str, str]) -> tuple[RenderedQuestion, ...]:
    options = (_choice("a", text["wrong"]), _choice("b", text["short"]), _choice("c", text["text"]))
    lines = (_choice("l1", text["wrong"]), _choice("l2", text["short"]))
    targets = (_choice("t1", text["title"]), _choice("t2", text["other"]))
    english = (_choice("t", "True"), _choice("f", "False"))
    part = _question("c1a", "single", text["title"], options=options)
    return (
        _question("s1", "single", text["title"], options=options),
        _question("m1", "multiple", text["title"], options=options),
        _question("t1", "truefalse", text["text"], options=options[:2]),
        _question("p1", "matching", text["title"], lines=lines, targets=targets),
        _question("o1", "ordering", text["title"], lines=lines),
        _question("c1", "case", text["text"], parts=(part,)),
        _question(
            "x1",
            "truefalse",
            "A translation is missing here.",
            options=english,
            lang="en",
            direction="ltr",
            fallback="missing",
        ),
    )


def _feedback(text: dict[str, str]) -> dict[str, RenderedFeedback]:
    def entry(key: str, *, is_chosen: bool, is_right: bool, given: str = "", answer: str = "") -> FeedbackEntry:
        words = escape(text["short"]), is_chosen, is_right, escape(text["text"])
        return FeedbackEntry(key, *words, given=escape(given), answer=escape(answer))

    def answer(key: str, kind: str, verdict: Verdict, *entries: FeedbackEntry) -> RenderedFeedback:
        stem, points = escape(text["title"]), Fraction(verdict == "right")
        return RenderedFeedback(key, kind, stem, verdict, points, answered=bool(entries), entries=entries, parts=())

    wrong = entry("a", is_chosen=True, is_right=False)
    right = entry("a", is_chosen=True, is_right=True)
    missed = entry("b", is_chosen=False, is_right=True)
    line = entry("l1", is_chosen=True, is_right=True, given=text["group"], answer=text["group"])
    other = entry("l2", is_chosen=True, is_right=False, given=text["group"], answer=text["label"])
    return {
        "s1": answer("s1", "single", "wrong", wrong),
        "m1": answer("m1", "multiple", "partly", right, missed),
        "t1": answer("t1", "truefalse", "wrong"),
        "p1": answer("p1", "matching", "partly", line, other),
    }


def _modules(text: dict[str, str]) -> tuple[Any, ...]:
    lessons = tuple(
        SimpleNamespace(title=text[key], url="#main", state=state, current=state == "begun")
        for key, state in (("other", "done"), ("title", "begun"), ("label", "none"))
    )
    states = tuple(lesson.state for lesson in lessons)
    shared: dict[str, Any] = {"lessons": lessons, "states": states, "done": 1, "total": 3}
    return (
        SimpleNamespace(number=1, title=text["label"], state="done", open=False, **shared),
        SimpleNamespace(number=3, title=text["other"], state="begun", open=True, **shared),
    )
