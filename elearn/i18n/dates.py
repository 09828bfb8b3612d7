"""Dates, times, numbers and shares as people of each language write them.

From CLDR (English as en-GB), with the house's exceptions: Arabic with Western digits, both names of the month and a
space in thousands; 1er in French; four digits without a point in Spanish; a space before the per cent sign; the
24-hour clock.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale as Cldr
from babel.units import format_unit

from elearn.i18n.locales import ARABIC

Width = Literal["long", "day", "short"]

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"

# Levantine and international name, as United Nations texts write them.
_ARABIC_MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيه",
    "تموز/يوليه",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)
_ARABIC_DAYS = ("{0} يوم", "يوم واحد", "يومان", "{0} أيام", "{0} يوماً", "{0} يوم")
_UTC_ZONES = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Etc/UCT", "Etc/Zulu", "Zulu", "UCT"})
# CLDR keeps a place under the first name that the time zone database gave it.
_CLDR_ZONES = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Thimphu": "Asia/Thimbu",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Pohnpei": "Pacific/Ponape",
    "Pacific/Chuuk": "Pacific/Truk",
}


@dataclass(frozen=True, slots=True)
class _Conventions:
    """What a locale needs to write a date or a number; months from January at index 0."""

    cldr: Cldr
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    group: str
    decimal: str
    grouped_from: int
    percent: str
    day_pattern: str
    date_pattern: str
    moment_pattern: str


_CLDR_CODES = {"ar": "ar", "en": "en_GB", "fr": "fr", "es": "es"}
_DAY_PATTERNS = {"es": "{day} de {month}"}
_DATE_PATTERNS = {"es": "{day} de {month} de {year}"}
_MOMENT_PATTERNS = {"ar": "{date}، الساعة {time}", "fr": "{date} à {time}"}
_PERCENT = {"fr": NARROW_NBSP + "%"}


@cache
def _conventions(code: str) -> _Conventions:
    """The conventions of a locale.

    Raises:
        LookupError: the code is none of the platform's.
    """
    if code not in _CLDR_CODES:
        raise LookupError(code)
    cldr = Cldr.parse(_CLDR_CODES[code])
    wide, short = (tuple(cldr.months["format"][w][m] for m in range(1, 13)) for w in ("wide", "abbreviated"))
    symbols = cldr.number_symbols["latn"]
    arabic = code == "ar"
    return _Conventions(
        cldr=cldr,
        months=_ARABIC_MONTHS if arabic else wide,
        short_months=_ARABIC_MONTHS if arabic else short,
        group=NBSP if arabic else symbols["group"],
        decimal="," if arabic else symbols["decimal"],
        grouped_from=10_000 if code == "es" else 1_000,
        percent=_PERCENT.get(code, NBSP + "%"),
        day_pattern=_DAY_PATTERNS.get(code, "{day} {month}"),
        date_pattern=_DATE_PATTERNS.get(code, "{day} {month} {year}"),
        moment_pattern=_MOMENT_PATTERNS.get(code, "{date}, {time}"),
    )


def date(day: dt.date, locale: str, width: Width = "long") -> str:
    """A calendar day: `long` 15 November 2025 · `day` 15 November · `short` 15 Nov (no year either).

    Arabic carries both names of the month in every width. A datetime is taken by its own calendar day.
    """
    ways = _conventions(locale)
    number = "1er" if locale == "fr" and day.day == 1 else str(day.day)
    if width == "short":
        return f"{number} {ways.short_months[day.month - 1]}"
    pattern = ways.date_pattern if width == "long" else ways.day_pattern
    return pattern.format(day=number, month=ways.months[day.month - 1], year=day.year)


def date_range(first: dt.date, last: dt.date, locale: str) -> str:
    """Two calendar days, both included, without saying a month or a year twice."""
    if first == last:
        return date(first, locale)
    if first.year != last.year:
        return f"{date(first, locale)} – {date(last, locale)}"
    if first.month != last.month:
        return f"{date(first, locale, 'day')} – {date(last, locale)}"
    start = "1er" if locale == "fr" and first.day == 1 else str(first.day)
    return f"{start}–{date(last, locale)}"


def time_(moment: dt.datetime, locale: str, zone: str) -> str:
    """The time of day in a zone, 24-hour clock: 09:05 (Spanish: 9:05).

    Raises:
        ValueError: the moment has no zone of its own.
        zoneinfo.ZoneInfoNotFoundError: the zone is unknown.
    """
    local = _local(moment, zone)
    return f"{local.hour}:{local:%M}" if locale == "es" else f"{local:%H:%M}"


def datetime_(moment: dt.datetime, locale: str, zone: str, *, width: Width = "long", with_zone: bool = True) -> str:
    """A moment as seen in a zone, with the zone's name for people: 12 December 2026, 23:59 Vienna time.

    Raises:
        ValueError: the moment has no zone of its own.
        zoneinfo.ZoneInfoNotFoundError: the zone is unknown.
    """
    day = date(_local(moment, zone), locale, width)
    text = _conventions(locale).moment_pattern.format(date=day, time=time_(moment, locale, zone))
    if not with_zone:
        return text
    name = zone_name(zone, locale)
    in_brackets = locale in ("fr", "es") and zone not in _UTC_ZONES
    return f"{text} ({name})" if in_brackets else f"{text} {name}"


@lru_cache(maxsize=4_096)
def city(zone: str, locale: str) -> str:
    """The place a zone is named after, in the language: Vienna, فيينا, Vienne, Viena."""
    names = _conventions(locale).cldr.time_zones
    known = names.get(_CLDR_ZONES.get(zone, zone), {}).get("city")
    if known is None and zone.startswith("America/Argentina/"):
        known = names.get("America/" + zone.rsplit("/", 1)[1], {}).get("city")
    return str(known or zone.rsplit("/", 1)[-1].replace("_", " "))


@lru_cache(maxsize=4_096)
def zone_name(zone: str, locale: str) -> str:
    """What people call the time of a zone: Vienna time, بتوقيت فيينا, heure de Vienne; UTC as such."""
    if zone in _UTC_ZONES:
        return "بالتوقيت العالمي" if locale == "ar" else "UTC"
    place = city(zone, locale)
    if locale == "ar":
        return f"بتوقيت {place}"
    if locale == "fr":
        return f"heure {_french_of(place)}"
    return f"hora de {place}" if locale == "es" else f"{place} time"


def number(value: int | float | Decimal, locale: str, decimals: int | None = None) -> str:
    """A number: 1,400 · 1 400 · 1400 and 14.000 · 1 400. Without `decimals` as many places as it has, at most 3."""
    ways = _conventions(locale)
    exact = Decimal(str(value))
    text = f"{abs(exact):,.{3 if decimals is None else decimals}f}"
    whole, _, fraction = text.partition(".")
    if decimals is None:
        fraction = fraction.rstrip("0")
    digits = whole.replace(",", "")
    whole = whole.replace(",", ways.group) if int(digits) >= ways.grouped_from else digits
    sign = "-" if exact < 0 and (int(digits) or fraction.strip("0")) else ""
    return f"{sign}{whole}{ways.decimal}{fraction}" if fraction else sign + whole


def percent(share: float | Decimal, locale: str, *, decimals: int | None = None, in_sentence: bool = False) -> str:
    """A share between 0 and 1 as a percentage: 0.386 → 38.6 %. Without `decimals` at most one place.

    `in_sentence` writes the unit out where the language's running text does (Arabic: 75 في المائة).
    """
    hundredths = Decimal(str(share)) * 100
    text = number(round(hundredths, 1) if decimals is None else hundredths, locale, decimals)
    if in_sentence and locale == "ar":
        return f"{text} في المائة"
    return text + _conventions(locale).percent


def days_left(count: int, locale: str) -> str:
    """A count of days with its unit: 12 days, 12 يوماً, 12 jours, 12 días."""
    cldr = _conventions(locale).cldr
    if locale == "ar":
        return _ARABIC_DAYS[ARABIC.plural(count)].format(number(count, locale))
    return format_unit(count, "duration-day", "long", locale=cldr)


def _french_of(place: str) -> str:
    if place.startswith("Le "):
        return "du " + place[3:]
    if place.startswith("Les "):
        return "des " + place[4:]
    return ("d’" if place[0] in "AEIOUYÀÂÉÈÊÎÔ" else "de ") + place


def _local(moment: dt.datetime, zone: str) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(ZoneInfo(zone))
