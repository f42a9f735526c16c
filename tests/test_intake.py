"""The gate takes everything in, once, with all that belongs to it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session as SessionType

from contact_hub import blobs, intake
from contact_hub.arrivals import SetAside, TakenContact, Tally
from contact_hub.blobs import BlobPart
from contact_hub.contact import Attachment, Contact
from contact_hub.database import Session, reading
from contact_hub.history import StoredDecision
from contact_hub.intake import Arrival, Unreadable
from contact_hub.messages import Message, StoredAttachment
from contact_hub.outbox import Outgoing
from contact_hub.people import Person
from contact_hub.tickets import Ticket
from tests.builders import MONDAY, a_contact, an_agent, publish_rules


@pytest.fixture(autouse=True)
def desk(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session)


def receive(*contacts: Contact, **more: Any) -> list[Arrival]:
    return intake.receive(contacts, channel="email", **more)


def how_many(session: SessionType, table: Any, *where: Any) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def tally() -> Counter[str]:
    """All days together: nobody's test should fail at midnight."""
    with reading() as session:
        rows = list(session.scalars(select(Tally)))
    assert [row.missing for row in rows] == [0] * len(rows)
    return Counter({name: sum(getattr(row, name) for row in rows) for name in ("offered", "taken", "known", "set_aside")})


def test_a_contact_opens_a_ticket_in_the_queue_the_rules_decide_on() -> None:
    [arrival] = receive(a_contact(message="Er zit een pothole in de straat"))

    with reading() as session:
        ticket = session.get_one(Ticket, arrival.ticket.id)
        assert (ticket.queue_id, ticket.topic_id, ticket.status) == ("wegen", "put", "new")
        decision = session.get_one(StoredDecision, ticket.id)
        assert (decision.rule, decision.queue_id) == ("potholes", "wegen")
        assert decision.record["evidence"]


def test_a_contact_is_taken_once_however_often_it_is_delivered() -> None:
    contact = a_contact()

    first, again = receive(contact), receive(contact)

    assert (first[0].known, again[0].known) == (False, True)
    assert again[0].ticket.id == first[0].ticket.id
    assert again[0].contact_id == first[0].contact_id
    assert tally() == Counter(offered=2, taken=1, known=1)


def test_a_contact_twice_in_one_batch_is_taken_once() -> None:
    contact = a_contact()

    arrived = receive(contact, contact)

    assert arrived[0].ticket.id == arrived[1].ticket.id
    assert tally() == Counter(offered=2, taken=1, known=1)


def test_the_same_id_at_two_doors_is_two_contacts() -> None:
    receive(a_contact(external_id="7"))
    intake.receive([a_contact(channel="phone", external_id="7")], channel="phone")

    with reading() as session:
        assert how_many(session, Ticket) == 2


def test_a_reply_joins_its_ticket() -> None:
    question = a_contact(message_id="q@example.org", sender="roos@example.org")
    [first] = receive(question)

    [reply] = receive(
        a_contact(answers=("unknown@example.org", "q@example.org"), message="Nog iets", sender="roos@example.org")
    )

    assert reply.ticket.id == first.ticket.id
    with reading() as session:
        said = session.scalars(select(Message.text).filter_by(kind="said").order_by(Message.id)).all()
    assert said == ["Mag ik iets vragen?", "Nog iets"]


def test_a_reply_in_the_same_batch_joins_its_ticket() -> None:
    first, reply = receive(
        a_contact(message_id="q@example.org", sender="roos@example.org"),
        a_contact(answers=("q@example.org",), sender="roos@example.org"),
    )

    assert reply.ticket.id == first.ticket.id


def test_an_answer_to_our_receipt_joins_the_ticket() -> None:
    [first] = receive(a_contact())
    with reading() as session:
        receipt = session.scalars(select(Message).filter_by(kind="receipt")).one()

    [reply] = receive(a_contact(answers=(receipt.message_id or "",)))

    assert reply.ticket.id == first.ticket.id


def resolve(ticket_id: int) -> None:
    with Session.begin() as session:
        session.get_one(Ticket, ticket_id).resolve(by=an_agent(session), outcome="resolved_first_line")


def test_a_resolved_ticket_opens_again_when_the_citizen_answers() -> None:
    [first] = receive(a_contact(message_id="q@example.org", sender="roos@example.org"))
    resolve(first.ticket.id)

    receive(a_contact(answers=("q@example.org",), sender="roos@example.org"))

    with reading() as session:
        ticket = session.get_one(Ticket, first.ticket.id)
        assert (ticket.status, ticket.outcome, ticket.unread) == ("new", "", True)
        assert [(cycle.number, cycle.outcome) for cycle in ticket.cycles] == [(1, "resolved_first_line"), (2, "")]


def test_a_resolved_ticket_stays_resolved_when_a_machine_answers() -> None:
    [first] = receive(a_contact(message_id="q@example.org", sender="roos@example.org"))
    resolve(first.ticket.id)

    receive(a_contact(answers=("q@example.org",), automatic="out-of-office", sender="roos@example.org"))

    with reading() as session:
        assert how_many(session, Ticket) == 1
        assert session.get_one(Ticket, first.ticket.id).status == "resolved"


def receipts() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Outgoing.recipient)))


def test_a_new_ticket_is_confirmed_once_to_its_sender() -> None:
    contact = a_contact(sender="Roos@Example.org")

    receive(contact)
    receive(contact)

    assert receipts() == ["roos@example.org"]


def test_a_reply_to_a_ticket_is_not_confirmed_again() -> None:
    receive(a_contact(message_id="q@example.org", sender="roos@example.org"))

    receive(a_contact(answers=("q@example.org",), sender="roos@example.org"))

    assert receipts() == ["roos@example.org"]


