"""A page asks the database no more often for many tickets, messages and files than for few: nothing is asked for row by row."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from contact_hub import bulk, intake, threads
from contact_hub.agents import Agent
from contact_hub.contact import Attachment
from contact_hub.database import Session
from contact_hub.mentions import Mention
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket

MOST = {"/desk/inbox?view=open": 18, "/desk/inbox?view=open&q=lantaarn": 20, "/desk/search?q=lantaarn": 22}


@contextmanager
def queries(database: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        sent.append(statement)

    event.listen(database, "before_cursor_execute", note)
    yield sent
    event.remove(database, "before_cursor_execute", note)


def how_many(desk: Desk, database: Engine, path: str) -> int:
    """Of the second time: the first one loads what stays."""
    desk.page(path)
    with queries(database) as sent:
        desk.page(path)
    return len(sent)


def tickets_of_many(number: int) -> None:
    """Each of another person and in one of three queues; some with an owner of their own."""
    matters = ("lantaarn", "lantaarn, pothole", "lantaarn boom")
    file = Attachment("lantaarn.pdf", "application/pdf", b"x")
    with Session.begin() as session:
        contacts = [builders.a_contact(message=matters[each % 3], attachments=(file,)) for each in range(number)]
        for each, ticket in enumerate(builders.some_tickets(session, *contacts)):
            if each % 4 == 0:
                ticket.claim(builders.an_agent(session, name=f"Colleague {each}"))


@pytest.mark.parametrize("path", list(MOST))
def test_lists_ask_no_more_often_for_fifty_tickets_than_for_five(
    app: Flask, database: Engine, sign_in: SignIn, path: str
) -> None:
    desk = sign_in("supervisor")
    tickets_of_many(5)
    few = how_many(desk, database, path)
    tickets_of_many(45)

    assert how_many(desk, database, path) <= few <= MOST[path]


@pytest.mark.either_database
def test_saved_lists_are_counted_all_at_once(app: Flask, database: Engine, reception: Desk) -> None:
    tickets_of_many(6)
    counts = "/desk/inbox/counts?view=team"
    filters: list[dict[str, str]] = [
        {"priority": "normal"},
        {"door": "email", "person": "Roos"},
        {"view": "asked"},
        {"q": "boom"},
    ]
    save(reception, filters[:2])
    few = how_many(reception, database, counts)
    save(reception, [each | {"sort": sort} for sort in ("due", "oldest") for each in filters])

    assert how_many(reception, database, counts) == few
    page = reception.page(counts)
    assert re.findall(r'id="saved-\d+"><span>Lijst 0</span> <span class="count">(\d+)<', page) == ["6", "6", "6"]
    assert re.findall(r'id="saved-\d+"><span>Lijst 3</span>( <span class="count">)?', page) == ["", ""]


def save(desk: Desk, lists: list[dict[str, str]]) -> None:
    for number, filters in enumerate(lists):
        desk.post("/desk/views", **{"name": f"Lijst {number % 4}", "view": "open", **filters})


@pytest.mark.either_database
def test_a_ticket_asks_no_more_often_for_a_long_conversation_than_for_a_short_one(
    app: Flask, database: Engine, reception: Desk, reference: str
) -> None:
    path = f"/tickets/{reference}"
    goes_on(reference, 3)
    few = how_many(reception, database, path)
    goes_on(reference, 27)

    assert how_many(reception, database, path) <= few <= 13


def goes_on(reference: str, times: int) -> None:
    """The citizen writes again, each time with a file, and a colleague notes something."""
    for _ in range(times):
        with Session.begin() as session:
            file = Attachment("plan.pdf", "application/pdf", b"x")
            letter = builders.a_contact(answers=(threads.token_for(reference),), attachments=(file,), sender="roos@example.org")
            intake.take_in(session, [letter])
            colleague = builders.an_agent(session)
            note = builders.an_answer("Gezien")
            note.kind = "note"
            the_ticket(session, reference).remark(note, colleague)


@pytest.mark.either_database
def test_a_ticket_asks_no_more_often_for_three_namesakes_than_for_one(
    app: Flask, database: Engine, reception: Desk, reference: str
) -> None:
    def takes_in(sender: str) -> None:
        with Session.begin() as session:
            builders.a_ticket(session, sender=sender, sender_name=the_ticket(session, reference).person.name)

    path = f"/tickets/{reference}"
    takes_in("roos.2@example.org")
    few = how_many(reception, database, path)
    takes_in("roos.3@example.org")
    takes_in("roos.4@example.org")

    assert how_many(reception, database, path) == few


@pytest.mark.either_database
def test_what_was_done_with_tickets_that_went_out_of_sight_asks_no_more_often_for_many(
    app: Flask, database: Engine, reception: Desk
) -> None:
    def handed_over(number: int) -> str:
        with Session.begin() as session:
            found = builders.some_tickets(session, *(builders.a_contact() for _ in range(number)))
            asked = {"queue": "belastingen", "reason": "Hun vraag", "promise": "deze week"}
            begun = bulk.begin(session, "hand-over", asked, [each.id for each in found], by=by).id
        bulk.proceed(begun)
        return f"/desk/bulk/{begun}"

    by = reception.agent
    assert by
    few, many = handed_over(3), handed_over(15)

    assert how_many(reception, database, many) <= how_many(reception, database, few)
    assert reception.page(many).count("/tickets/") == 0


LISTS = (
    "/desk/inbox/counts?view=open",
    "/desk/inbox?view=handed",
    "/desk/inbox?view=open&queue=belastingen",
    "/desk/mentions?all=yes",
    "/persons/{person}",
    "/api/v1/tickets?view=open",
    "/api/v1/tickets?view=handed",
)


@pytest.mark.parametrize("path", LISTS)
def test_other_lists_ask_no_more_often_for_fifty_tickets_than_for_five(
    app: Flask, database: Engine, reception: Desk, path: str
) -> None:
    agent = reception.agent
    assert agent
    person = questions_of_one(5, agent)
    path = path.format(person=person)
    assert re.search(r"26-\d{6}|class=\"count\">", reception.page(path)), "something is there"
    few = how_many(reception, database, path)
    questions_of_one(45, agent)

    assert how_many(reception, database, path) <= few


def questions_of_one(number: int, agent: Agent) -> int:
    """Each has a note in which a colleague names the agent, who handed over every other one; gives the person's number."""
    with Session.begin() as session:
        contacts = [builders.a_contact(sender="roos@example.org") for _ in range(number)]
        found = builders.some_tickets(session, *contacts)
        for each, ticket in enumerate(found):
            colleague, note = builders.an_agent(session, name=f"Colleague {each}"), builders.an_answer("Kijk eens")
            note.kind = "note"
            ticket.remark(note, colleague)
            session.flush()
            session.add(Mention(ticket_id=ticket.id, message_id=note.id, by_id=colleague.id, agent_id=agent.id))
            if each % 2:
                taxes = builders.queue(session, "belastingen")
                ticket.hand_over(to=taxes, by=agent, because="Hun vraag", promise="deze week")
        return found[0].person_id or 0


@pytest.mark.either_database
def test_a_hand_over_asks_no_more_often_for_a_long_conversation_than_for_a_short_one(
    app: Flask, database: Engine, reception: Desk
) -> None:
    def asked(times: int) -> int:
        with Session.begin() as session:
            reference = builders.a_ticket(session, sender="roos@example.org").reference
        goes_on(reference, times)
        form = {"queue": "wegen", "reason": "Hun straat", "promise": "deze week", "csrf_token": reception.token()}
        with queries(database) as sent:
            answer = reception.client.post(f"/tickets/{reference}/hand-overs", data=form)
        assert answer.status_code == 303
        return len(sent)

    asked(1)
    few = asked(3)

    assert asked(27) <= few
