"""Valid things by default, so that a test states only what matters to it."""

from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from PIL import Image
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from contact_hub import editions, intake, next_edition
from contact_hub.agents import Agent, Membership
from contact_hub.contact import Contact
from contact_hub.database import now
from contact_hub.history import StoredDecision
from contact_hub.messages import Message
from contact_hub.queues import Queue, Topic
from contact_hub.routing.file.checking import checked
from contact_hub.tickets import Ticket

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "a long walk along the river"

RULES = """\
format: 1
municipality: {name: Lindervelde, timezone: Europe/Brussels, languages: [nl, fr, en, de]}
calendars:
  office: {mon-fri: ["09:00-12:00", "13:00-17:00"], closed: [belgian holidays, 2026-12-24]}
queues:
  - {id: onthaal, name: {nl: Onthaal, en: Reception}, tier: front, clock: 1 working day, calendar: office}
  - {id: wegen, name: {nl: Wegen, en: Roads}, tier: back, clock: 5 working days, contact: Jan, deputy: An, calendar: office}
  - {id: groen, name: {nl: Groendienst, en: Parks}, tier: back}
  - {id: belastingen, name: {nl: Belastingen, en: Taxes}, tier: back, visibility: restricted, clock: 10 working days}
  - {id: ombuds, name: {nl: Ombudsdienst, en: Ombudsman}, tier: back, visibility: confidential, clock: 1 month}
  - {id: quarantaine, name: {nl: Quarantaine, en: Quarantine}, tier: front, visibility: restricted}
topics:
  - {id: openingsuren, name: {nl: Openingsuren, fr: Heures d'ouverture, en: Opening hours}, queue: onthaal, first_line: yes}
  - {id: put, name: {nl: Put in de weg}, queue: wegen, first_line: no}
screen:
  - {id: machines, when: {automatic: [bounce, auto-reply]}, then: {queue: quarantaine}}
label:
  - {id: discreet, when: {text: [discreet]}, then: {confidential: yes}}
route:
  - {id: potholes, why: Roads mends them, when: {text: ["pothole", "put in de weg"]}, then: {queue: wegen, topic: put}}
  - {id: danger, when: {text: [gevaar]}, then: {queue: wegen, priority: urgent, due: 4 hours, note: "Bel eerst 112"}}
  - {id: trees, when: {text: [boom]}, then: {queue: groen}}
  - {id: taxes, when: {text: [belasting]}, then: {queue: belastingen}}
  - {id: complaints, when: {text: [ombudsman]}, then: {queue: ombuds}}
  - {id: hours, when: {text: [openingsuren]}, then: {topic: openingsuren}}
default: {queue: onthaal}
"""

OF_RULES = [table.__table__ for table in (editions.Edition, editions.CompiledEdition, Queue, Topic)]

_numbers = count(1)
_first: dict[str, list[tuple[Any, Any]]] = {}  # what publishing these rules left in each table


def publish_rules(session: Session, rules: str = RULES) -> editions.Edition:
    """The rules of this small Lindervelde, in force; in a database without any, those that a test before published there."""
    told = {"author": "test", "reason": "the test needs a desk"}
    if editions.newest(session) is not None:
        return next_edition.publish(session, rules, **told)
    ready = _ready(rules)
    if session.scalar(select(Queue.id).limit(1)) is not None:  # those of rules that were lost
        return next_edition.put_in_force(session, ready, **told)
    if rules not in _first:
        edition = next_edition.put_in_force(session, ready, **told)
        kept = [(table, session.execute(table.select()).mappings().all()) for table in OF_RULES]
        _first[rules] = [(table, rows) for table, rows in kept if rows]
        return edition
    for table, rows in _first[rules]:
        session.execute(table.insert(), rows)
    edition = session.get_one(editions.Edition, 1)
    assert ready.checked.rulebook
    editions.remember(edition.hash, editions.Deciding(1, ready.checked.rulebook))
    return edition


def a_newer_hub_publishes(
    session: Session, rules: str, *, after: editions.Edition, at: datetime = MONDAY - timedelta(days=1)
) -> None:
    """An edition that another version of the hub published, with nothing that this one could load quickly."""
    facts = {"author": "later", "reason": "from the future", "previous_hash": after.hash, "hash": f"{after.id + 1:064}"}
    session.add(editions.Edition(id=after.id + 1, text=rules, published_at=at, **facts))
    session.flush()


def lose_all_editions(session: Session) -> None:
    """What no statement may do while the database guards its editions."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ALTER TABLE edition DISABLE TRIGGER USER"))
    else:
        session.execute(text("DROP TRIGGER edition_kept"))
    session.execute(delete(editions.CompiledEdition))
    session.execute(delete(editions.Edition))


def a_contact(**given: Any) -> Contact:
    """A short mail of a citizen; the rules send it to `onthaal`."""
    number = next(_numbers)
    mail: dict[str, Any] = {
        "channel": "email",
        "external_id": f"mail-{number}",
        "received": MONDAY,
        "subject": "Een vraag",
        "message": "Mag ik iets vragen?",
        "sender": f"citizen{number}@example.org",
        "sender_name": "Roos Peeters",
        "message_id": f"mail-{number}@example.org",
        "raw": f"raw mail {number}".encode(),
        "raw_type": "message/rfc822",
    }
    return Contact(**mail | given)


def an_agent(session: Session, role: str = "agent", *queues: str, name: str = "Anna Claes") -> Agent:
    """Somebody who works here, stored; signs in with PASSWORD, which is checked in no time."""
    email = f"{role}{next(_numbers)}@lindervelde.example"
    agent = Agent(email=email, name=name, password_hash=_quickly_checked(), role=role)
    agent.memberships = [Membership(queue_id=queue) for queue in queues]
    session.add(agent)
    session.flush()
    return agent


def a_ticket(session: Session, **contact: Any) -> Ticket:
    """A ticket that came in by a contact, within this transaction."""
    return some_tickets(session, a_contact(**contact))[0]


def some_tickets(session: Session, *contacts: Contact) -> list[Ticket]:
    """Those of contacts that came in together, which takes a quarter of the time that it takes one by one."""
    return [arrival.ticket for arrival in intake.take_in(session, contacts)]


def an_answer(text: str = "Dat kan.") -> Message:
    """What an agent says to the citizen."""
    return Message(kind="answer", channel="email", text=text)


def an_edition_of_another_version(session: Session) -> None:
    """Every decision so far was taken by an edition that this version of the hub can't read."""
    unreadable = editions.Edition(id=99, text="format: 99", author="x", reason="x", previous_hash="of 98", hash="of 99")
    session.add(unreadable)
    session.flush()
    session.query(StoredDecision).update({"edition_id": unreadable.id})


def queue(session: Session, name: str) -> Queue:
    """The queue with this id."""
    return session.get_one(Queue, name)


@cache
def _ready(rules: str) -> next_edition.Ready:
    """These rules, read and checked, to follow nothing."""
    return next_edition.ready(checked(rules, now()), None)


@cache
def _quickly_checked() -> str:
    """The hash of PASSWORD with the least work there can be; a real account's takes a tenth of a second."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def a_pdf(*colours: str) -> bytes:
    """A PDF with a page of each colour."""
    pages = [Image.new("RGB", (595, 842), colour) for colour in colours]
    pdf = BytesIO()
    pages[0].save(pdf, "PDF", save_all=True, append_images=pages[1:])
    return pdf.getvalue()
