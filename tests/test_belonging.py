"""A mail goes on with the ticket it belongs to, and never opens a stranger's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from contact_hub import answers, intake, mail_accounts, outbox, threads
from contact_hub.contact import Contact
from contact_hub.database import Session, now, reading
from contact_hub.history import Event
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.references import reference_of
from contact_hub.talking import REOPENS_WITHIN
from contact_hub.tickets import Ticket
from tests.builders import a_contact, an_agent, publish_rules

ROOS, BUUR, STRANGER, DESK = "roos@example.org", "buur@example.org", "stranger@example.net", "onthaal@lindervelde.example"


@pytest.fixture(autouse=True)
def desk(database: Engine) -> Any:
    threads.answers_at([DESK])
    with Session.begin() as session:
        publish_rules(session)
    yield
    threads.answers_at([])


def comes(sender: str = ROOS, **given: Any) -> Ticket:
    [arrival] = intake.receive([a_contact(sender=sender, **{"recipients": (DESK,)} | given)], channel="email")
    return arrival.ticket


def asked(**given: Any) -> Ticket:
    """Roos's ticket, about her mail `q@example.org`."""
    return comes(message_id="q@example.org", **given)


def receipt_of(ticket: Ticket) -> str:
    with reading() as session:
        return session.query(Message).filter_by(ticket_id=ticket.id, kind="receipt").one().message_id or ""


def kept(ticket: Ticket) -> Ticket:
    with reading() as session:
        return session.get_one(Ticket, ticket.id)


def happened(ticket: Ticket) -> list[str]:
    with reading() as session:
        return [each.kind for each in session.query(Event).filter_by(ticket_id=ticket.id).order_by(Event.number)]


def resolved(ticket: Ticket, *, days_ago: int = 0) -> Ticket:
    with Session.begin() as session:
        mine = session.get_one(Ticket, ticket.id)
        mine.resolve(by=an_agent(session), outcome="resolved_first_line")
        mine.resolved_at = now() - timedelta(days=days_ago)
    return ticket


def test_whoever_answers_what_we_wrote_goes_on_with_its_ticket() -> None:
    ticket = asked()

    assert comes(BUUR, answers=(receipt_of(ticket),)).id == ticket.id


def test_the_token_in_the_address_leads_to_the_ticket_without_any_header() -> None:
    ticket = asked()
    address = threads.reply_address(DESK, ticket.reference)

    assert comes(BUUR, recipients=(address.upper(),)).id == ticket.id
    assert comes(BUUR, recipients=(address.replace("+", "+x", 1),)).id != ticket.id


def test_an_account_whose_address_can_be_extended_is_answered_at_one_that_names_the_ticket() -> None:
    before = outbox.accounts
    outbox.sends_by(mail_accounts.read(["smtp://host?tags=yes"], f"Onthaal <{DESK}>"))
    try:
        ticket = asked()
    finally:
        outbox.sends_by(before)

    assert outgoing(ticket).reply_to == threads.reply_address(DESK, ticket.reference)
    assert comes(BUUR, recipients=(outgoing(ticket).reply_to,)).id == ticket.id


def test_a_token_survives_that_our_mail_is_known_no_more() -> None:
    ticket = asked()

    assert comes(answers=(f"{threads.token_for(ticket.reference)}.of-a-lost-mail@lindervelde.example",)).id == ticket.id


def test_a_token_of_a_ticket_there_is_none_of_opens_one() -> None:
    ticket = asked()

    assert comes(recipients=(threads.reply_address(DESK, reference_of(2026, 999)),)).id != ticket.id


def test_the_sender_goes_on_with_the_own_question_from_any_of_the_own_addresses() -> None:
    ticket = asked()

    assert comes(answers=("q@example.org",)).id == ticket.id
    assert comes("ROOS@example.org", answers=("unknown@example.org", "q@example.org")).id == ticket.id


def test_a_colleague_in_copy_goes_on_with_the_ticket() -> None:
    ticket = asked(recipients=(DESK, BUUR))

    assert comes(BUUR, answers=("q@example.org",)).id == ticket.id


