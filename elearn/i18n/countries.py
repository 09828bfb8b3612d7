"""Countries for the application form: Member States of the United Nations and its two observer States.

Codes are ISO 3166-1 alpha-2. Names come from CLDR, and from the table below where CLDR differs visibly from the usage
of the United Nations (UNTERM). XX and ZZ are user-assigned codes of the standard, for whoever is not in the list or
does not want to say.
"""

import re
import unicodedata
from functools import cache

from babel import Locale as Cldr

OTHER = "XX"
UNSAID = "ZZ"
_CLDR_CODES = {"ar": "ar", "en": "en_GB", "fr": "fr", "es": "es"}

_STATES = (
    "AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CL CM CN CO "
    "CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR HT HU ID "
    "IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK "
    "ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PS PT PW PY QA RO RS RU RW SA SB "
    "SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG TH TJ TL TM TN TO TR TT TV TZ UA UG US UY UZ VA VC VE VN VU "
    "WS YE ZA ZM ZW"
)
STATES = tuple(_STATES.split())
CODES = frozenset((*STATES, OTHER, UNSAID))

_UN_NAMES: dict[str, dict[str, str]] = {
    "ar": {
        "BN": "بروني دار السلام",
        "BO": "بوليفيا (دولة - المتعددة القوميات)",
        "CD": "جمهورية الكونغو الديمقراطية",
        "CG": "الكونغو",
        "CI": "كوت ديفوار",
        "CV": "كابو فيردي",
        "CZ": "تشيكيا",
        "FM": "ميكرونيزيا (ولايات - الموحدة)",
        "IR": "إيران (جمهورية - الإسلامية)",
        "KP": "جمهورية كوريا الشعبية الديمقراطية",
        "KR": "جمهورية كوريا",
        "LA": "جمهورية لاو الديمقراطية الشعبية",
        "MD": "جمهورية مولدوفا",
        "MM": "ميانمار",
        "PS": "دولة فلسطين",
        "RU": "الاتحاد الروسي",
        "SY": "الجمهورية العربية السورية",
        "TL": "تيمور-ليشتي",
        "TR": "تركيا",
        "TZ": "جمهورية تنزانيا المتحدة",
        "US": "الولايات المتحدة الأمريكية",
        "VA": "الكرسي الرسولي",
        "VE": "فنزويلا (جمهورية - البوليفارية)",
        "VN": "فييت نام",
    },
    "en": {
        "BN": "Brunei Darussalam",
        "BO": "Bolivia (Plurinational State of)",
        "CD": "Democratic Republic of the Congo",
        "CG": "Congo",
        "CV": "Cabo Verde",
        "FM": "Micronesia (Federated States of)",
        "IR": "Iran (Islamic Republic of)",
        "KP": "Democratic People’s Republic of Korea",
        "KR": "Republic of Korea",
        "LA": "Lao People’s Democratic Republic",
        "MD": "Republic of Moldova",
        "MM": "Myanmar",
        "PS": "State of Palestine",
        "RU": "Russian Federation",
        "ST": "Sao Tome and Principe",
        "SY": "Syrian Arab Republic",
        "TZ": "United Republic of Tanzania",
        "US": "United States of America",
        "VA": "Holy See",
        "VE": "Venezuela (Bolivarian Republic of)",
        "VN": "Viet Nam",
    },
    "fr": {
        "BN": "Brunéi Darussalam",
        "BO": "Bolivie (État plurinational de)",
        "CD": "République démocratique du Congo",
        "CG": "Congo",
        "CV": "Cabo Verde",
        "CZ": "Tchéquie",
        "FM": "Micronésie (États fédérés de)",
        "IR": "Iran (République islamique d’)",
        "KP": "République populaire démocratique de Corée",
        "KR": "République de Corée",
        "LA": "République démocratique populaire lao",
        "MD": "République de Moldova",
        "MM": "Myanmar",
        "PS": "État de Palestine",
        "RU": "Fédération de Russie",
        "SY": "République arabe syrienne",
        "TL": "Timor-Leste",
        "TR": "Türkiye",
        "TZ": "République-Unie de Tanzanie",
        "US": "États-Unis d’Amérique",
        "VA": "Saint-Siège",
        "VE": "Venezuela (République bolivarienne du)",
    },
    "es": {
        "BN": "Brunei Darussalam",
        "BO": "Bolivia (Estado Plurinacional de)",
        "FM": "Micronesia (Estados Federados de)",
        "IR": "Irán (República Islámica del)",
        "KP": "República Popular Democrática de Corea",
        "KR": "República de Corea",
        "LA": "República Democrática Popular Lao",
        "MD": "República de Moldova",
        "MM": "Myanmar",
        "PS": "Estado de Palestina",
        "RU": "Federación de Rusia",
        "SY": "República Árabe Siria",
        "SZ": "Eswatini",
        "TR": "Türkiye",
        "TZ": "República Unida de Tanzanía",
        "US": "Estados Unidos de América",
        "VA": "Santa Sede",
        "VE": "Venezuela (República Bolivariana de)",
        "VN": "Viet Nam",
    },
}
_ALEF_FORMS = str.maketrans("أإآٱىة", "اااايه")


@cache
def country_names(locale: str) -> dict[str, str]:
    """The name of each State in a language, in the order of that language's alphabet."""
    territories = Cldr.parse(_CLDR_CODES[locale]).territories
    names = {code: _UN_NAMES[locale].get(code) or _plain(str(territories[code]), locale) for code in STATES}
    return dict(sorted(names.items(), key=lambda item: alphabetic_key(item[1])))


def _plain(name: str, locale: str) -> str:
    """CLDR shortens English names of States; people look for them written out."""
    return re.sub(r"^St ", "Saint ", name.replace("&", "and")) if locale == "en" else name


def alphabetic_key(name: str) -> str:
    """Sorts as dictionaries of the four languages do: without regard to accents and forms of alef; ñ after n."""
    letters = name.casefold().replace("ñ", "n\uffff").translate(_ALEF_FORMS)
    return "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
