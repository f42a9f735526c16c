"""Mail on its way out: in the order of its ticket, at the pace of its account, and taken back while no server knows it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session as SessionType

from contact_hub import mail_accounts, outbox, threads
from contact_hub.database import Session, now
from contact_hub.mail_accounts import Account
from contact_hub.outbox import Outgoing
from contact_hub.tickets import Ticket
from tests import builders

DESK, TAXES = mail_accounts.read(["smtp://host?name=desk", "smtp://host?name=taxes&rate=2"], "Town <town@a.example>")


@pytest.fixture(autouse=True)
def desk(database: Engine) -> Iterator[None]:
    before = outbox.accounts
    outbox.sends_by((DESK, TAXES))
    with Session.begin() as session:
        builders.publish_rules(session)
    yield
    outbox.sends_by(before)


def a_ticket(session: SessionType) -> Ticket:
    return builders.a_ticket(session, sender="")  # who left no address gets no receipt


def an_answer(session: SessionType, ticket: Ticket, by: Account = DESK, **more: object) -> Outgoing:
    message = builders.an_answer()
    ticket.answer(message, by=builders.an_agent(session))
    written = {"reference": ticket.reference, "recipient": "roos@example.org", "subject": "x", "answers": []}
    mail = outbox.write(session, message, account=by, **written | more)
    session.flush()
    return mail


def claimed(session: SessionType, by: Account = DESK) -> int | None:
    others = {each.name for each in (DESK, TAXES)} - {by.name}
    mail = outbox.claim_next(session, by, others=others)
    session.flush()
    return mail.message_id if mail else None


def test_the_answers_of_a_ticket_leave_in_the_order_in_which_they_were_written() -> None:
    with Session.begin() as session:
        ticket = a_ticket(session)
        first = an_answer(session, ticket, later=timedelta(minutes=1))
        second, elsewhere = an_answer(session, ticket), an_answer(session, a_ticket(session))
        assert claimed(session) == elsewhere.message_id
        assert claimed(session) is None
        first.due_at = now()
        assert claimed(session) == first.message_id
        assert claimed(session) is None
        first.mark_sent()
        assert claimed(session) == second.message_id


def test_an_account_keeps_its_pace_and_the_others_theirs() -> None:
    with Session.begin() as session:
        slow = [an_answer(session, a_ticket(session), TAXES) for _ in range(3)]
        quick = an_answer(session, a_ticket(session))
        assert [claimed(session, TAXES) for _ in range(3)] == [slow[0].message_id, slow[1].message_id, None]
        assert claimed(session) == quick.message_id
        slow[0].claimed_at = now() - timedelta(minutes=1)
        assert claimed(session, TAXES) == slow[2].message_id


def test_an_address_with_a_tag_leads_an_answer_to_its_ticket() -> None:
    [tagged] = mail_accounts.read(["smtp://host?tags=yes&reply-to=desk@a.example"], "Town <town@a.example>")
    with Session.begin() as session:
        ticket = a_ticket(session)
        mail = an_answer(session, ticket, tagged)
        assert mail.reply_to.startswith("desk+")
        assert threads.reference_by_token(mail.reply_to) == ticket.reference
        assert an_answer(session, ticket).reply_to == ""


def test_only_what_nobody_sends_lies_there() -> None:
    with Session.begin() as session:
        ticket = a_ticket(session)
        first, second = an_answer(session, ticket), an_answer(session, ticket)
        later = now() + timedelta(minutes=6)
        assert outbox.left_lying(session, later) == 1  # the second waits for the first
        first.due_at += timedelta(hours=1)  # put off by its server
        assert outbox.left_lying(session, later) == 0
        second.account = TAXES.name
        an_answer(session, a_ticket(session), TAXES).claimed_at = later + timedelta(seconds=1)
        assert outbox.left_lying(session, later) == 0  # its account is at its pace


def test_what_no_account_sends_any_more_the_first_one_sends() -> None:
    with Session.begin() as session:
        mail = an_answer(session, a_ticket(session))
        mail.account = "of yesterday"
        assert claimed(session, TAXES) is None
        assert claimed(session) == mail.message_id


def test_an_answer_can_be_taken_back_until_somebody_sends_it() -> None:
    with Session.begin() as session:
        mail = an_answer(session, a_ticket(session), later=timedelta(seconds=10))
        assert mail.can_be_taken_back
        assert claimed(session) is None
        mail.due_at = now()
        claimed(session)
        assert not mail.can_be_taken_back
        mail.mark_refused("450 later", for_good=False)
        assert not mail.can_be_taken_back  # the server may have kept it


def test_a_mail_that_came_back_before_its_sender_could_note_it_is_not_sent() -> None:
    with Session.begin() as session:
        sent, tried = an_answer(session, a_ticket(session)), an_answer(session, a_ticket(session))
        for mail in (sent, tried):
            claimed(session)
            mail.mark_bounced("550 no such mailbox")
        sent.mark_sent()
        tried.mark_refused("the connection broke", for_good=False)
        assert [(mail.state, mail.reason) for mail in (sent, tried)] == [("bounced", "550 no such mailbox")] * 2
        assert claimed(session) is None


def test_what_did_not_arrive_can_be_tried_again_with_the_patience_of_the_first_time() -> None:
    with Session.begin() as session:
        mail = an_answer(session, a_ticket(session))
        claimed(session)
        mail.mark_sent()
        assert not mail.can_be_tried_again
        mail.mark_bounced("550 no such mailbox")
        assert (mail.state, mail.reason, mail.can_be_tried_again) == ("bounced", "550 no such mailbox", True)
        mail.written_at -= timedelta(days=9)
        mail.try_again()
        assert claimed(session) == mail.message_id
        mail.mark_refused("450 later", for_good=False)
        assert mail.state == "waiting"
