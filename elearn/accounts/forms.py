"""Forms of accounts. What they refuse is decided in `policy.py`; here it gets its sentence in the reader's language."""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from wtforms import BooleanField, EmailField, PasswordField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.fields import Field

from elearn import clock
from elearn.accounts import policy
from elearn.errors import RuleBroken, TooMany
from elearn.i18n import bidi, dates
from elearn.i18n.locales import LOCALES
from elearn.i18n.markers import N_
from elearn.web.current import frame
from elearn.web.forms import NOT_A_CHOICE, REQUIRED, Form, Required, clean
from elearn.web.platform import platform
from elearn.web.text import text

TWICE = N_("This field was sent more than once. Please send the form again.")
CONSENT_NEEDED = N_("An account needs your agreement to how your data are used.")
PASSWORD_HINT = N_("At least %(limit)s characters. Several words that do not belong together are a good choice.")


class Rule:
    """A rule of the policy as a validator; an empty field is left to `Required`."""

    def __init__(self, check: Callable[[str], object]) -> None:
        self.check = check

    def __call__(self, _form: Form, field: Field) -> None:
        if not field.data:
            return
        try:
            self.check(field.data)
        except RuleBroken as error:
            raise ValidationError(text(error.message, **error.values)) from None


class OneOf:
    """A choice that the list holds."""

    def __call__(self, _form: Form, field: SelectField) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(text(NOT_A_CHOICE))


class AccountForm(Form):
    """Parent of the forms here: every field exactly once, and a rate limit that keeps what was typed."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.retry_after = 0

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether each field was sent once (a box may be missing: then it is empty) and is valid."""
        valid: bool = super().validate(extra_validators)
        for field in self:
            count = len(field.raw_data or ())
            if count > 1 or (count == 0 and not isinstance(field, BooleanField)):
                field.errors = [text(TWICE if count else REQUIRED)]
                valid = False
        return valid

    def slow_down(self, error: TooMany) -> bool:
        """Refuse for now; False, as a form that is not accepted."""
        self.notice = text(error.message, **error.values)
        self.retry_after = error.retry_after
        return False

    @property
    def status(self) -> int:
        """As every form's, and 429 after `slow_down`."""
        return 429 if self.retry_after else super().status

    def page(self, template: str, **values: Any) -> Response:
        """The page with this form; Retry-After where it was slowed down (RFC 6585, section 4)."""
        response = super().page(template, **values)
        if self.retry_after:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


class AddressForm(AccountForm):
    """An e-mail address, to have a letter sent."""

    email = EmailField(N_("E-mail address"), [Required(), Rule(policy.email_address)], filters=[clean])

    @property
    def address(self) -> str:
        """The address in its stored form; the field is valid."""
        return policy.email_address(self.email.data)


class LoginForm(AccountForm):
    """Signing in. What is no address at all is answered like an unknown one."""

    email = EmailField(N_("E-mail address"), [Required()], filters=[clean])
    password = PasswordField(N_("Password"), [Required(), Rule(policy.check_password_length)])
    remember = BooleanField(N_("Keep me signed in"), description=N_("Not on a shared computer."))

    @property
    def address(self) -> str:
        """The address in its stored form, or what was typed where it is none."""
        typed: str = self.email.data
        try:
            return policy.email_address(typed)
        except RuleBroken:
            return typed.lower().replace("\0", "")  # which PostgreSQL cannot compare


class NewPasswordForm(AccountForm):
    """A new password; `personal` holds what it must not be."""

    password = PasswordField(N_("New password"), [Required()])

    def __init__(self, formdata: Any = None, *, personal: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.personal = personal
        self.minimum = platform().settings.password_min_length
        self.password.description = text(PASSWORD_HINT, limit=self.minimum)

    def validate_password(self, field: Field) -> None:
        """Called by WTForms after the field's own validators."""
        Rule(lambda typed: policy.check_new_password(typed, minimum=self.minimum, personal=self.personal))(self, field)


class RegisterForm(NewPasswordForm, AddressForm):
    """A new account."""

    full_name = StringField(
        N_("Full name"),
        [Required(), Rule(policy.full_name)],
        filters=[clean],
        description=N_("As it should stand on your certificate."),
    )
    email = EmailField(
        N_("E-mail address"),
        [Required(), Rule(policy.email_address)],
        filters=[clean],
        description=N_("You will get a letter with a link that confirms it."),
    )
    password = PasswordField(N_("Password"), [Required()])
    locale = SelectField(N_("Language of your letters"), [OneOf()], validate_choice=False)
    consent = BooleanField(N_("I agree that my data are used as the privacy statement says"))

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.locale.choices = language_choices()
        self.personal = (self.full_name.data or "", self.email.data or "")

    def validate_consent(self, field: Field) -> None:
        """Called by WTForms."""
        if not field.data:
            raise ValidationError(text(CONSENT_NEEDED))


class ProfileForm(AccountForm):
    """What people may change about themselves."""

    full_name = StringField(
        N_("Full name"),
        [Required(), Rule(policy.full_name)],
        filters=[clean],
        description=N_("As it should stand on your certificate. Certificates that were issued keep their name."),
    )
    locale = SelectField(N_("Language of pages and letters"), [OneOf()], validate_choice=False)
    time_zone = SelectField(
        N_("Time zone"),
        [OneOf()],
        validate_choice=False,
        description=N_("All times and deadlines are shown in this zone."),
    )

    def __init__(self, formdata: Any = None, *, current_zone: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.locale.choices = language_choices()
        self.time_zone.choices = zone_choices(frame().locale.code, clock.now().date(), current_zone)


def language_choices() -> list[SelectChoice]:
    """The languages by their own names, each marked as its own language."""
    return [SelectChoice(x.code, x.endonym, render_kw={"lang": x.code, "dir": x.direction}) for x in LOCALES]


@lru_cache(maxsize=64)
def zone_choices(locale: str, day: date, current: str) -> list[SelectChoice]:
    """Zones as "Vienna (UTC+01:00)" in the language, by name, with the offset of that day at noon.

    `current` is kept in the list even where the list knows the zone by another name.
    """
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=clock.now().tzinfo)
    choices = [SelectChoice(zone, _zone_label(zone, locale, noon)) for zone in policy.time_zones() | {current}]
    return sorted(choices, key=lambda choice: (_sort_key(choice.label), choice.value))


def _zone_label(zone: str, locale: str, moment: datetime) -> str:
    offset = moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = int(abs(offset).total_seconds()) // 60
    sign = "\u2212" if offset < timedelta() else "+"
    return f"{dates.city(zone, locale)} ({bidi.isolate_ltr(f'UTC{sign}{minutes // 60:02}:{minutes % 60:02}')})"


def _sort_key(label: str) -> str:
    """Without accents, so that Évora stands with E; Arabic in the order of its code points."""
    return "".join(c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c)).casefold()
