import shutil
import subprocess
import time
from contextlib import suppress

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from elearn.i18n.entries import Entry, merge
from elearn.i18n.errors import CatalogueError
from elearn.i18n.locales import ARABIC, FRENCH, LOCALES
from elearn.i18n.po import MAX_ENTRIES, read, write

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'

SAMPLE = (
    Entry(
        "Use a [long passphrase][1].",
        ("استخدم [عبارة مرور طويلة][1].",),
        context="m3/passwords#k7f2qa",
        fuzzy=True,
        previous_source="Use a [passphrase][1].",
        comments=("Lesson “Passwords” › list item 2 of 4", "[1] → ../glossary.md"),
        notes=("seen by H.",),
        locations=("modules/m3/passwords.md",),
        flags=("markdown",),
    ),
    Entry("Hello %(name)s", ("مرحباً %(name)s",), flags=("python-format",)),
    Entry('A "quoted" text\nof two lines\twith a \\ in it\n', ("«نص»\nمن سطرين\n",)),
    Entry("%(n)s lesson", ("أ", "ب", "ج", "د", "ه", "و"), source_plural="%(n)s lessons"),
    Entry("Not yet"),
    Entry("%(n)s day", source_plural="%(n)s days"),
    Entry("Gone", ("ذهب",), obsolete=True, fuzzy=True, previous_source="Went"),
)


def test_what_is_written_is_read_back():
    assert read(write(SAMPLE, ARABIC, domain="untoc")) == SAMPLE


def test_equal_entries_give_equal_bytes():
    data = write(SAMPLE, ARABIC, domain="untoc")
    assert write(read(data), ARABIC, domain="untoc") == data
    assert write(merge(SAMPLE[:-1], read(data), "interface"), ARABIC, domain="untoc") == data


def test_the_file_has_our_header_and_nothing_that_changes_by_itself():
    text = write(SAMPLE, ARABIC, domain="untoc").decode()
    assert f"Plural-Forms: {ARABIC.plural_header}" in text
    assert "Date" not in text
    assert "\r" not in text


def test_the_layout_is_the_usual_one():
    assert write(SAMPLE[:1], ARABIC, domain="untoc").decode().partition("\n\n")[2] == (
        "# seen by H.\n"
        "#. Lesson “Passwords” › list item 2 of 4\n"
        "#. [1] → ../glossary.md\n"
        "#: modules/m3/passwords.md\n"
        "#, fuzzy, markdown\n"
        '#| msgid "Use a [passphrase][1]."\n'
        'msgctxt "m3/passwords#k7f2qa"\n'
        'msgid "Use a [long passphrase][1]."\n'
        'msgstr "استخدم [عبارة مرور طويلة][1]."\n'
    )


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=60)
BODIES = st.builds(lambda text, end: text + end, TEXTS, st.sampled_from(["", "\n", "\nb", "\t", "\\", '"', "\\n"]))


@given(st.lists(st.tuples(BODIES, TEXTS), max_size=5, unique_by=lambda pair: pair[0]), st.sampled_from(LOCALES))
def test_any_text_survives_the_round_trip(pairs, locale):
    entries = tuple(Entry(source, (translation,)) for source, translation in pairs)
    data = write(entries, locale, domain="x")
    first = read(data)
    assert [entry.source for entry in first] == [entry.source for entry in entries]
    assert read(write(first, locale, domain="x")) == first


@pytest.mark.parametrize("locale", [None, *LOCALES], ids=lambda locale: locale.code if locale else "template")
def test_gettext_tools_accept_what_is_written(locale, tmp_path):
    forms = ("%(n)s x",) * locale.nplurals if locale else ()
    plural = Entry("%(n)s lesson", forms, source_plural="%(n)s lessons", flags=("python-format",))
    path = tmp_path / "written.po"
    path.write_bytes(write((*SAMPLE[:3], plural, *SAMPLE[4:]), locale, domain="untoc"))
    assert complaints(path) == []


def complaints(path) -> list[str]:
    """What GNU msgfmt says against a file; where it is not installed, what Babel says."""
    msgfmt = shutil.which("msgfmt")
    if msgfmt is not None:
        done = subprocess.run([msgfmt, "-c", "-o", "/dev/null", str(path)], capture_output=True, text=True)
        return [done.stderr] if done.returncode else []
    with path.open("rb") as file:
        return [str(error) for _, errors in read_po(file, abort_invalid=True).check() for error in errors]


