"""Forms of this room: a number typed from paper, a name compared with the paper."""

from typing import Self

from flask import request
from wtforms import StringField, ValidationError
from wtforms.fields import Field

from elearn.certificates.service.numbers import parse
from elearn.i18n.markers import N_
from elearn.web.current import READ_METHODS
from elearn.web.forms import Form, Length, Required, clean
from elearn.web.text import text

NO_NUMBER = N_(
    "This cannot be a certificate number. It has 26 letters and figures; please compare it with the paper, "
    "group by group."
)


def _is_number(_form: Form, field: Field) -> None:
    if parse(field.data) is None:
        raise ValidationError(text(NO_NUMBER))


class NumberForm(Form):
    """A number to look up: posted, or asked for in the address by the short form under a checked certificate."""

    number = StringField(
        N_("Certificate number"),
        [Required(), _is_number],
        filters=[clean],
        description=N_("It stands at the foot of the certificate. Small letters and missing hyphens do no harm."),
    )

    @classmethod
    def asked(cls) -> Self:
        """The form with what was posted or stands in the address."""
        return cls(request.args) if _is_in_address() else cls.from_request()

    def accepted(self) -> bool:
        """As for every form; a number in the address is a question too, and needs no token."""
        if not _is_in_address():
            return super().accepted()
        self.failed = not self.validate()
        return not self.failed


def _is_in_address() -> bool:
    return request.method in READ_METHODS and "number" in request.args


class NameForm(Form):
    """The name on the paper, where the check page does not show it."""

    name = StringField(
        N_("Name as printed"),
        [Required(), Length(maximum=200)],
        filters=[clean],
        description=N_(
            "In Arabic or Latin letters, as it stands there. The answer is only yes or no, and nothing you type is "
            "kept."
        ),
    )