@pytest.mark.parametrize("clue", ["answers", "subject"])
def test_a_stranger_never_opens_somebodys_ticket_but_it_is_offered(clue: str) -> None:
    ticket = resolved(asked())
    clues: dict[str, Any] = {"answers": ("q@example.org",), "subject": f"Re: [{ticket.reference}] Uw vraag"}

    new = comes(STRANGER, **{clue: clues[clue]})

    assert (new.id, new.perhaps_id) == (ticket.id + 1, ticket.id)
    assert kept(ticket).status == "resolved"
    assert comes(STRANGER).perhaps_id is None


def test_a_stranger_is_none_for_having_claimed_our_own_address() -> None:
    ticket = asked()

    assert comes(DESK, subject=ticket.reference).id != ticket.id


def test_who_takes_part_may_name_the_reference() -> None:
    ticket = asked()

    assert comes(subject=f"Nog iets over {ticket.reference.lower()}").id == ticket.id
    assert comes(BUUR, subject=f"Nog iets over {ticket.reference}", recipients=(DESK, ROOS)).id != ticket.id


def test_a_colleague_answers_before_the_question_arrives() -> None:
    reply = comes(BUUR, answers=("q@example.org",), recipients=(ROOS, DESK))

    assert asked(recipients=(BUUR, DESK)).id == reply.id


def test_a_chain_whose_first_mail_was_never_seen_is_one_ticket_whatever_the_order() -> None:
    chain: dict[str, dict[str, Any]] = {
        "2": {"sender": ROOS, "answers": ("1@x", "0@x"), "recipients": (BUUR, DESK)},
        "3": {"sender": BUUR, "answers": ("2@x", "1@x", "0@x"), "recipients": (ROOS, DESK)},
        "4": {"sender": "chef@example.org", "answers": ("3@x", "0@x"), "recipients": (ROOS, BUUR, DESK)},
    }
    for order in ("423", "342"):
        tickets = {comes(**given_with(chain[name], f"{name}@x", order)).id for name in order}
        assert len(tickets) == 1


def given_with(mail: dict[str, Any], name: str, run: str) -> dict[str, Any]:
    """The mail of this run of the test, in a thread of its own."""
    return mail | {"message_id": run + name, "answers": tuple(run + each for each in mail["answers"])}


def test_strangers_who_answer_the_same_newsletter_have_tickets_of_their_own() -> None:
    letter = {"answers": ("news@elsewhere.example",), "recipients": ("news@elsewhere.example", DESK)}
    first, second = comes(ROOS, **letter), comes(BUUR, **letter)

    assert (second.id, second.perhaps_id) == (first.id + 1, None)


def test_members_of_a_chain_in_one_batch_are_one_ticket() -> None:
    mails = [
        a_contact(sender=BUUR, recipients=(ROOS, DESK), message_id="2@x", answers=("1@x",)),
        a_contact(sender=ROOS, recipients=(BUUR, DESK), message_id="1@x"),
        a_contact(sender=STRANGER, recipients=(DESK,), answers=("1@x",)),
    ]

    first, second, stranger = intake.receive(mails, channel="email")

    assert first.ticket.id == second.ticket.id != stranger.ticket.id
    assert stranger.ticket.perhaps_id == first.ticket.id


@pytest.mark.parametrize("text", ["Hartelijk dank!", "Merci beaucoup", "Thank you for your help", "Vielen Dank"])
def test_a_thank_you_opens_nothing_again_and_resets_nothing(text: str) -> None:
    ticket = resolved(asked(), days_ago=30)
    before = kept(ticket)

    assert comes(answers=("q@example.org",), message=text).id == ticket.id
    after = kept(ticket)
    assert (after.status, after.unread, after.due_at) == ("resolved", False, before.due_at)
    assert happened(ticket)[-1] == "heard_thanks"


