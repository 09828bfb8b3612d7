"""Forms for applicants and for staff, with labels as msgids."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from wtforms import DateField, Field, RadioField, SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import BooleanField
from wtforms.widgets import TextInput

from elearn.accounts.policy import time_zones
from elearn.cohorts import policy
from elearn.cohorts.service.planning import NAME_LIMIT, NOTE_LIMIT
from elearn.i18n import bidi, dates
from elearn.i18n.countries import OTHER, UNSAID, alphabetic_key, country_names
from elearn.i18n.locales import LOCALES
from elearn.i18n.markers import N_
from elearn.web.forms import NOT_A_CHOICE, REQUIRED, Form, Length, StopHere, clean
from elearn.web.text import text

MOTIVATION_LIMIT = 2000
MESSAGE_LIMIT = 1000
GROUP_NAMES: Mapping[str, str] = {
    "civil_society": N_("Civil society"),
    "academia": N_("Academia"),
    "private_sector": N_("Private sector"),
    "government": N_("Government"),
    "international_organization": N_("International organization"),
    "other": N_("Another group"),
}
ORGANISATION_TYPE_NAMES: Mapping[str, str] = {
    "community_group": N_("Community group"),
    "labour_union": N_("Labour union"),
    "indigenous_organization": N_("Organization of indigenous peoples"),
    "charitable": N_("Charitable organization"),
    "faith_based": N_("Faith-based organization"),
    "professional_association": N_("Professional association"),
    "foundation": N_("Foundation"),
    "other": N_("Another kind"),
}
REASON_NAMES: Mapping[str, str] = {
    "seats": N_("There are more applications than seats"),
    "profile": N_("The course is meant for other groups"),
    "incomplete": N_("The application leaves too much open"),
    "duplicate": N_("There is another application by the same person"),
    "other": N_("Another reason, given in the personal line"),
}
ENTRY_NAMES: Mapping[str, str] = {
    "application": N_("People apply, and staff decide"),
    "open": N_("Whoever applies is enrolled at once while there are seats"),
}
DECISION_NAMES: Mapping[str, str] = {
    "accepted": N_("Accept"),
    "waitlisted": N_("Waiting list"),
    "declined": N_("Decline"),
}
OTHER_COUNTRY = N_("Another country or area")
COUNTRY_UNSAID = N_("I prefer not to say")
CHOOSE = N_("Please choose")
OPTIONAL = N_("You may leave this open.")
NO_DAY = N_("Please give a day of the calendar, such as 2027-01-15.")
TWICE = N_("This field was sent more than once. Please send the form again.")
NO_NUMBER = N_("Please give a whole number in digits.")


class OneOf:
    """The value is one of the field's own choices; the sentence is ours, not the library's."""

    def __call__(self, _form: Form, field: SelectField) -> None:
        if field.data and field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(text(NOT_A_CHOICE))


class Needed:
    """Must be filled in, unless the form is a draft or the field is optional in this cohort."""

    def __call__(self, form: "SentOnce", field: Field) -> None:
        if not field.data and not field.process_errors and field.name in form.required:
            raise StopHere(text(REQUIRED))


class DayField(DateField):
    """A day of the calendar as 2027-01-15, in digits of any script."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with a sentence in the reader's language."""
        try:
            super().process_formdata([bidi.western_digits(value.strip()) for value in valuelist])
        except ValueError:
            raise ValueError(text(NO_DAY)) from None


class WholeNumberField(StringField):
    """A whole number, in digits of any script; None where nothing is written."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Raises ValueError with a sentence in the reader's language."""
        written = bidi.western_digits(valuelist[0].strip()) if valuelist else ""
        self.data = None
        if written:
            if not (written.isascii() and written.isdigit() and len(written) <= 9):
                raise ValueError(text(NO_NUMBER))
            self.data = int(written)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "" if self.data is None else str(self.data)


def one_line(value: Any) -> Any:
    """Filter for fields of one line: breaks of lines become spaces, since the value stands in headings and letters."""
    cleaned = clean(value)
    return " ".join(cleaned.split("\n")).replace("\r", " ") if isinstance(cleaned, str) else cleaned


