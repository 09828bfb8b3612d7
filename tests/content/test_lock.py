"""Which block keeps which uid when the text changes."""

import json
import random

import pytest

from elearn.content import lock as lock_module
from elearn.content.course import load_course, relock
from elearn.content.faults import ContentError
from elearn.content.lock import pin
from elearn.content.sample import UNITS_PER_LESSON, write_sample
from tests.content.course_files import write_course

FIRST = "01-start/01-first.md"


def uids(folder):
    """The uid of each block of prose by its text, on all pages."""
    data = json.loads((folder / "units.lock.json").read_text())
    return {entry["text"]: entry["uid"] for page in data["pages"].values() for entry in page}


def change(folder, old, new, file=FIRST):
    path = folder / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_uid_is_six_characters_of_base_32(tmp_path):
    for uid in uids(write_course(tmp_path)).values():
        assert len(uid) == 6
        assert set(uid) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_no_two_blocks_share_a_uid(tmp_path):
    found = uids(write_course(tmp_path))
    assert len(set(found.values())) == len(found)


def test_nothing_changes_when_the_text_does_not(tmp_path):
    before = (write_course(tmp_path) / "units.lock.json").read_bytes()
    report = relock(tmp_path)
    assert (report.changed, report.new, report.retired, report.moved) == ((), (), (), ())
    assert (tmp_path / "units.lock.json").read_bytes() == before


def test_an_edited_block_keeps_its_uid_and_is_reported_as_changed(tmp_path):
    before = uids(write_course(tmp_path))
    change(tmp_path, "A paragraph with", "One paragraph that has")
    report = relock(tmp_path)
    uid = before["A paragraph with **bold** and a [link][1]."]
    assert uids(tmp_path)["One paragraph that has **bold** and a [link][1]."] == uid
    assert report.changed == (f"start/first#{uid}",)
    assert (report.new, report.retired) == ((), ())


def test_a_changed_address_changes_no_unit(tmp_path):
    write_course(tmp_path)
    change(tmp_path, "(02-second.md)", "(https://example.org/)")
    assert relock(tmp_path).changed == ()


def test_a_rewritten_block_gets_a_new_uid_and_the_old_one_is_retired(tmp_path):
    before = uids(write_course(tmp_path))
    change(tmp_path, "- two", "- something with no letter in common")
    report = relock(tmp_path)
    assert report.retired == (f"start/first#{before['two']}",)
    assert len(report.new) == 1


def test_a_moved_block_keeps_its_uid(tmp_path):
    before = uids(write_course(tmp_path))
    change(tmp_path, "- one\n- two", "- two\n- one")
    report = relock(tmp_path)
    assert uids(tmp_path) == before
    assert (report.changed, report.moved) == ((), ())


def test_a_block_that_moves_to_another_page_keeps_its_uid_and_the_move_is_reported(tmp_path):
    uid = uids(write_course(tmp_path))["Keep this."]
    change(tmp_path, "## Key points\n\n- Keep this.\n", "")
    change(tmp_path, "# Second lesson\n", "# Second lesson\n\n- Keep this.\n", "01-start/02-second.md")
    assert relock(tmp_path).moved == ((f"start/first#{uid}", f"start/second#{uid}"),)


def test_a_block_of_another_kind_is_another_block(tmp_path):
    before = uids(write_course(tmp_path))
    change(tmp_path, "- Keep this.", "Keep this.")
    relock(tmp_path)
    assert uids(tmp_path)["Keep this."] != before["Keep this."]


def test_neighbours_decide_between_blocks_that_are_alike(tmp_path):
    text = "- one\n- Article 11 is short.\n- two\n- Article 12 is short.\n- three"
    write_course(tmp_path)
    change(tmp_path, "- one\n- two", text)
    relock(tmp_path)
    before = uids(tmp_path)
    change(tmp_path, "Article 11 is short.", "Article 21 is short.")
    change(tmp_path, "Article 12 is short.", "Article 22 is short.")
    relock(tmp_path)
    after = uids(tmp_path)
    assert after["Article 21 is short."] == before["Article 11 is short."]
    assert after["Article 22 is short."] == before["Article 12 is short."]