@pytest.mark.parametrize("kind", ["bounce", "auto-reply", "out-of-office", "delay", "list"])
def test_a_machine_gets_no_receipt(kind: Any) -> None:
    receive(a_contact(automatic=kind))

    assert receipts() == []


def test_somebody_without_a_mail_address_gets_no_mail() -> None:
    receive(a_contact(sender="+32470123456"))

    assert receipts() == []


def test_one_address_gets_at_most_five_receipts_an_hour() -> None:
    for _ in range(2):
        receive(*[a_contact(sender="loop@example.org") for _ in range(4)])

    with reading() as session:
        assert how_many(session, Ticket) == 8
    assert len(receipts()) == 5


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (3 << 20) + 17])
def test_the_original_is_kept_byte_for_byte(size: int) -> None:
    raw = bytes(number * 7919 % 251 for number in range(1021)) * (size // 1021 + 1)

    [arrival] = receive(a_contact(raw=raw[:size]))

    with reading() as session:
        taken = session.get_one(TakenContact, arrival.contact_id)
        assert b"".join(blobs.load(session, taken.raw_sha256)) == raw[:size]
        assert how_many(session, BlobPart) == max(1, -(-size // blobs.PART))


def test_a_file_sent_twice_is_kept_once() -> None:
    photo = Attachment("put.jpg", "image/jpeg", b"\xff\xd8 a photo")

    receive(a_contact(attachments=(photo,), raw=b"one"), a_contact(attachments=(photo,), raw=b"two"))

    with reading() as session:
        assert how_many(session, StoredAttachment) == 2
        assert how_many(session, BlobPart, BlobPart.sha256 == blobs.digest(photo.content)) == 1


def test_what_no_database_can_hold_is_replaced_and_the_contact_taken() -> None:
    awkward = "na\0me \ud83d half"
    contact = a_contact(
        subject=awkward, message=awkward, quoted=awkward, sender_name=awkward, headers={"x": awkward}, fields={"name": awkward}
    )

    [arrival] = receive(contact)

    with reading() as session:
        ticket = session.get_one(Ticket, arrival.ticket.id)
        assert ticket.subject == "na\ufffdme ? half"
    assert tally() == Counter(offered=1, taken=1)


def test_endless_names_are_cut_to_what_fits() -> None:
    contact = a_contact(
        external_id="e" * 3000,
        message_id="m" * 3000,
        sender_name="n" * 3000,
        sender=f"{'s' * 3000}@example.org",
        subject="s" * 3000,
    )

    [arrival] = receive(contact)

    assert receive(contact)[0].contact_id == arrival.contact_id


def test_a_contact_that_cannot_be_stored_is_set_aside_and_the_others_are_taken() -> None:
    impossible = a_contact(received=MONDAY.replace(tzinfo=None), raw=b"from nowhen")
    good, better = a_contact(), a_contact()

    receive(good, impossible, better)

    with reading() as session:
        assert how_many(session, Ticket) == 2
        aside = session.scalars(select(SetAside)).one()
        assert aside.external_id == impossible.external_id
        assert b"".join(blobs.load(session, aside.raw_sha256)) == b"from nowhen"
    assert tally() == Counter(offered=3, taken=2, set_aside=1)


def unreadable(**given: Any) -> Unreadable:
    return Unreadable(
        **{
            "channel": "email",
            "external_id": "broken-1",
            "received": MONDAY,
            "reason": "the parser gave up: ValueError",
            "raw": b"\xff\x00",
            "raw_type": "message/rfc822",
        }
        | given
    )


def test_what_a_door_cannot_read_is_set_aside_once_with_its_original() -> None:
    for _ in range(2):
        receive(a_contact(), unreadable=[unreadable()])

    with reading() as session:
        aside = session.scalars(select(SetAside)).one()
        assert aside.reason == "the parser gave up: ValueError"
        assert b"".join(blobs.load(session, aside.raw_sha256)) == b"\xff\x00"
    assert tally() == Counter(offered=4, taken=2, known=1, set_aside=1)


def test_what_the_door_must_remember_is_kept_in_the_same_transaction() -> None:
    def refuse(session: SessionType) -> None:
        raise LookupError("the door cannot remember")

    with pytest.raises(LookupError):
        receive(also=refuse)

    assert tally() == Counter()


def test_one_sender_is_one_person() -> None:
    receive(a_contact(sender="roos@example.org"), a_contact(sender="ROOS@example.org"))
    receive(a_contact(sender="Roos@example.org"))

    with reading() as session:
        assert how_many(session, Person) == 1


def test_an_anonymous_contact_is_normal() -> None:
    [arrival] = receive(a_contact(sender="", sender_name=""))

    with reading() as session:
        assert session.get_one(Ticket, arrival.ticket.id).person_id is None


def test_the_due_date_runs_from_when_the_contact_came_in() -> None:
    [arrival] = receive(a_contact(message="pothole"))

    assert arrival.ticket.due_at == MONDAY + timedelta(days=7)


def test_a_rule_may_set_a_shorter_time_than_its_queue() -> None:
    [arrival] = receive(a_contact(message="gevaar!"))

    assert (arrival.ticket.priority, arrival.ticket.due_at) == ("urgent", MONDAY + timedelta(hours=4))


def test_what_is_screened_out_is_kept_in_quarantine() -> None:
    [arrival] = receive(a_contact(automatic="bounce"))

    assert (arrival.ticket.queue_id, arrival.ticket.screened) == ("quarantaine", True)
