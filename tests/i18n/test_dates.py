import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfoNotFoundError

import pytest

from elearn.i18n import dates

CODES = ("ar", "en", "fr", "es")
EVENING = dt.datetime(2026, 12, 12, 22, 59, tzinfo=dt.UTC)


def in_all(function, *arguments, **options):
    return {code: function(*arguments, code, **options) for code in CODES}


def test_dates_are_written_as_the_style_guide_says():
    assert in_all(dates.date, dt.date(2000, 11, 15)) == {
        "ar": "15 تشرين الثاني/نوفمبر 2000",
        "en": "15 November 2000",
        "fr": "15 novembre 2000",
        "es": "15 de noviembre de 2000",
    }


def test_the_first_of_a_month_is_an_ordinal_in_french_alone():
    assert in_all(dates.date, dt.date(2025, 12, 1)) == {
        "ar": "1 كانون الأول/ديسمبر 2025",
        "en": "1 December 2025",
        "fr": "1er décembre 2025",
        "es": "1 de diciembre de 2025",
    }


def test_a_day_can_be_written_without_its_year():
    day = dt.date(2026, 11, 13)
    assert [dates.date(day, code, "day") for code in CODES] == [
        "13 تشرين الثاني/نوفمبر",
        "13 November",
        "13 novembre",
        "13 de noviembre",
    ]
    assert [dates.date(day, code, "short") for code in CODES] == [
        "13 تشرين الثاني/نوفمبر",
        "13 Nov",
        "13 nov.",
        "13 nov",
    ]


def test_arabic_months_carry_both_names_all_year_round():
    names = [dates.date(dt.date(2026, month, 2), "ar") for month in range(1, 13)]
    assert len(set(names)) == 12
    assert all(name.startswith("2 ") and name.count("/") == 1 and name.endswith(" 2026") for name in names)


@pytest.mark.parametrize(
    ("first", "last", "english", "arabic", "french"),
    [
        (
            (2025, 10, 15),
            (2025, 12, 1),
            "15 October – 1 December 2025",
            "15 تشرين الأول/أكتوبر – 1 كانون الأول/ديسمبر 2025",
            "15 octobre – 1er décembre 2025",
        ),
        ((2025, 10, 1), (2025, 10, 20), "1–20 October 2025", "1–20 تشرين الأول/أكتوبر 2025", "1er–20 octobre 2025"),
        (
            (2025, 12, 15),
            (2026, 1, 2),
            "15 December 2025 – 2 January 2026",
            "15 كانون الأول/ديسمبر 2025 – 2 كانون الثاني/يناير 2026",
            "15 décembre 2025 – 2 janvier 2026",
        ),
        ((2025, 5, 3), (2025, 5, 3), "3 May 2025", "3 أيار/مايو 2025", "3 mai 2025"),
    ],
)
def test_a_range_says_nothing_twice(first, last, english, arabic, french):
    span = dt.date(*first), dt.date(*last)
    assert dates.date_range(*span, "en") == english
    assert dates.date_range(*span, "ar") == arabic
    assert dates.date_range(*span, "fr") == french


def test_a_moment_is_written_in_the_zone_with_its_name_for_people():
    assert in_all(lambda code: dates.datetime_(EVENING, code, "Europe/Vienna")) == {
        "ar": "12 كانون الأول/ديسمبر 2026، الساعة 23:59 بتوقيت فيينا",
        "en": "12 December 2026, 23:59 Vienna time",
        "fr": "12 décembre 2026 à 23:59 (heure de Vienne)",
        "es": "12 de diciembre de 2026, 23:59 (hora de Viena)",
    }


def test_the_day_is_that_of_the_zone():
    assert dates.datetime_(EVENING, "en", "Asia/Beirut", with_zone=False) == "13 December 2026, 00:59"


