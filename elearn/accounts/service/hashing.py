"""Hashing of passwords: argon2id with the cost of the settings, a few at once, never inside a write transaction."""

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from elearn.errors import NotReady
from elearn.i18n.markers import N_
from elearn.settings import Settings

AT_ONCE = 2  # per process: each takes a core and the memory of ARGON2_MEMORY_KIB
PATIENCE_SECONDS = 10
SPENT = 3  # comparisons, so that writing a link and a letter adds less than a tenth to the answer
BUSY = N_("Very many people are signing in at this moment. Please try again in a few seconds.")

_slots = threading.BoundedSemaphore(AT_ONCE)


def hash_password(password: str, *, settings: Settings) -> str:
    """The argon2id hash to store. Raises NotReady when too many are being made."""
    with _slot():
        return _hasher(settings.argon2_memory_kib, settings.argon2_time_cost).hash(_normal(password))


def is_right_password(password: str, stored: str | None, *, settings: Settings) -> bool:
    """Whether `password` belongs to the hash. Without a hash (no such person) the same work is done, for nothing.

    Raises NotReady when too many are being compared.
    """
    cost = settings.argon2_memory_kib, settings.argon2_time_cost
    decoy = _decoy(*cost)
    with _slot():
        try:
            return _hasher(*cost).verify(stored or decoy, _normal(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def spend_time(*, settings: Settings) -> None:
    """The work of a few comparisons, for nothing: a letter that only a known address gets is then no visible delay.

    Raises NotReady like the comparison.
    """
    for _ in range(SPENT):
        is_right_password("", None, settings=settings)


def is_outdated(stored: str, *, settings: Settings) -> bool:
    """Whether a hash was made with another cost than the settings ask for now."""
    return _hasher(settings.argon2_memory_kib, settings.argon2_time_cost).check_needs_rehash(stored)


@contextmanager
def _slot() -> Iterator[None]:
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise NotReady(BUSY, retry_after=5)
    try:
        yield
    finally:
        _slots.release()


def _normal(password: str) -> bytes:
    """NFKC, so that the same keys give the same bytes on every system (NIST SP 800-63B); never cut or trimmed."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=4)
def _hasher(memory_kib: int, time_cost: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


@lru_cache(maxsize=4)
def _decoy(memory_kib: int, time_cost: int) -> str:
    return _hasher(memory_kib, time_cost).hash(secrets.token_hex(16))