def entry(msgid="a", msgstr="b") -> str:
    return f'msgid "{msgid}"\nmsgstr "{msgstr}"\n\n'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xff\xfe\x00", "NUL"),
        (HEADER.encode() + b'msgid "a"\nmsgstr "\xe9"\n', "not UTF-8"),
        (HEADER.replace("UTF-8", "latin-1").encode() + entry().encode(), "charset"),
        (HEADER.replace("UTF-8", "x-unknown").encode() + entry().encode(), "charset"),
        ((HEADER + 'msgid "a"\nmsgstr "cut o').encode(), "not closed"),
        ((HEADER + 'msgid "a"\nmsgstr "un"escaped"\n').encode(), "line 6"),
        ((HEADER + "msgid a\nmsgstr b\n").encode(), "line 5"),
        ((HEADER + 'msgstr "b"\n').encode(), "PO file"),
        ((HEADER + entry() + entry()).encode(), "twice"),
        ((HEADER + HEADER + entry()).encode(), "header"),
        ((HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[1] "x"\n').encode(), "count from 0"),
        (
            (HEADER + 'msgid "a"\nmsgid_plural "b"\n' + "".join(f'msgstr[{n}] "x"\n' for n in range(7))).encode(),
            "count",
        ),
        ((HEADER + 'msgid "a"\nmsgid_plural "b"\nmsgstr[10] "x"\n').encode(), "line 7"),
        ((HEADER + 'msgid "a"\nmsgstr[0] "x"\n').encode(), "without a plural"),
        ((HEADER + entry(msgstr="x" * 30_000)).encode(), "20000 characters"),
        ((HEADER + entry(msgstr="x" * 50_000)).encode(), "40000 characters"),
        ((HEADER + 'msgid "a"\nmsgstr ""\n' + '"x"\n' * 20_000).encode(), "40000 characters"),
        (b"\n" * 300_000, "empty"),
        (b"#\n" * 300_000, "lines"),
    ],
)
def test_odd_files_are_refused_with_a_reason(data, reason):
    with pytest.raises(CatalogueError, match=reason):
        read(data)


def test_a_file_over_the_limit_is_refused():
    with pytest.raises(CatalogueError, match="bigger"):
        read(HEADER.encode(), limit_bytes=20)


def test_too_many_entries_are_refused():
    body = "".join(f'msgid "{n}"\nmsgstr ""\n' for n in range(MAX_ENTRIES + 1))
    with pytest.raises(CatalogueError, match="entries"):
        read((HEADER + body).encode())


def test_a_file_of_another_editor_is_read():
    data = b"\xef\xbb\xbf" + (HEADER + entry()).replace("\n", "\r\n").encode()
    assert read(data) == (Entry("a", ("b",)),)


def test_unusual_spellings_of_comments_are_understood():
    text = (
        '#-#-# merged\n#:a.md\n#,fuzzy\n#|msgid "old"\n'
        + entry()
        + '#~ # note\n#~| msgid "x"\n#~ msgid "y"\n#~ msgstr "z"\n'
    )
    live, obsolete = read((HEADER + text).encode())
    assert live == Entry("a", ("b",), fuzzy=True, previous_source="old", notes=("-#-# merged",), locations=("a.md",))
    assert obsolete == Entry("y", ("z",), previous_source="x", notes=("note",), obsolete=True)


def test_stray_line_ends_do_not_cut_a_text():
    (found,) = read((HEADER + entry(msgstr="a\u2028b\x0cc\x85d")).encode())
    assert found.forms == ("a\ufffdb\ufffdc\ufffdd",)


def test_translations_come_out_in_nfc():
    (found,) = read((HEADER + entry(msgstr="e\u0301 \u0634\u0651\u064e")).encode())
    assert found.forms == ("\u00e9 \u0634\u064e\u0651",)


def test_a_text_is_never_taken_for_the_name_of_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "msgid").write_text(HEADER + entry())
    with pytest.raises(CatalogueError):
        read(b"msgid")


@given(st.binary(max_size=300))
def test_bytes_give_entries_or_a_catalogue_error(data):
    with suppress(CatalogueError):
        assert isinstance(read(data), tuple)


PIECES = st.sampled_from(
    ['msgid "a"', 'msgid ""', 'msgstr "b"', 'msgstr[0] "c"', 'msgstr[1] "d"', 'msgid_plural "e"', 'msgctxt "f"', '"g"']
    + ["# h", "#. i", "#: j", "#, fuzzy", '#| msgid "k"', '#~ msgid "l"', '#~ msgstr "m"', "#~", "#|", '#~| msgid "n"']
    + ["", "msgid", '"', "\\", '"\\"', "#~ # o", "#,", '#| "p"', '#| msgfoo "q"', "#~ \u00a0"]
)


@given(st.lists(PIECES, max_size=15))
def test_lines_in_any_order_give_entries_or_a_catalogue_error(lines):
    try:
        entries = read("\n".join(lines).encode())
    except CatalogueError:
        return
    assert read(write(entries, FRENCH, domain="x")) == entries


def test_three_thousand_entries_are_merged_within_a_second():
    template = [Entry(f"Sentence {n} of the course.", context=f"m/l#{n:06}", comments=("here",)) for n in range(3_000)]
    existing = [Entry(f"Sentence {n} of the course.", (f"جملة {n}",), context=f"m/l#{n:06}") for n in range(3_000)]
    data = write(existing, ARABIC, domain="untoc")
    started = time.process_time()
    write(merge(template, read(data), "course"), ARABIC, domain="untoc")
    assert time.process_time() - started < 1
