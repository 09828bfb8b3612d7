"""The drawn certificate is read back: its text by poppler, its tags by pdfua and pikepdf, its code by ZXing."""

import io
import subprocess
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from pdfua import validate
from PIL import Image

from elearn.certificates.service.drawing import CertificateData, CertificateText, Drawer
from elearn.fonts import undrawable

TEMPLATE = Path(__file__).parents[2] / "templates" / "certificates" / "certificate.typ"
LOCALES = ("ar", "en", "fr", "es")
NUMBER = "7QK4-M2VX-9TRC-HD3W-5B8N-JP0Y-ZE"

# Order is asserted only where a line has one script and no marks: poppler reorders the rest.
PLAIN_NAMES = (
    "Nguyễn Thị Ví Dụ",
    "Пример Примеров",
    "Αλέξανδρος Παπαδόπουλος",
    "عبد الرحمن بن عبد الله الأمين",
    "لا إله إلا الله",
    "O’Neil-D'Arcy Ó Súilleabháin",
    "Ṣāliḥ ibn ʿAbd al-Ḥamīd",
)
HARD_NAMES = (
    "Nguyễn Thị Ví Dụ",
    unicodedata.normalize("NFD", "Đặng Thị Ngọc Ánh"),
    "Пример Примеров",
    "Їжакевич Ґалаґан",
    "Αλέξανδρος Παπαδόπουλος",
    "Ἀλέξανδρος ᾯδης",
    "प्रिया त्रिपाठी",
    "क्षत्रिय श्रीकृष्ण",
    "عبد الرحمن بن عبد الله الأمين",
    "لا إله إلا الله",
    "مُحَمَّد ٱلْأَمِين",
    "محمّد رضا",
    "پروانه گل‌محمدی",
    "ٹیپو ڈار ےہوں",
    "آلاء لؤي الآمدي",
    "O’Neil-D'Arcy Ó Súilleabháin",
    "Mary-Ann Smith-Jones",
    "Ṣāliḥ ibn ʿAbd al-Ḥamīd al-Qurṭubī",
    "Þórður Æsir Øßmann",
    "Łukasz Żółć",
    "İbrahim Iğdır Şık",
    "Əliyev Ñandú Ŷ",
    "Jean-François Œuvré",
    "ʻOkina Kahananui",
    "J. R. R. van der Berg, Jr.",
    "Maximiliane-Konstanze von Beispielhausen-Musterfeld y Ejemplo de Prueba y de los Ángeles Custodios del Monte Carlo Ruiz",
    "عبد الرحمن عبد الله محمد نور الدين بن عبد العزيز المثال الأمين الحسيني بن أبي القاسم عبد المجيد ابن يوسف الأنصاري المثالي",
    "Wolfeschlegelsteinhausenbergerdorff" * 3,
    "W" * 120,
    "م" * 120,
    "عبد الله (John) O’Neil",
    "John عبد الله Smith",
    "\u2068Lina\u2069 Example",
    "Lina\u200f لينا",
    "X",
    "#set *Bold* _it_ $x$ `y` <a> \\ @b [c] https://e.example //z",
    "{{7*7}} %(name)s ${7*7}",
    "A\u0323\u0301 q\u0303 x\u0300\u0323",
    "Anna\u00a0Maria\u202fBella",
    "Hamza 3rd ٣",
    "عبد-الرحمن المثال-الأمين",
    "Anna\u00a0Maria\u00a0" * 9,
)


def certificate(locale: str, **changes: Any) -> CertificateData:
    """The sample of ``locale`` with fields replaced."""
    return replace(_SAMPLES[locale], **changes)


def _sample(locale: str, text: CertificateText, **values: str) -> CertificateData:
    return CertificateData(
        text=text,
        locale=locale,
        direction="rtl" if locale == "ar" else "ltr",
        name_latin=values.pop("name_latin", None),
        number=NUMBER,
        check_url=f"https://elearn.example/{locale}/certificates/{NUMBER.replace('-', '')}",
        timestamp=datetime(2025, 11, 28, 9, 30, tzinfo=UTC),
        **values,
    )


