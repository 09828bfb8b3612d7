"""Answers repeated, messages claimed, leases held: once each, on both databases."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn import clock
from elearn.db import Database
from elearn.ledger import service
from elearn.ledger.models import IdempotencyKey, MessageSent
from elearn.ledger.queries import age_of_heartbeat

NOON = datetime(2027, 3, 1, 12, 0, 0, tzinfo=UTC)
LETTER = {"recipient": "digest", "kind": "accepted", "occasion": "application:1"}
FORM = {"actor": "person:1", "key": "k", "endpoint": "cohorts.apply"}


@pytest.fixture
def traveller():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_the_first_answer_to_a_form_is_the_answer_to_its_repetitions(session: Session):
    assert service.claim_key(session, **FORM, location="/first") is None
    assert service.claim_key(session, **FORM, location="/second") == "/first"
    assert service.first_answer(session, **FORM) == "/first"


def test_a_key_belongs_to_one_actor_and_one_endpoint(session: Session):
    service.claim_key(session, **FORM, location="/first")
    assert service.claim_key(session, **{**FORM, "actor": "person:2"}, location="/mine") is None
    assert service.first_answer(session, **{**FORM, "endpoint": "other"}) is None
    assert service.first_answer(session, **{**FORM, "key": "unused"}) is None


def test_a_key_of_a_form_that_was_rolled_back_is_free(database: Database):
    with database.write_session() as session:
        service.claim_key(session, **FORM, location="/first")
        session.rollback()
    with database.transaction() as session:
        assert service.claim_key(session, **FORM, location="/second") is None


def test_a_repetition_waits_for_the_first_and_gets_its_answer(database: Database):
    answers: list[str | None] = []

    def repeat() -> None:
        with database.transaction() as session:
            answers.append(service.claim_key(session, **FORM, location="/second"))

    with database.transaction() as session:
        service.claim_key(session, **FORM, location="/first")
        thread = threading.Thread(target=repeat)
        thread.start()
        thread.join(0.3)
        assert answers == [], "the repetition did not wait"
    thread.join(10)
    assert answers == ["/first"]


def test_keys_are_swept_after_two_days(database: Database, traveller):
    for key, hours in (("old", 0), ("new", 1)):
        traveller.move_to(NOON + timedelta(hours=hours))
        with database.transaction() as session:
            service.claim_key(session, **{**FORM, "key": key}, location="/")
    traveller.move_to(NOON + service.KEY_LIFETIME + timedelta(seconds=1))
    with database.transaction() as session:
        service.sweep(session)
        assert list(session.scalars(select(IdempotencyKey.key))) == ["new"]


def test_a_message_is_claimed_once_per_recipient_kind_and_occasion(session: Session):
    assert service.claim_message(session, **LETTER)
    assert not service.claim_message(session, **LETTER)
    for name in LETTER:
        assert service.claim_message(session, **{**LETTER, name: "another"}), name


def test_a_message_that_went_out_is_never_claimed_again(session: Session, traveller):
    service.claim_message(session, **LETTER)
    service.mark_message_sent(session, **LETTER)
    service.release_message(session, **LETTER)
    traveller.shift(timedelta(days=400))
    assert not service.claim_message(session, **LETTER)
    assert session.scalars(select(MessageSent.sent_at)).one() == NOON


def test_the_claim_of_a_dead_worker_is_taken_over_by_one_other(session: Session, traveller):
    service.claim_message(session, **LETTER)
    traveller.shift(service.CLAIM_LEASE)
    assert not service.claim_message(session, **LETTER)
    traveller.shift(timedelta(seconds=1))
    assert service.claim_message(session, **LETTER)
    assert not service.claim_message(session, **LETTER)


def test_a_claim_given_back_can_be_taken_at_once(session: Session):
    service.claim_message(session, **LETTER)
    service.release_message(session, **LETTER)
    assert service.claim_message(session, **LETTER)


def test_one_holder_has_the_lease_until_it_falls_silent(session: Session, traveller):
    def beat(holder: str) -> bool:
        return service.beat(session, name="worker", holder=holder, lease_seconds=120)

    assert age_of_heartbeat(session, "worker", clock.now()) is None
    assert (beat("first"), beat("second"), beat("first")) == (True, False, True)
    traveller.shift(timedelta(seconds=100))
    assert age_of_heartbeat(session, "worker", clock.now()) == timedelta(seconds=100)
    assert beat("first"), "a renewal counts from now"
    traveller.shift(timedelta(seconds=119))
    assert not beat("second")
    traveller.shift(timedelta(seconds=2))
    assert (beat("second"), beat("first")) == (True, False)