def choices(names: Mapping[str, str]) -> list[SelectChoice]:
    """Choices with these labels."""
    return [SelectChoice(value, label) for value, label in names.items()]


def translated(names: Mapping[str, str]) -> list[SelectChoice]:
    """Choices in the reader's language; the labels are msgids."""
    return choices({value: text(label) for value, label in names.items()})


class SentOnce(Form):
    """Parent of the forms here: a field that was sent twice is refused, since nobody knows which value was meant."""

    required: frozenset[str] = frozenset()

    @property
    def is_posted(self) -> bool:
        """True when the form holds what somebody typed in this request, so that it must be shown again."""
        return any(field.raw_data for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether no field was sent twice and each is valid."""
        valid: bool = super().validate(extra_validators)
        for field in self:
            if len(field.raw_data or ()) > 1:
                field.errors = [text(TWICE)]
                valid = False
        return valid


class ApplicationForm(SentOnce):
    """What an applicant is asked. `required` follows from the cohort and from what is done with the form."""

    stakeholder_group = RadioField(
        N_("Which group do you belong to?"), [Needed(), OneOf()], choices=[], validate_choice=False
    )
    organisation = StringField(
        N_("Organization"),
        [Needed(), Length(maximum=200)],
        filters=[one_line],
        description=N_("Its name in any language. If you work alone, write “independent”."),
    )
    organisation_type = SelectField(
        N_("Kind of organization"), [OneOf()], choices=[], validate_choice=False, description=OPTIONAL
    )
    country = SelectField(N_("Country or area"), [Needed(), OneOf()], choices=[], validate_choice=False)
    motivation = TextAreaField(
        N_("Why do you want to take this course?"),
        [Needed(), Length(minimum=20, maximum=MOTIVATION_LIMIT)],
        filters=[clean],
        description=N_("Up to 2,000 characters. What you do, and what you would use the course for."),
    )
    locale = SelectField(
        N_("Language for letters"),
        [Needed(), OneOf()],
        choices=[SelectChoice(x.code, x.endonym, {"lang": x.code, "dir": x.direction}) for x in LOCALES],
        validate_choice=False,
    )
    consent = BooleanField(
        N_("I agree that the course team reads this application to decide on it."), [Needed()], false_values=("", "0")
    )

    def __init__(
        self, formdata: Any = None, *, country_locale: str = "en", is_open_entry: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(formdata, **kwargs)
        self.is_open_entry = is_open_entry
        self.stakeholder_group.choices = translated(GROUP_NAMES)
        self.organisation_type.choices = translated({"": CHOOSE, **ORGANISATION_TYPE_NAMES})
        self.country.choices = [
            *translated({"": CHOOSE}),
            *choices(country_names(country_locale)),
            *translated({OTHER: OTHER_COUNTRY, UNSAID: COUNTRY_UNSAID}),
        ]
        if is_open_entry:
            self.organisation.description = self.motivation.description = text(OPTIONAL)

    def accepted_as(self, action: str) -> bool:
        """Valid for a draft ("save"), where all but the language may be missing, or for sending ("submit")."""
        needed = {"stakeholder_group", "country", "locale", "consent"}
        if not self.is_open_entry:
            needed |= {"organisation", "motivation"}
        self.required = frozenset({"locale"} if action == "save" else needed)
        return self.accepted()


class CohortForm(SentOnce):
    """A cohort as staff write it down; the last days are included."""

    course = SelectField(N_("Course"), [Needed(), OneOf()], choices=[], validate_choice=False)
    name_ar = StringField(N_("Name in Arabic"), [Length(maximum=NAME_LIMIT)], filters=[one_line])
    name_en = StringField(
        N_("Name in English"),
        [Length(maximum=NAME_LIMIT)],
        filters=[one_line],
        description=N_("One language is enough; readers of the others see that name."),
    )
    name_fr = StringField(N_("Name in French"), [Length(maximum=NAME_LIMIT)], filters=[one_line])
    name_es = StringField(N_("Name in Spanish"), [Length(maximum=NAME_LIMIT)], filters=[one_line])
    entry = RadioField(N_("How people come in"), [Needed(), OneOf()], choices=[], validate_choice=False)
    zone = SelectField(
        N_("Time zone"),
        [Needed(), OneOf()],
        choices=[],
        validate_choice=False,
        description=N_("Days begin and end by the clocks of this place."),
    )
    first_application_day = DayField(N_("First day of applications"), [Needed()])
    last_application_day = DayField(
        N_("Last day of applications"), [Needed()], description=N_("This day is included, to its last minute.")
    )
    first_study_day = DayField(N_("First day of study"), [Needed()])
    last_study_day = DayField(
        N_("Last day of study"), [Needed()], description=N_("This day is included, to its last minute.")
    )
    grace_days = WholeNumberField(
        N_("Days of grace"), description=N_("Days after the last one in which learners may still finish.")
    )
    seats = WholeNumberField(N_("Seats"), description=N_("Leave this empty where seats are not limited."))
    note_ar = TextAreaField(N_("Public note in Arabic"), [Length(maximum=NOTE_LIMIT)], filters=[clean])
    note_en = TextAreaField(
        N_("Public note in English"),
        [Length(maximum=NOTE_LIMIT)],
        filters=[clean],
        description=N_("Shown on the pages of the course and of the application."),
    )
    note_fr = TextAreaField(N_("Public note in French"), [Length(maximum=NOTE_LIMIT)], filters=[clean])
    note_es = TextAreaField(N_("Public note in Spanish"), [Length(maximum=NOTE_LIMIT)], filters=[clean])
    confirm = BooleanField(N_("Take the study time away; the learners know."), false_values=("", "0"))
    required = frozenset(
        {
            "course",
            "entry",
            "zone",
            "first_application_day",
            "last_application_day",
            "first_study_day",
            "last_study_day",
        }
    )

    def __init__(self, formdata: Any = None, *, courses: Mapping[str, str], locale: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.course.choices = choices(courses)
        self.entry.choices = translated(ENTRY_NAMES)
        self.zone.choices = choices(zone_names(locale))

    def texts(self, prefix: str) -> dict[str, str]:
        """`names` or `notes` by language; `prefix` is "name" or "note"."""
        return {locale.code: self[f"{prefix}_{locale.code}"].data or "" for locale in LOCALES}

    def day(self, name: str) -> date:
        """A day, after validation."""
        value = self[name].data
        assert isinstance(value, date)
        return value


@cache
def zone_names(locale: str) -> dict[str, str]:
    """UTC, then the zones that people live in, by place, with readable names."""
    labelled = sorted(
        ((zone, _zone_label(zone, locale)) for zone in time_zones() - {"UTC"}), key=lambda item: alphabetic_key(item[1])
    )
    return {"UTC": dates.zone_name("UTC", locale), **dict(labelled)}


def _zone_label(zone: str, locale: str) -> str:
    """The place in the reader's language, then the name in the database, which tells places of one name apart."""
    return f"{dates.city(zone, locale)} ({bidi.isolate_ltr(zone)})"


class DecisionForm(SentOnce):
    """A decision on an application."""

    decision = RadioField(N_("Decision"), [Needed(), OneOf()], choices=[], validate_choice=False)
    reason = SelectField(N_("Kind of reason, when you decline"), [OneOf()], choices=[], validate_choice=False)
    message = TextAreaField(
        N_("Personal line in the letter"),
        [Length(maximum=MESSAGE_LIMIT)],
        filters=[clean],
        description=N_("In the language of the letter. You may leave it empty."),
    )
    required = frozenset({"decision"})

    def __init__(self, formdata: Any = None, *, state: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.offer(state)
        self.reason.choices = translated({"": CHOOSE, **REASON_NAMES})

    def offer(self, state: str) -> None:
        """Let the decisions be chosen that are possible for an application in this state."""
        self.decision.choices = translated({name: DECISION_NAMES[name] for name in policy.DECISIONS.get(state, ())})