_SAMPLES = {
    "ar": _sample(
        "ar",
        CertificateText(
            title="شهادة إتمام",
            awarded_to="تمنح هذه الشهادة إلى",
            for_completing="لإتمام الدورة التدريبية الذاتية الوتيرة",
            completed="تاريخ الإتمام",
            issued="تاريخ الإصدار",
            effort="مدة الدراسة",
            cohort="الفوج",
            language="لغة الدراسة",
            signed_for="عن المعهد",
            number="رقم الشهادة",
            check="يمكن لأي شخص التحقق من هذه الشهادة على العنوان التالي، دون تسجيل الدخول",
            qr_alt="رمز الاستجابة السريعة، وفيه عنوان صفحة التحقق:",
            says="تثبت هذه الشهادة تسجيل إتمام جميع الدروس الإلزامية واجتياز التقييم النهائي.",
            disclaims="وهي ليست درجة أكاديمية ولا وثيقة من وثائق الأمم المتحدة، ولا تحظى بتأييدها.",
        ),
        name="عبد الرحمن بن عبد الله الأمين",
        name_latin="Abd al-Rahman bin Abdallah al-Amin",
        course="اتفاقية مكافحة الجريمة المنظمة عبر الوطنية وآلية استعراض تنفيذها",
        cohort="الفوج الأول لعام 2025",
        issuer="معهد المثال للتعليم",
        signatory="لينا المثال",
        signatory_title="مديرة الدراسات",
        completed="26 تشرين الثاني/نوفمبر 2025",
        issued="28 تشرين الثاني/نوفمبر 2025",
        effort="نحو 6 ساعات",
        language="العربية",
    ),
    "en": _sample(
        "en",
        CertificateText(
            title="Certificate of completion",
            awarded_to="Awarded to",
            for_completing="for completing the self-paced course",
            completed="Completed",
            issued="Issued",
            effort="Effort",
            cohort="Cohort",
            language="Language of study",
            signed_for="For the institute",
            number="Certificate number",
            check="Anyone can check this certificate here, without signing in",
            qr_alt="QR code with the address of the check page:",
            says="It confirms that every required lesson was marked as done and that the final assessment was passed.",
            disclaims="It is not an academic degree. It is not a United Nations document, nor endorsed by the United Nations.",
        ),
        name="Nguyễn Thị Ví Dụ",
        course="The Convention against Transnational Organized Crime and its Review Mechanism",
        cohort="First cohort, 2025",
        issuer="Example Learning Institute (fictional)",
        signatory="Lina Example",
        signatory_title="Director of Studies",
        completed="26 November 2025",
        issued="28 November 2025",
        effort="about 6 hours",
        language="English",
    ),
    "fr": _sample(
        "fr",
        CertificateText(
            title="Certificat de fin de formation",
            awarded_to="Décerné à",
            for_completing="pour avoir achevé le cours en autoformation",
            completed="Date d’achèvement",
            issued="Date de délivrance",
            effort="Volume horaire",
            cohort="Cohorte",
            language="Langue d’étude",
            signed_for="Pour l’institut",
            number="Numéro du certificat",
            check="Chacun peut vérifier ce certificat à cette adresse, sans se connecter",
            qr_alt="Code QR contenant l’adresse de la page de vérification\u00a0:",
            says="Il atteste que toutes les leçons obligatoires ont été terminées et que l’évaluation finale a été réussie.",
            disclaims="Il ne constitue ni un diplôme universitaire ni un document de l’Organisation des Nations Unies, et n’a pas son aval.",
        ),
        name="Marie-Ange Exemple-Diallo",
        course="La Convention contre la criminalité transnationale organisée et son Mécanisme d’examen",
        cohort="Première cohorte, 2025",
        issuer="Institut d’apprentissage Exemple (fictif)",
        signatory="Lina Exemple",
        signatory_title="Directrice des études",
        completed="26 novembre 2025",
        issued="28 novembre 2025",
        effort="environ 6 heures",
        language="Français",
    ),
    "es": _sample(
        "es",
        CertificateText(
            title="Certificado de finalización",
            awarded_to="Otorgado a",
            for_completing="por haber completado el curso autodirigido",
            completed="Fecha de finalización",
            issued="Fecha de expedición",
            effort="Dedicación",
            cohort="Cohorte",
            language="Idioma de estudio",
            signed_for="Por el instituto",
            number="Número del certificado",
            check="Cualquier persona puede comprobar este certificado aquí, sin iniciar sesión",
            qr_alt="Código QR con la dirección de la página de comprobación:",
            says="Acredita que se completaron todas las lecciones obligatorias y se aprobó la evaluación final.",
            disclaims="No es un título académico ni un documento de las Naciones Unidas, ni cuenta con su respaldo.",
        ),
        name="María de los Ángeles Ejemplo Muñoz",
        course="La Convención contra la Delincuencia Organizada Transnacional y su Mecanismo de Examen",
        cohort="Primera cohorte, 2025",
        issuer="Instituto de Aprendizaje Ejemplo (ficticio)",
        signatory="Lina Ejemplo",
        signatory_title="Directora de Estudios",
        completed="26 de noviembre de 2025",
        issued="28 de noviembre de 2025",
        effort="unas 6 horas",
        language="Español",
    ),
}


