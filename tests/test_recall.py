"""A contact can be rebuilt from the database exactly as the rules saw it, so that every decision can be taken again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from channels import chat, phone
from channels.email.reading import read_mail
from contact_hub import editions, forms, intake, submissions
from contact_hub.contact import Attachment, Contact, PersonFacts
from contact_hub.database import Session, reading
from contact_hub.history import StoredDecision
from contact_hub.recall import as_decided, keepable
from contact_hub.routing.decisions import departures
from contact_hub.tickets import Ticket
from tests.builders import MONDAY, a_contact, an_agent, publish_rules

ROOT = Path(__file__).parents[1]
RULES = """\
format: 1
municipality: {name: Lindervelde, timezone: Europe/Brussels, languages: [nl, fr]}
queues:
  - {id: onthaal, name: {nl: Onthaal}, tier: front}
topics:
  - {id: put, name: {nl: Put}, queue: onthaal}
screen:
  - {id: machines, when: {automatic: [bounce]}, then: {queue: onthaal}}
label:
  - {id: subject, when: {subject: ["*e*"]}, then: {tags: [subject]}}
  - {id: message, when: {message: ["*e*"]}, then: {tags: [message]}}
  - {id: quoted, when: {quoted: ["*e*"]}, then: {tags: [quoted]}}
  - {id: pattern, when: {text: [{pattern: "[^ -~]+"}]}, then: {tags: [pattern]}}
  - {id: sender, when: {sender: ["an@post.example", "014 00 00 01"]}, then: {tags: [sender]}}
  - {id: domain, when: {sender domain: [post.example, example.org]}, then: {tags: [domain]}}
  - {id: recipient, when: {recipient: [onthaal@lindervelde.example]}, then: {tags: [recipient]}}
  - {id: file, when: {attachment: ["*pdf*", "*a*"]}, then: {tags: [file]}}
  - {id: header, when: {header.List-Id: ["*e*"]}, then: {tags: [header]}}
  - {id: field, when: {form.street: ["*e*"]}, then: {tags: [field]}}
  - {id: postcode, when: {postcode: ["1000-9999"]}, then: {tags: [postcode]}}
  - {id: known, when: {person.known: yes}, then: {tags: [known]}}
  - {id: insists, when: {person.open tickets: 2+}, then: {tags: [insists]}}
  - {id: hours, when: {received: {hours: "00:00-12:00"}}, then: {tags: [hours]}}
route:
  - {id: never, when: {all: [{text: [nooit]}, {channel: [email, webform, phone, counter, chat]}]}, then: {queue: onthaal}}
