"""What a learner reads after answering: feedback on what was chosen, and after submission the right answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from elearn.content.marking import Answers, Verdict, chosen_options, given_answers, mark
from elearn.content.model import Line, Option, Question
from elearn.content.reading import NOTHING, SOURCE_LOCALE, Edition, Reader, State, Texts
from elearn.content.render import ChoiceTexts, form_id, mixed_steps, question_attributes


@dataclass(frozen=True, slots=True)
class FeedbackEntry:
    """One option or line. `is_right`: the option is right, the line was answered rightly. `given` is what a line was
    matched with or numbered as, `answer` its right answer; `answer` is empty before submission. `html` is the reason.
    """

    id: str
    text: Markup
    is_chosen: bool
    is_right: bool
    html: Markup
    given: Markup = NOTHING
    answer: Markup = NOTHING


@dataclass(frozen=True, slots=True)
class RenderedFeedback:
    """Feedback on one question; of a case on its parts. `lang`, `direction`, `fallback` and `notice` as in
    RenderedQuestion."""

    id: str
    kind: str
    stem: Markup
    verdict: Verdict
    points: Fraction
    answered: bool
    entries: tuple[FeedbackEntry, ...]
    parts: tuple["RenderedFeedback", ...]
    lang: str = ""
    direction: str = ""
    fallback: State = ""
    notice: Markup = NOTHING

    @property
    def attributes(self) -> Markup:
        """The attributes for the element around it, with a space before each."""
        return question_attributes(self.fallback)


def render_feedback(question: Question, answers: Answers, texts: Texts, edition: Edition) -> RenderedFeedback:
    """Feedback on a knowledge check: on the option chosen; of multiple choice also on right ones that were missed;
    of matching and ordering on every line."""
    return _Feedback(question, answers, texts, edition, is_solution=False).render(question)


def render_solution(question: Question, answers: Answers, texts: Texts, edition: Edition) -> RenderedFeedback:
    """Feedback on every option and line, with the right answers. For what was submitted only."""
    return _Feedback(question, answers, texts, edition, is_solution=True).render(question)


class _Feedback:
    """Renders the feedback on one question and its parts, all in one language."""

    def __init__(
        self, question: Question, answers: Answers, texts: Texts, edition: Edition, *, is_solution: bool
    ) -> None:
        reader = Reader(texts, edition)
        self.state = reader.worst(question.units())
        self.texts = ChoiceTexts(reader, in_english=bool(self.state))
        self.answers = answers
        self.is_solution = is_solution
        self.notice = edition.notice(self.state)

    def render(self, question: Question) -> RenderedFeedback:
        """The feedback on a question."""
        result = mark(question, self.answers)
        lang, direction = (SOURCE_LOCALE, "ltr") if self.state else ("", "")
        return RenderedFeedback(
            question.id, question.kind, self.texts.stem(question), result.verdict, result.points, result.answered,
            tuple(self._entries(question)), tuple(self.render(part) for part in question.parts),
            lang, direction, self.state, self.notice,
        )  # fmt: skip

    def _entries(self, question: Question) -> Iterator[FeedbackEntry]:
        chosen = chosen_options(question, self.answers)
        for option in question.options:
            is_missed = question.kind == "multiple" and option.is_right and bool(chosen)
            if self.is_solution or option.id in chosen or is_missed:
                yield FeedbackEntry(
                    option.id, self.texts.html(option.text), option.id in chosen, option.is_right, self._reason(option)
                )
        given = given_answers(question, self.answers)
        lines = question.lines
        if question.kind == "ordering" and not self.is_solution:
            lines = mixed_steps(question)
        for line in lines:
            answer = self._value(question, line.answer) if self.is_solution else NOTHING
            value = given.get(line.id, "")
            yield FeedbackEntry(
                form_id(line), self.texts.html(line.text), bool(value), value == line.answer, self._reason(line),
                self._value(question, value), answer,
            )  # fmt: skip

    def _reason(self, choice: Option | Line) -> Markup:
        return self.texts.html(choice.feedback) if choice.feedback else NOTHING

    def _value(self, question: Question, value: str) -> Markup:
        """The text of a target, or the number of a place."""
        for target in question.targets:
            if target.id == value:
                return self.texts.html(target.text)
        return Markup("{}").format(value)
