"""The certificate as a PDF: A4 landscape, tagged, PDF/UA-1 and PDF/A-2a at once.

Everything on the page comes in as text that is already translated and formatted; it reaches the template as
data, so nothing that a person typed can act as markup.
"""

import io
import json
import unicodedata
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Literal, cast

import segno
import typst

from elearn.fonts import font_folders, undrawable, whole_family

_NAME_FACES = ("Playfair Display", "Noto Sans", "Amiri", "IBM Plex Sans Arabic")


@dataclass(frozen=True, slots=True)
class CertificateText:
    """The fixed words of the page in its language: labels without a colon, sentences with their full stop."""

    title: str
    awarded_to: str
    for_completing: str
    completed: str
    issued: str
    effort: str
    cohort: str
    language: str
    signed_for: str
    number: str
    check: str
    qr_alt: str
    """Alternative text of the QR code; the address follows it."""
    says: str
    disclaims: str


@dataclass(frozen=True, slots=True)
class CertificateData:
    """One certificate in one language. Dates, effort and language of study are formatted for the reader."""

    text: CertificateText
    locale: str
    direction: Literal["ltr", "rtl"]
    name: str
    name_latin: str | None
    course: str
    cohort: str
    issuer: str
    signatory: str
    signatory_title: str
    completed: str
    issued: str
    effort: str
    language: str
    number: str
    check_url: str
    timestamp: datetime
    """Aware moment of issue, written into the file as its date."""


class Drawer:
    """Draws certificates from one template. Keep one per process; threads may share it.

    ``template`` is the path of ``certificate.typ``.
    """

    def __init__(self, template: Path) -> None:
        self._compiler = typst.Compiler(
            input=str(template),
            root=str(template.parent),
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=font_folders()),
        )
        # The compiler raises "Already borrowed" when two threads use it at once.
        self._lock = Lock()

    def draw(self, data: CertificateData) -> bytes:
        """The PDF. Equal data give equal bytes with the same fonts and the same version of the compiler.

        Raises ``ValueError`` where the timestamp is naive, or a value holds a character that no font
        draws (`elearn.fonts.undrawable`): ask for another spelling when it is typed.
        """
        if data.timestamp.tzinfo is None:
            raise ValueError("the timestamp of a certificate needs a time zone")
        values = _page_values(data)
        _refuse_undrawable(values)
        inputs = {"data": json.dumps(values | _faces(values)), "qr": _qr_svg(data.check_url)}
        with self._lock:
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=["ua-1", "a-2a"],
                timestamp=data.timestamp.astimezone(UTC).replace(microsecond=0),  # a date in a PDF has whole seconds
            )
        return cast(bytes, pdf)  # a list only for page images, None only where a file is written


def _page_values(data: CertificateData) -> dict[str, str]:
    """All texts of the page under flat names, in NFC; the fixed words carry the prefix ``t_``."""
    values = asdict(data)
    fixed = {f"t_{key}": value for key, value in values.pop("text").items()}
    del values["timestamp"]
    values["name_latin"] = data.name_latin or ""
    return {key: unicodedata.normalize("NFC", value) for key, value in (values | fixed).items()}


def _refuse_undrawable(values: dict[str, str]) -> None:
    for key, value in values.items():
        if missing := undrawable(value):
            raise ValueError(f"no certificate font draws {missing!r} in {key}")


def _faces(values: dict[str, str]) -> dict[str, str]:
    """The face of each name: one that has all of its letters, where there is one."""
    return {f"face_{key}": whole_family(values[key], _NAME_FACES) for key in ("name", "name_latin")}


def _qr_svg(url: str) -> str:
    """A QR code of at least level M; the page leaves the quiet zone of four modules around it."""
    svg = io.BytesIO()
    segno.make(url, error="m", micro=False).save(svg, kind="svg", border=0, dark="#000", xmldecl=False)
    return svg.getvalue().decode()