default: {queue: onthaal}
"""


@pytest.fixture(autouse=True)
def desk(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session, RULES)


def a_mail() -> Contact:
    return read_mail((ROOT / "tests/emails/report_with_photo.eml").read_bytes(), MONDAY)


def a_list_mail() -> Contact:
    raw = b"From: An <an@post.example>\nTo: onthaal@lindervelde.example\nSubject: =?utf-8?q?Put_d=C3=A9j=C3=A0?=\n"
    return read_mail(raw + b"List-Id: <nieuws.example.org>\n\nEen put.\n\n> Eerder geschreven\n", MONDAY)


def a_form() -> Contact:
    street = forms.published(ROOT / "forms")["street"]
    answers = {each.name: "Een gat in de straat" for each in street.fields} | {"postcode": "9050"}
    file = Attachment("gat in de weg.pdf", "application/pdf", b"%PDF")
    return submissions.contact_of(street, answers, [file], submission="1", received=MONDAY, language="fr")


def a_call(channel: str = "phone") -> Contact:
    return phone.contact_of(phone.Call("call-1", channel=channel, name="Roos", address="014 00 00 01", text="Een put"), "put")


def a_visit() -> Contact:
    return a_call("counter")


def a_chat() -> Contact:
    return chat.contact_of({"chat": "abc", "id": "1", "text": "Een put in de weg", "name": "Roos", "language": "nl"})


DOORS: list[Callable[[], Contact]] = [a_mail, a_list_mail, a_form, a_call, a_visit, a_chat]


def take_in(*contacts: Contact) -> dict[int, Contact]:
    """Takes them in and gives what is rebuilt of them, in their order."""
    arrived = intake.receive(contacts, channel=contacts[0].channel)
    with reading() as session:
        rebuilt = as_decided(session, [each.contact_id for each in arrived])
    return {each.contact_id: rebuilt[each.contact_id] for each in arrived}


def as_rules_see(contact: Contact) -> Contact:
    files = tuple(replace(file, content=b"") for file in contact.attachments)
    return replace(contact, attachments=files, raw=b"", raw_type="application/octet-stream", message_id="", answers=())


def departed(number: int, contact: Contact) -> list[str]:
    """In which parts the decision about the rebuilt contact is not the one that was stored."""
    with reading() as session:
        stored = session.query(StoredDecision).filter_by(contact_id=number).one()
        return departures(stored.record, editions.deciding(session).rulebook.decide(contact))


@pytest.mark.parametrize("door", DOORS)
def test_what_came_in_by_any_door_is_decided_again_as_it_was(door: Callable[[], Contact]) -> None:
    contact = door()

    [(number, rebuilt)] = take_in(contact).items()

    assert rebuilt == as_rules_see(contact)
    assert departed(number, rebuilt) == []
    with reading() as session:
        assert session.query(StoredDecision).one().record["labels"]


HOSTILE: list[dict[str, Any]] = [
    {"subject": "een\0put", "message": "n\0iet " * 3, "quoted": "\ud800e\udc00"},
    {"subject": "\ud83d\ude00 half \ud83d", "message": "\u202eachterstevoren\u202c \u00ad \u200b"},
    {"sender": "an@" + "p" * 300 + ".example", "sender_name": "N" * 300},
    {"external_id": "\0" + "x" * 300},
    {"attachments": (Attachment("a" * 300 + ".pdf", "application/" + "x" * 200 + "pdf", b"x"),)},
    {"attachments": (Attachment("b\0\udfff.pdf", "text/\0plain", b"x"), Attachment("a.pdf", "text/plain", b"x"))},
    {"fields": {"street": "e\0\ud800", "\0": "e"}, "form": "street", "postcode": "\x009050"},
    {"headers": {"List-Id": "\ud800e\0"}, "recipients": ("onthaal@lindervelde.example", "\0@\ud800")},
    {"subject": "", "message": "", "sender": ""},
]


@pytest.mark.parametrize("given", HOSTILE, ids=lambda given: "+".join(given))
def test_what_cannot_be_kept_as_it_came_is_decided_on_as_it_is_kept(given: dict[str, Any]) -> None:
    contact = a_contact(**given)

    [(number, rebuilt)] = take_in(contact).items()

    assert departed(number, rebuilt) == []
    assert rebuilt == as_rules_see(keepable(contact))


def test_many_are_rebuilt_together_each_with_its_own() -> None:
    contacts = [a_contact(message=f"{each}", attachments=(Attachment(f"{each}.pdf", "a/b", b"x"),)) for each in range(600)]

    rebuilt = list(take_in(*contacts).values())

    assert [each.message for each in rebuilt] == [each.message for each in contacts]
    assert [each.attachments[0].name for each in rebuilt] == [f"{each}.pdf" for each in range(600)]
    with reading() as session:
        assert as_decided(session, [987_654]) == {}


def test_a_sender_is_known_from_the_second_contact_on() -> None:
    [first] = take_in(a_contact(sender="Roos@example.org")).values()
    [second] = take_in(a_contact(sender="roos@example.org")).values()
    [other] = take_in(a_contact(sender="wout@example.org")).values()
    [nobody] = take_in(a_contact(sender="")).values()

    assert [each.person for each in (first, second, other, nobody)] == [
        PersonFacts(known=False, open_tickets=0),
        PersonFacts(known=True, open_tickets=1),
        PersonFacts(known=False, open_tickets=0),
        PersonFacts(known=False, open_tickets=0),
    ]


def test_contacts_of_one_batch_count_in_their_order() -> None:
    together = take_in(*[a_contact(sender="roos@example.org") for _ in range(3)])

    assert [each.person.open_tickets for each in together.values()] == [0, 1, 2]
    assert [each.person.known for each in together.values()] == [False, True, True]


def test_only_questions_that_still_wait_count_as_open() -> None:
    take_in(a_contact(sender="roos@example.org", message_id="q@example.org"))
    with Session.begin() as session:
        session.query(Ticket).one().resolve(by=an_agent(session), outcome="resolved_first_line")
    take_in(a_contact(sender="roos@example.org", automatic="bounce"))

    again, next_ = take_in(
        a_contact(sender="roos@example.org", answers=("q@example.org",)), a_contact(sender="roos@example.org")
    ).values()

    assert (again.person, next_.person) == (PersonFacts(True, 0), PersonFacts(True, 1))


def test_rules_decide_by_what_was_known_when_the_contact_came_in_and_not_by_what_is_now() -> None:
    take_in(*[a_contact(sender="roos@example.org") for _ in range(2)])
    [(number, _)] = take_in(a_contact(sender="roos@example.org")).items()
    with Session.begin() as session:
        for ticket in session.query(Ticket):
            ticket.resolve(by=an_agent(session), outcome="resolved_first_line")

    with reading() as session:
        stored = session.query(StoredDecision).filter_by(contact_id=number).one()
        assert {"known", "insists"} <= set(stored.record["tags"])
        assert departed(number, as_decided(session, [number])[number]) == []