def test_universal_time_has_no_city():
    assert dates.datetime_(EVENING, "en", "UTC", width="day") == "12 December, 22:59 UTC"
    assert dates.datetime_(EVENING, "fr", "Etc/UTC") == "12 décembre 2026 à 22:59 UTC"
    assert dates.zone_name("UTC", "ar") == "بالتوقيت العالمي"


def test_the_hour_has_two_digits_except_in_spanish():
    morning = dt.datetime(2026, 1, 1, 9, 5, tzinfo=dt.UTC)
    assert [dates.time_(morning, code, "UTC") for code in CODES] == ["09:05", "09:05", "09:05", "9:05"]


@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("Africa/Cairo", ("بتوقيت القاهرة", "Cairo time", "heure du Caire", "hora de El Cairo")),
        ("Europe/Istanbul", ("بتوقيت إسطنبول", "Istanbul time", "heure d’Istanbul", "hora de Estambul")),
        ("America/New_York", ("بتوقيت نيويورك", "New York time", "heure de New York", "hora de Nueva York")),
        ("Asia/Kathmandu", ("بتوقيت كاتماندو", "Kathmandu time", "heure de Katmandou", "hora de Katmandú")),
        (
            "America/Argentina/Buenos_Aires",
            ("بتوقيت بوينوس أيرس", "Buenos Aires time", "heure de Buenos Aires", "hora de Buenos Aires"),
        ),
    ],
)
def test_a_zone_is_called_after_its_city(zone, names):
    assert tuple(dates.zone_name(zone, code) for code in CODES) == names


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        dates.datetime_(dt.datetime(2026, 1, 1), "en", "UTC")


def test_unknown_zones_and_locales_are_refused():
    with pytest.raises(ZoneInfoNotFoundError):
        dates.time_(EVENING, "en", "Mars/Olympus")
    for call in (lambda: dates.date(EVENING, "de"), lambda: dates.number(1, "de"), lambda: dates.days_left(1, "de")):
        with pytest.raises(LookupError):
            call()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1400, ("1\u00a0400", "1,400", "1\u202f400", "1400")),
        (14000, ("14\u00a0000", "14,000", "14\u202f000", "14.000")),
        (38.6, ("38,6", "38.6", "38,6", "38,6")),
        (-1234567.5, ("-1\u00a0234\u00a0567,5", "-1,234,567.5", "-1\u202f234\u202f567,5", "-1.234.567,5")),
        (0, ("0", "0", "0", "0")),
        (Decimal("-0.0001"), ("0", "0", "0", "0")),
    ],
)
def test_numbers_are_grouped_as_the_style_guide_says(value, written):
    assert tuple(dates.number(value, code) for code in CODES) == written


def test_the_number_of_decimals_can_be_fixed():
    assert dates.number(2, "fr", decimals=2) == "2,00"


def test_shares_have_a_space_before_the_sign():
    assert [dates.percent(0.386, code) for code in CODES] == [
        "38,6\u00a0%",
        "38.6\u00a0%",
        "38,6\u202f%",
        "38,6\u00a0%",
    ]
    assert dates.percent(1, "en") == "100\u00a0%"
    assert dates.percent(2 / 3, "en", decimals=0) == "67\u00a0%"


def test_running_arabic_text_writes_per_cent_out():
    assert dates.percent(0.75, "ar", in_sentence=True) == "75 في المائة"
    assert dates.percent(0.75, "fr", in_sentence=True) == "75\u202f%"


def test_days_are_counted_in_all_six_arabic_forms():
    counted = [dates.days_left(n, "ar") for n in (0, 1, 2, 3, 11, 100)]
    assert counted == ["0 يوم", "يوم واحد", "يومان", "3 أيام", "11 يوماً", "100 يوم"]


def test_days_are_counted_in_the_other_languages():
    assert [dates.days_left(n, "en") for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert [dates.days_left(n, "fr") for n in (1, 2)] == ["1\u00a0jour", "2\u00a0jours"]
    assert [dates.days_left(n, "es") for n in (1, 2)] == ["1 día", "2 días"]