@pytest.fixture(scope="module")
def drawer() -> Drawer:
    return Drawer(TEMPLATE)


def text_of(pdf: bytes) -> str:
    command = ["pdftotext", "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def flat(text: str) -> str:
    """NFC, single spaces, without the direction marks that poppler adds."""
    shown = (c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    return " ".join("".join(shown).split())


def solid(text: str) -> str:
    """Without spaces, which poppler moves to the other side of a figure or a comma in an Arabic line."""
    return flat(text).replace(" ", "")


def letters(text: str) -> Counter[str]:
    return Counter(c for c in unicodedata.normalize("NFKD", flat(text)) if not c.isspace())


def raster(pdf: bytes, *, dpi: int = 50) -> Image.Image:
    command = ["pdftoppm", "-r", str(dpi), "-png", "-"]
    png = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(png))


@pytest.mark.parametrize("locale", LOCALES)
def test_each_language_passes_the_accessibility_checker(drawer: Drawer, locale: str, tmp_path: Path) -> None:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(drawer.draw(certificate(locale)))
    report = validate(path)
    assert report.findings == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_the_file_says_its_title_language_and_standards(drawer: Drawer, locale: str) -> None:
    data = certificate(locale)
    with pikepdf.open(io.BytesIO(drawer.draw(data))) as pdf:
        assert len(pdf.pages) == 1
        assert str(pdf.docinfo.Title) == f"{data.text.title} – {data.course}"
        assert str(pdf.Root.Lang) == locale
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.ViewerPreferences.Direction) == ("/R2L" if locale == "ar" else "/L2R")
        metadata = pdf.open_metadata()
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")


@pytest.mark.parametrize("locale", LOCALES)
def test_every_value_of_the_page_can_be_copied(drawer: Drawer, locale: str) -> None:
    data = certificate(locale)
    page = solid(text_of(drawer.draw(data)))
    fixed = [getattr(data.text, f.name) for f in fields(data.text) if f.name != "qr_alt"]
    unseen = {"text", "locale", "direction", "timestamp"}
    values = [getattr(data, f.name) for f in fields(data) if f.name not in unseen]
    assert [value for value in fixed + values if value and solid(value) not in page] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_code_leads_to_the_check_page(drawer: Drawer, locale: str) -> None:
    data = certificate(locale)
    page = raster(drawer.draw(data), dpi=110)
    assert [code.text for code in zxingcpp.read_barcodes(page)] == [data.check_url]


def test_there_are_many_hard_names_and_all_count_as_drawable() -> None:
    assert len(HARD_NAMES) >= 30
    assert [name for name in HARD_NAMES if undrawable(name)] == []


