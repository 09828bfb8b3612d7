"""Forms for staff, with labels as msgids."""

from wtforms import TextAreaField

from elearn.cohorts.forms import DayField, Needed, SentOnce
from elearn.i18n.markers import N_
from elearn.web.forms import Length, clean

REASON_LIMIT = 1000


class ExtensionForm(SentOnce):
    """More time for one learner; the day is included."""

    until = DayField(N_("Last day of study"), [Needed()], description=N_("This day is included, to its last minute."))
    reason = TextAreaField(
        N_("Why?"),
        [Needed(), Length(maximum=REASON_LIMIT)],
        filters=[clean],
        description=N_("Only staff read this. The learner gets a letter with the new day."),
    )
    required = frozenset({"until", "reason"})
