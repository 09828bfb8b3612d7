"""Forms: labels and errors in the reader's language, values cleaned but never lost."""

import unicodedata
from typing import Any, Self

from flask import Response, request
from werkzeug.datastructures import MultiDict
from wtforms import Form as WTForm
from wtforms import ValidationError
from wtforms.fields import Field
from wtforms.validators import StopValidation

from elearn.errors import RuleBroken
from elearn.i18n import bidi
from elearn.i18n.markers import N_
from elearn.web.current import READ_METHODS, frame
from elearn.web.pages import render
from elearn.web.text import text

SWITCH = "switch_locale"
# Longer than any field takes. Putting marks in order costs the square of their number, so `Length` refuses it first.
MAX_CLEANED = 5_000
STALE = N_("This page had been open for a long time, so it was not sent. Nothing is lost: please send it again.")
REQUIRED = N_("Please fill in this field.")
TOO_LONG = N_("Please shorten this text: it has %(length)s characters, and at most %(limit)s are possible.")
TOO_SHORT = N_("Please write a little more: at least %(limit)s characters are needed.")
NOT_A_CHOICE = N_("Please choose one of the options in the list.")
CONTROL = N_("This field contains characters that cannot be stored. Please type it again.")


class Form(WTForm):
    """Parent of all forms. Labels, descriptions and choices are msgids marked with N_; here they are translated."""

    class Meta:
        """WTForms' own messages are not used; ours come from the catalogue."""

        locales = False

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.notice = ""
        self.failed = False
        for field in self:
            field.label.text = text(field.label.text)
            field.description = text(field.description) if field.description else ""

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        """The form with what was posted, or with `kwargs` (obj=, data=) for a first view."""
        posted = request.method not in READ_METHODS
        return cls(request.form if posted else MultiDict(), **kwargs) if posted else cls(None, **kwargs)

    def accepted(self) -> bool:
        """True when the form was posted with a fresh token, is no change of language, and is valid."""
        current = frame()
        if request.method in READ_METHODS or SWITCH in request.form:
            return False
        if current.csrf_failed:
            self.notice, self.failed = text(STALE), True
            return False
        if not self.validate():
            self.failed = True
            return False
        return True

    def refuse(self, error: RuleBroken) -> None:
        """Put a rule's sentence to its field, or above the form."""
        sentence = text(error.message, **error.values)
        self.failed = True
        if error.field and error.field in self:
            self[error.field].errors = [*self[error.field].errors, sentence]
        else:
            self.notice = sentence

    @property
    def status(self) -> int:
        """200 for a first view or a change of language, 400 for a stale token, 422 for an invalid form."""
        if frame().csrf_failed and SWITCH not in request.form:
            return 400
        return 422 if self.failed else 200

    def page(self, template: str, **values: Any) -> Response:
        """The page with this form, its values and its errors, with the right status."""
        return render(template, status=self.status, form=self, **values)


def clean(value: Any) -> Any:
    """Filter for text fields: NFC, no bidi overrides, no surrounding space; control characters stay to be refused."""
    if not isinstance(value, str) or len(value) > MAX_CLEANED:
        return value
    return bidi.strip_overrides(unicodedata.normalize("NFC", value)).strip()


class Required:
    """Something must be there; marks the field as required for browsers and screen readers."""

    field_flags = {"required": True}

    def __call__(self, _form: WTForm, field: Field) -> None:
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []  # type: ignore[assignment]  # WTForms appends to this list
            raise StopHere(text(REQUIRED))


class StopHere(StopValidation):
    """A first error that makes further ones pointless."""


class Length:
    """Between `minimum` and `maximum` characters; nothing is cut. Control characters are refused."""

    def __init__(self, *, minimum: int = 0, maximum: int) -> None:
        self.minimum = minimum
        self.maximum = maximum

    def __call__(self, _form: WTForm, field: Field) -> None:
        value = field.data or ""
        if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in value):
            raise ValidationError(text(CONTROL))
        if len(value) > self.maximum:
            raise StopHere(text(TOO_LONG, length=len(value), limit=self.maximum))
        if value and len(value) < self.minimum:
            raise ValidationError(text(TOO_SHORT, limit=self.minimum))
