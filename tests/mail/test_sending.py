"""Once per recipient, kind and occasion, through real SMTP and on both databases."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from elearn import clock
from elearn.jobs import service as jobs
from elearn.jobs.models import OutboxJob
from elearn.ledger import service as ledger
from elearn.ledger.models import MessageSent
from elearn.mail.letters import post
from elearn.mail.sending import BeingSent, Postman
from elearn.mail.transport import SmtpTransport
from tests.conftest import Installation
from tests.mail.server import Mailbox, mail_server

RESET = {"kind": "reset", "to": "amal@example.org", "locale": "ar", "occasion": "token:1"}
VALUES = {"name": "أمل", "link": "https://example.org/ar/reset/SECRET", "minutes": 60}


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as opened:
        yield opened


@pytest.fixture
def postman(both: Installation, mailbox: Mailbox) -> Postman:
    platform = both.platform
    carrier = SmtpTransport(f"smtp://127.0.0.1:{mailbox.port}")
    return Postman(platform.settings, platform.catalogues, platform.environments, carrier)


def ask(both: Installation, **changes: Any) -> None:
    with both.platform.database.transaction() as session:
        post(session, values=VALUES, **{**RESET, **changes})


def run(both: Installation, postman: Postman) -> int:
    return jobs.run_due_jobs(both.platform.database, {"mail.send": postman.send})


def test_a_letter_that_was_asked_for_arrives_once(both: Installation, postman: Postman, mailbox: Mailbox):
    ask(both)
    ask(both)
    assert run(both, postman) == 1
    assert run(both, postman) == 0
    assert [to for _, to in mailbox.envelopes] == [["amal@example.org"]]
    assert VALUES["link"] in mailbox.messages[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_what_the_ledger_has_seen_is_not_sent_by_another_job(both: Installation, postman: Postman, mailbox: Mailbox):
    """Jobs are swept after a week; the ledger remembers the letter."""
    ask(both)
    run(both, postman)
    with both.platform.database.transaction() as session:
        session.delete(session.get_one(OutboxJob, 1))
    ask(both)
    assert run(both, postman) == 1
    assert len(mailbox.messages) == 1


def test_other_occasions_people_and_kinds_are_other_letters(both: Installation, postman: Postman, mailbox: Mailbox):
    for changes in ({}, {"occasion": "token:2"}, {"to": "bea@example.org"}, {"kind": "password_changed"}):
        ask(both, **changes)
    assert run(both, postman) == 4
    assert len({message["Message-ID"] for message in mailbox.messages}) == 4


def test_a_delivery_that_fails_is_tried_again_later(both: Installation, postman: Postman, mailbox: Mailbox):
    mailbox.answers += ["451 try later", "554 no"]
    with time_machine.travel(clock.now(), tick=False) as traveller:
        ask(both)
        assert run(both, postman) == 0
        traveller.shift(timedelta(seconds=14))
        assert run(both, postman) == 0
        assert mailbox.answers == ["554 no"], "the retry came too early"
        traveller.shift(timedelta(seconds=2))
        assert run(both, postman) == 0
        traveller.shift(timedelta(seconds=61))
        assert run(both, postman) == 1
    assert len(mailbox.messages) == 1


def test_a_letter_whose_claim_could_not_be_given_back_is_sent_when_the_claim_is_over(
    both: Installation, postman: Postman, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
):
    """The server refuses, and then the database is away."""

    def fail(*_arguments: Any, **_options: Any) -> None:
        raise OSError("the database is away")

    mailbox.answers += ["451 try later"]
    with time_machine.travel(clock.now(), tick=False) as traveller:
        ask(both)
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "release_message", fail)
            assert run(both, postman) == 0
        traveller.shift(timedelta(seconds=15))
        assert run(both, postman) == 0
        assert mailbox.messages == []
        traveller.shift(timedelta(seconds=61))
        assert run(both, postman) == 0
        traveller.shift(ledger.CLAIM_LEASE)
        assert run(both, postman) == 1
    assert len(mailbox.messages) == 1


def test_a_crash_between_sending_and_marking_doubles_a_letter_under_the_same_id(
    both: Installation, postman: Postman, mailbox: Mailbox
):
    arguments = {**RESET, "values": VALUES}
    with time_machine.travel(clock.now(), tick=False) as traveller:
        postman.send(both.platform.database, **arguments)  # the worker dies here: nobody calls finish
        with pytest.raises(BeingSent):
            postman.send(both.platform.database, **arguments)
        traveller.shift(ledger.CLAIM_LEASE + timedelta(seconds=1))
        assert postman.send(both.platform.database, **arguments) is not None
    first, second = mailbox.messages
    assert first["Message-ID"] == second["Message-ID"]


def test_two_workers_with_the_same_letter_send_it_once(both: Installation, postman: Postman, mailbox: Mailbox):
    meet = threading.Barrier(2)

    def work() -> None:
        meet.wait()
        with suppress(BeingSent):
            postman.send(both.platform.database, **RESET, values=VALUES)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(mailbox.messages) == 1


def test_neither_address_nor_link_stays_in_the_database(both: Installation, postman: Postman):
    ask(both)
    run(both, postman)
    with both.platform.database.read_session() as session:
        job = session.scalars(select(OutboxJob)).one()
        sent = session.scalars(select(MessageSent)).one()
    assert job.args == {}
    assert sent.sent_at is not None
    assert "amal" not in sent.recipient


@pytest.mark.parametrize("hostile", ["a@example.org\nBcc: b@example.org", "a@example.org\r\n\r\nText", "a@b@c", ""])
def test_an_address_never_becomes_a_header(hostile: str, both: Installation, postman: Postman, mailbox: Mailbox):
    with pytest.raises(Exception):
        postman.send(both.platform.database, **{**RESET, "to": hostile}, values=VALUES)
    assert mailbox.messages == []


def test_a_message_is_the_same_message_each_time_it_is_made(both: Installation, postman: Postman):
    def make(base_url: str) -> EmailMessage:
        other = replace(postman, settings=replace(postman.settings, base_url=base_url))
        return other.message(**RESET, values=VALUES)

    first, second = make("https://courses.example.org"), make("https://courses.example.org:8443")
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@courses.example.org>")
