"""What goes onto the paper in one language, made so that the drawing cannot fail."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import structlog

from elearn.certificates.queries import IssuedCertificate
from elearn.certificates.service.drawing import CertificateData, CertificateText
from elearn.certificates.service.wording import wording
from elearn.fonts import undrawable
from elearn.i18n.markers import N_
from elearn.i18n.messages import Translations

log = structlog.get_logger("elearn.certificates")

# Stands for a letter that no font draws: the paper then shows that one is there, and the check page shows it.
PLACEHOLDER = "□"
_JOINERS = "\u200c\u200d"


def certificate_data(certificate: IssuedCertificate, messages: Translations, *, base_url: str) -> CertificateData:
    """The certificate in the language of `messages`, every value drawable (see `drawable`).

    `base_url` is the site's address without a slash at its end.
    """
    locale, printed, words = messages.locale, certificate.printed, wording(certificate, messages)
    values = {
        "name": certificate.holder,
        "course": words.course,
        "cohort": words.cohort,
        "issuer": printed.issuer,
        "signatory": printed.signatory,
        "completed": words.completed,
        "issued": words.issued,
        "effort": words.effort,
        "language": words.language,
    }
    fields: dict[str, Any] = {key: _checked(value, key, certificate.id) for key, value in values.items()}
    return CertificateData(
        text=_text(messages),
        locale=locale.code,
        direction=locale.direction,
        name_latin=None,
        signatory_title="",
        number=certificate.number,
        check_url=check_url(base_url, locale.code, certificate.number),
        timestamp=certificate.issued_at,
        **fields,
    )


def check_url(base_url: str, locale: str, number: str) -> str:
    """The full address of the check page, as printed and in the QR code."""
    return f"{base_url}/{locale}/certificates/{number}"


def drawable(text: str) -> str:
    """The text with nothing in it that no font draws.

    Line breaks become spaces, invisible controls go. A letter that no font has is written in its compatibility form
    (NFKC) where that can be drawn, else as PLACEHOLDER, so that no letter disappears without a trace.
    """
    text = unicodedata.normalize("NFC", text)
    if not undrawable(text):
        return text
    return "".join(map(_substitute, _letters(text)))


def _checked(text: str, field: str, certificate_id: int) -> str:
    drawn = drawable(text)
    if count := drawn.count(PLACEHOLDER) - text.count(PLACEHOLDER):
        log.warning("letters without a font", certificate=certificate_id, field=field, count=count)
    return drawn


def _letters(text: str) -> Iterator[str]:
    """Each character with the marks and joiners after it."""
    letter = ""
    for char in text:
        if letter and (unicodedata.category(char).startswith("M") or char in _JOINERS):
            letter += char
            continue
        if letter:
            yield letter
        letter = char
    if letter:
        yield letter


def _substitute(letter: str) -> str:
    if not undrawable(letter):
        return letter
    if letter[0].isspace():
        return " "
    if unicodedata.category(letter[0]) in ("Cc", "Cf"):
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    return PLACEHOLDER if undrawable(plain) else plain


def _text(messages: Translations) -> CertificateText:
    """The fixed words; one whose translation cannot be drawn stays English."""

    def words(msgid: str) -> str:
        return _usable(messages.gettext(msgid), msgid)

    return CertificateText(
        title=words(N_("Certificate of completion")),
        # Words that mean something else on other pages ("Completed" as a state) have a context.
        awarded_to=_usable(messages.pgettext("certificate", "Awarded to"), "Awarded to"),
        completed=_usable(messages.pgettext("certificate", "Completed"), "Completed"),
        issued=_usable(messages.pgettext("certificate", "Issued"), "Issued"),
        for_completing=words(N_("for completing the self-paced course")),
        effort=words(N_("Effort")),
        cohort=words(N_("Cohort")),
        language=words(N_("Language of study")),
        signed_for=words(N_("For the institute")),
        number=words(N_("Certificate number")),
        check=words(N_("Anyone can check this certificate here, without signing in")),
        qr_alt=words(N_("QR code with the address of the check page:")),
        says=words(
            N_("It confirms that every required lesson was marked as done and that the final assessment was passed.")
        ),
        disclaims=words(
            N_("It is not an academic degree. It is not a United Nations document, nor endorsed by the United Nations.")
        ),
    )


def _usable(translated: str, source: str) -> str:
    return source if undrawable(translated) else translated
