"""The lock: which block of prose keeps which uid while authors change the text.

`units.lock.json` in the course folder is committed with the text. It holds, page by page in reading order, the uid
of every block of prose, the fingerprint of its text, its kind, and the text, with which a changed block is compared.
"""

import base64
import json
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rapidfuzz import fuzz

from elearn.content.faults import ContentError, Fault, FaultLog
from elearn.content.source import read_bytes
from elearn.content.units import Entry, LockedNames, fingerprint

LOCK_FILE = "units.lock.json"
SIMILAR_ENOUGH = 50.0
"""Percent of likeness (rapidfuzz ratio) from which a changed block keeps its uid."""
NEIGHBOUR_BONUS = 10.0
"""Percent that each unchanged neighbour adds when two blocks compete for a uid."""


@dataclass(frozen=True, slots=True)
class LockReport:
    """What a renewal did, as contexts "<page>#<uid>". `moved` blocks stand on another page now: (old, new)."""

    kept: tuple[str, ...]
    changed: tuple[str, ...]
    new: tuple[str, ...]
    retired: tuple[str, ...]
    moved: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lock:
    """The entries of each page in reading order."""

    pages: Mapping[str, tuple[Entry, ...]]

    def names(self, page: str) -> LockedNames:
        """The uids of one page."""
        return LockedNames(self.pages.get(page, ()))

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Every (page, entry)."""
        return ((page, entry) for page, entries in self.pages.items() for entry in entries)


class RecordingNames:
    """Records the blocks of one page instead of naming them."""

    def __init__(self) -> None:
        self.blocks: list[Entry] = []

    def uid(self, kind: str, text: str) -> str:
        self.blocks.append(Entry("", fingerprint(text), kind, text))
        return f"b{len(self.blocks)}"


def read_lock(course_path: Path, log: FaultLog) -> Lock:
    """The lock of a course; a missing one is empty, an unreadable one is a fault of `log`."""
    path = course_path / LOCK_FILE
    if not path.exists():
        return Lock({})
    try:
        pages = json.loads(read_bytes(path, log))["pages"]
        return Lock({page: tuple(Entry(**entry) for entry in entries) for page, entries in pages.items()})
    except (ValueError, KeyError, TypeError, AttributeError):
        log.add(1, "bad-lock", "units.lock.json cannot be read.", "Take it back from version control.")
        return Lock({})


def write_lock(course_path: Path, lock: Lock) -> None:
    """Write the lock with one block a line, so that a changed text is one changed line."""
    pages = []
    for page, entries in lock.pages.items():
        items = ",\n".join(f"   {json.dumps(asdict(entry), ensure_ascii=False)}" for entry in entries)
        pages.append(f"  {json.dumps(page)}: [\n{items}\n  ]")
    text = '{\n "version": 1,\n "pages": {\n' + ",\n".join(pages) + "\n }\n}\n"
    (course_path / LOCK_FILE).write_text(text, encoding="utf-8")


def renew(old: Lock, found: Mapping[str, Sequence[Entry]]) -> tuple[Lock, LockReport]:
    """The lock for the blocks as `found` (without uids) and what became of the old ones.

    Equal text of the same kind keeps its uid, wherever it moved. What is left is compared page by page. The rest
    gets uids of its own.
    """
    renewal = _Renewal(old, found)
    renewal.match_equal(same_page=True)
    renewal.match_equal(same_page=False)
    for page in found:
        renewal.match_similar(page)
    return renewal.finish()


def pin(course_path: Path, old: str, new: str) -> None:
    """Let the block that has the uid `new` keep `old` instead: what `renew` could not know. A block that has `old`
    now gets `new`. Raises ContentError when no block has the uid `new`."""
    log = FaultLog(LOCK_FILE)
    lock = read_lock(course_path, log)
    if not any(entry.uid == new for _page, entry in lock.entries()):
        mend = "Take a uid that stands in the lock."
        raise ContentError([*log.faults, Fault(LOCK_FILE, 1, "unknown-uid", f"No block has the uid {new}.", mend)])
    swap = {old: new, new: old}
    pages = {
        page: tuple(Entry(swap.get(e.uid, e.uid), e.sha, e.kind, e.text) for e in entries)
        for page, entries in lock.pages.items()
    }
    write_lock(course_path, Lock(pages))


Place = tuple[str, int]
"""A page and the number of a block on it."""


class _Renewal:
    """The matching of old blocks with new ones."""

    def __init__(self, old: Lock, found: Mapping[str, Sequence[Entry]]) -> None:
        self.old = old
        self.found = found
        self.uids: dict[Place, str] = {}
        self.changed: set[str] = set()
        self.free: dict[str, Place] = {
            entry.uid: (page, n) for page, entries in old.pages.items() for n, entry in enumerate(entries)
        }

    def match_equal(self, *, same_page: bool) -> None:
        """Match blocks of equal text and kind, in reading order."""
        waiting: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
        for uid, place in self.free.items():
            entry = self._old_entry(place)
            waiting[place[0] if same_page else "", entry.sha, entry.kind].append(uid)
        for page, blocks in self.found.items():
            for n, block in enumerate(blocks):
                uids = waiting.get((page if same_page else "", block.sha, block.kind))
                if uids and (page, n) not in self.uids:
                    self._match((page, n), uids.pop(0))

    def match_similar(self, page: str) -> None:
        """Match what is left on one page, the likest pair first."""
        pairs = sorted(self._pairs(page), key=lambda pair: (-pair[0], pair[1]))
        for _score, n, uid in pairs:
            if uid in self.free and (page, n) not in self.uids:
                self._match((page, n), uid)
                self.changed.add(uid)

    def finish(self) -> tuple[Lock, LockReport]:
        """Give new uids to the rest and report."""
        taken = {entry.uid for _page, entry in self.old.entries()}
        new: list[str] = []
        pages: dict[str, tuple[Entry, ...]] = {}
        for page, blocks in self.found.items():
            entries = []
            for n, block in enumerate(blocks):
                uid = self.uids.get((page, n)) or _fresh_uid(taken)
                if (page, n) not in self.uids:
                    new.append(f"{page}#{uid}")
                entries.append(Entry(uid, block.sha, block.kind, block.text))
            pages[page] = tuple(entries)
        return Lock(pages), self._report(new)

    def _report(self, new: list[str]) -> LockReport:
        old_pages = {entry.uid: page for page, entry in self.old.entries()}
        stayed = [(f"{page}#{uid}", uid) for (page, _n), uid in sorted(self.uids.items())]
        moved = tuple(
            (f"{old_pages[uid]}#{uid}", context) for context, uid in stayed if context != f"{old_pages[uid]}#{uid}"
        )
        return LockReport(
            kept=tuple(context for context, uid in stayed if uid not in self.changed),
            changed=tuple(context for context, uid in stayed if uid in self.changed),
            new=tuple(new),
            retired=tuple(f"{page}#{uid}" for uid, (page, _n) in self.free.items()),
            moved=moved,
        )

    def _match(self, place: Place, uid: str) -> None:
        self.uids[place] = uid
        del self.free[uid]

    def _pairs(self, page: str) -> Iterator[tuple[float, int, str]]:
        """(likeness with bonus, number of the new block, uid of the old one) for every pair like enough."""
        waiting = [(uid, place) for uid, place in self.free.items() if place[0] == page]
        for n, block in enumerate(self.found[page]):
            if (page, n) in self.uids:
                continue
            for uid, place in waiting:
                entry = self._old_entry(place)
                if entry.kind != block.kind:
                    continue
                score = fuzz.ratio(entry.text, block.text, score_cutoff=SIMILAR_ENOUGH)
                if score >= SIMILAR_ENOUGH:
                    yield score + self._bonus((page, n), place), n, uid

    def _bonus(self, new: Place, old: Place) -> float:
        """More for each neighbour that is the same before and after."""
        entries = self.old.pages[old[0]]
        bonus = 0.0
        for step in (-1, 1):
            uid = self.uids.get((new[0], new[1] + step))
            n = old[1] + step
            if uid and 0 <= n < len(entries) and entries[n].uid == uid:
                bonus += NEIGHBOUR_BONUS
        return bonus

    def _old_entry(self, place: Place) -> Entry:
        return self.old.pages[place[0]][place[1]]


def _fresh_uid(taken: set[str]) -> str:
    """Six random base-32 characters that no block has."""
    while True:
        uid = base64.b32encode(secrets.token_bytes(4))[:6].decode().lower()
        if uid not in taken:
            taken.add(uid)
            return uid