# All names in one edition of each direction; the other two, which share English's layout, take half each.
@pytest.mark.parametrize(
    ("locale", "names"),
    [("ar", HARD_NAMES), ("en", HARD_NAMES), ("fr", HARD_NAMES[::2]), ("es", HARD_NAMES[1::2])],
    ids=LOCALES,
)
def test_no_letter_of_a_hard_name_is_lost(drawer: Drawer, locale: str, names: tuple[str, ...]) -> None:
    pdfs = [drawer.draw(certificate(locale, name=name, name_latin=None)) for name in ("x", *names)]
    with ThreadPoolExecutor(2) as pool:
        blank, *pages = map(letters, pool.map(text_of, pdfs))
    blank -= Counter("x")
    lost = {name: blank + letters(name) - page for name, page in zip(names, pages, strict=True)}
    assert {name: missing for name, missing in lost.items() if missing} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_name_in_one_script_is_copied_in_order(drawer: Drawer, locale: str) -> None:
    for name in PLAIN_NAMES:
        page = text_of(drawer.draw(certificate(locale, name=name, name_latin="Latin Form")))
        assert flat(name) in flat(page)
        assert "Latin Form" in flat(page)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_longest_values_stay_inside_one_page(drawer: Drawer, locale: str) -> None:
    arabic, latin = (max((n for n in HARD_NAMES if n[0] == first), key=len) for first in "عM")
    for long in (arabic, latin):
        data = certificate(locale, name=long, name_latin=latin, course=long, cohort=long, issuer=long, signatory=long)
        pdf = drawer.draw(data)
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert len(opened.pages) == 1
        margin = raster(pdf).convert("L")
        width, height = margin.size
        edge = int(min(width, height) * 8 / 210)  # 8 of the 12 mm of white
        for box in (
            (0, 0, width, edge),
            (0, height - edge, width, height),
            (0, 0, edge, height),
            (width - edge, 0, width, height),
        ):
            assert margin.crop(box).getextrema() == (255, 255)


def test_arabic_turns_the_page_over(drawer: Drawer) -> None:
    def dark_side(locale: str) -> str:
        image = raster(drawer.draw(certificate(locale))).convert("L")
        halves = image.resize((2, 1), Image.Resampling.BOX)
        return "left" if halves.getpixel((0, 0)) < halves.getpixel((1, 0)) else "right"  # type: ignore[operator]

    assert [dark_side(locale) for locale in LOCALES] == ["left", "right", "right", "right"]


def test_a_date_in_figures_keeps_its_order_in_arabic(drawer: Drawer) -> None:
    page = text_of(drawer.draw(certificate("ar", completed="2025-11-26", effort="95/100")))
    assert "2025-11-26" in page
    assert "95/100" in page


def test_equal_data_give_equal_bytes(drawer: Drawer) -> None:
    first = drawer.draw(certificate("ar"))
    drawer.draw(certificate("fr"))
    assert drawer.draw(certificate("ar")) == first
    assert Drawer(TEMPLATE).draw(certificate("ar")) == first
    assert drawer.draw(certificate("ar", timestamp=datetime(2026, 1, 1, tzinfo=UTC))) != first


def test_composed_and_decomposed_spellings_give_the_same_document(drawer: Drawer) -> None:
    composed, decomposed = (unicodedata.normalize(form, "Đặng Ngọc Ánh") for form in ("NFC", "NFD"))
    assert drawer.draw(certificate("en", name=composed)) == drawer.draw(certificate("en", name=decomposed))


def test_threads_share_one_drawer(drawer: Drawer) -> None:
    with ThreadPoolExecutor(8) as pool:
        pdfs = list(pool.map(drawer.draw, [certificate(locale) for locale in LOCALES * 6]))
    assert len(set(pdfs)) == len(LOCALES)


@pytest.mark.parametrize(("field", "text"), [("name", "王小明"), ("cohort", "Cohort 🎓"), ("issuer", "ሀገር")])
def test_a_value_that_no_font_draws_is_refused_by_name(drawer: Drawer, field: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"in {field}$"):
        drawer.draw(certificate("en", **{field: text}))


def test_a_naive_timestamp_is_refused(drawer: Drawer) -> None:
    with pytest.raises(ValueError, match="time zone"):
        drawer.draw(certificate("en", timestamp=datetime(2025, 11, 28)))