def test_a_real_follow_up_opens_the_ticket_again_in_time() -> None:
    ticket = resolved(asked(), days_ago=REOPENS_WITHIN.days - 1)

    assert comes(answers=("q@example.org",), received=now()).id == ticket.id
    assert kept(ticket).status == "new"


def test_a_late_follow_up_is_a_new_ticket_that_follows_the_old_one() -> None:
    ticket = resolved(asked(), days_ago=REOPENS_WITHIN.days + 1)

    late = comes(answers=("q@example.org",), received=now(), message="Er is weer een pothole")

    assert (late.follows_id, kept(late).queue_id, kept(ticket).status) == (ticket.id, "wegen", "resolved")
    assert (happened(ticket)[-1], happened(late)[-1]) == ("followed", "follows")
    assert comes(answers=("q@example.org",), received=now(), message="Nog iets").id == late.id


@pytest.mark.parametrize("kind", ["out-of-office", "auto-reply", "list"])
def test_a_machine_opens_nothing_again_and_resets_nothing(kind: Any) -> None:
    ticket = resolved(asked(), days_ago=30)

    assert comes(answers=(receipt_of(ticket),), automatic=kind, received=now()).id == ticket.id
    assert (kept(ticket).status, kept(ticket).unread) == ("resolved", False)


def outgoing(ticket: Ticket) -> Outgoing:
    """The newest mail of the ticket."""
    with reading() as session:
        return session.query(Outgoing).join(Message).filter_by(ticket_id=ticket.id).order_by(Message.id.desc()).limit(1).one()


def test_a_bounce_marks_the_mail_it_gives_back() -> None:
    ticket = asked()

    comes("mailer-daemon@example.org", answers=(receipt_of(ticket),), automatic="bounce", failure="5.1.1 no such user")

    assert (outgoing(ticket).state, outgoing(ticket).reason) == ("bounced", "5.1.1 no such user")
    assert kept(ticket).undelivered
    assert happened(ticket)[-1] == "bounced"


def test_an_answer_that_came_back_opens_its_ticket_again() -> None:
    ticket = asked()
    with Session.begin() as session:
        answer = answers.send(session, session.get_one(Ticket, ticket.id), "Dat kan.", by=an_agent(session))
        session.flush()
        key = answer.message_id or ""
    resolved(ticket)

    comes("", answers=(key,), automatic="bounce", failure="5.2.2")

    assert (kept(ticket).status, kept(ticket).undelivered, outgoing(ticket).state) == ("new", True, "bounced")


def test_a_receipt_that_came_back_opens_nothing_again() -> None:
    ticket = resolved(asked())

    comes("", answers=(receipt_of(ticket),), automatic="bounce")

    assert (kept(ticket).status, kept(ticket).undelivered) == ("resolved", True)


def test_a_bounce_that_names_no_mail_of_ours_marks_none() -> None:
    ticket = asked()

    comes("", answers=(f"{threads.token_for(ticket.reference)}.x@y",), automatic="bounce")

    assert (kept(ticket).undelivered, outgoing(ticket).state) == (False, "waiting")


def test_a_delay_is_noted_and_marks_nothing() -> None:
    ticket = asked()

    comes("", answers=(receipt_of(ticket),), automatic="delay")

    assert (kept(ticket).undelivered, outgoing(ticket).state, happened(ticket)[-1]) == (False, "waiting", "heard_delay")


def test_our_own_mail_that_comes_back_to_us_is_a_machines() -> None:
    ticket = resolved(asked())

    echo = comes(DESK, message_id=receipt_of(ticket))

    assert (echo.id, kept(ticket).status, happened(ticket)[-1]) == (ticket.id, "resolved", "heard_machine")


def test_other_doors_go_on_by_keys_that_only_they_know() -> None:
    chat = Contact(channel="chat", external_id="1", received=now(), message="Dag", message_id="chat:k", answers=("chat:k",))
    [first] = intake.receive([chat], channel="chat")

    forged = comes(STRANGER, answers=("chat:k",))

    assert forged.id != first.ticket.id