def test_equal_texts_on_one_page_are_told_apart_by_their_order(tmp_path):
    write_course(tmp_path)
    change(tmp_path, "- one\n- two", "- same\n- same\n- two")
    relock(tmp_path)
    contexts = [unit.context for unit in load_course(tmp_path).units() if unit.text == "same"]
    assert len(set(contexts)) == 2
    relock(tmp_path)
    assert [unit.context for unit in load_course(tmp_path).units() if unit.text == "same"] == contexts


def test_pin_lets_a_block_keep_an_older_uid(tmp_path):
    before = uids(write_course(tmp_path))
    change(tmp_path, "- two", "- something with no letter in common")
    relock(tmp_path)
    new = uids(tmp_path)["something with no letter in common"]
    pin(tmp_path, before["two"], new)
    assert uids(tmp_path)["something with no letter in common"] == before["two"]
    load_course(tmp_path)


def test_pin_exchanges_two_uids_that_went_to_the_wrong_blocks(tmp_path):
    before = uids(write_course(tmp_path))
    pin(tmp_path, before["one"], before["two"])
    after = uids(tmp_path)
    assert (after["one"], after["two"]) == (before["two"], before["one"])


def test_pin_refuses_a_uid_that_no_block_has(tmp_path):
    write_course(tmp_path)
    with pytest.raises(ContentError, match="aaaaaa"):
        pin(tmp_path, "bbbbbb", "aaaaaa")


def test_a_course_with_faults_is_not_locked(tmp_path):
    write_course(tmp_path)
    change(tmp_path, "[x]", "[ ]")
    before = (tmp_path / "units.lock.json").read_bytes()
    with pytest.raises(ContentError):
        relock(tmp_path)
    assert (tmp_path / "units.lock.json").read_bytes() == before


def test_a_lock_that_cannot_be_read_is_not_overwritten(tmp_path):
    (write_course(tmp_path) / "units.lock.json").write_text("[]")
    with pytest.raises(ContentError, match=r"units\.lock\.json"):
        relock(tmp_path)


def test_only_blocks_whose_text_changed_are_compared(tmp_path, monkeypatch):
    folder = tmp_path / "sample"
    write_sample(folder, modules=3, lessons=10, paragraphs=20)
    relock(folder)
    assert len(list(load_course(folder).units())) > 30 * (20 + UNITS_PER_LESSON)
    calls = []
    ratio = lock_module.fuzz.ratio

    def counted(*arguments, **options):
        calls.append(arguments)
        return ratio(*arguments, **options)

    monkeypatch.setattr(lock_module.fuzz, "ratio", counted)
    path = folder / "02-module-2/03-lesson-3.md"
    paragraphs = path.read_text().split("\n\n")
    paragraphs[5] += " One more sentence."
    paragraphs[9] += " And one here."
    path.write_text("\n\n".join(paragraphs))
    assert len(relock(folder).changed) == 2
    assert len(calls) <= 2 * 2


def test_any_shuffle_of_paragraphs_keeps_every_uid(tmp_path):
    folder = tmp_path / "sample"
    write_sample(folder, modules=1, lessons=1, paragraphs=12)
    relock(folder)
    before = uids(folder)
    path = folder / "01-module-1/01-lesson-1.md"
    head, *rest = path.read_text().split("\n\n::: ")
    top, *paragraphs = head.split("\n\n")[2:]
    shuffled = random.Random(3).sample(paragraphs, len(paragraphs))
    path.write_text("\n\n".join([*head.split("\n\n")[:2], top, *shuffled]) + "\n\n::: " + rest[0])
    report = relock(folder)
    assert uids(folder) == before
    assert (report.changed, report.new, report.retired) == ((), (), ())
