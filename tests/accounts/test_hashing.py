"""Passwords are hashed with the cost of the settings, a few at once."""

import threading
from dataclasses import replace

import pytest

from elearn.accounts.service import hashing
from elearn.errors import NotReady
from elearn.settings import Settings
from tests.factories import PASSWORD


def test_the_right_password_is_recognised_and_no_other(settings: Settings) -> None:
    stored = hashing.hash_password(PASSWORD, settings=settings)
    assert stored.startswith("$argon2id$")
    assert hashing.is_right_password(PASSWORD, stored, settings=settings)
    assert not hashing.is_right_password(PASSWORD.upper(), stored, settings=settings)
    assert not hashing.is_right_password(PASSWORD + " ", stored, settings=settings)


def test_the_same_letters_composed_otherwise_are_the_same_password(settings: Settings) -> None:
    stored = hashing.hash_password("un café très noir", settings=settings)
    assert hashing.is_right_password("un cafe\u0301 tre\u0300s noir", stored, settings=settings)


@pytest.mark.parametrize("stored", [None, "", "no hash at all"])
def test_without_a_usable_hash_no_password_is_right(stored: str | None, settings: Settings) -> None:
    assert not hashing.is_right_password(PASSWORD, stored, settings=settings)


def test_for_an_unknown_person_a_hash_is_computed_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    class Counting:
        def verify(self, stored: str, _password: bytes) -> bool:
            compared.append(stored)
            return True

    decoy = hashing._decoy(settings.argon2_memory_kib, settings.argon2_time_cost)
    monkeypatch.setattr(hashing, "_hasher", lambda *_cost: Counting())
    assert not hashing.is_right_password(PASSWORD, None, settings=settings)
    assert compared == [decoy]


def test_a_hash_of_another_cost_is_outdated(settings: Settings) -> None:
    stored = hashing.hash_password(PASSWORD, settings=settings)
    assert not hashing.is_outdated(stored, settings=settings)
    assert hashing.is_outdated(stored, settings=replace(settings, argon2_time_cost=3))


def test_no_more_hashes_are_made_at_once_than_there_are_slots(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(hashing, "PATIENCE_SECONDS", 0.01)
    with hashing._slot(), pytest.raises(NotReady):
        hashing.hash_password(PASSWORD, settings=settings)
    assert hashing.hash_password(PASSWORD, settings=settings)
