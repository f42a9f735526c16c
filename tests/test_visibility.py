"""Who sees what, decided in one place."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import Engine

from contact_hub.agents import Agent, Membership
from contact_hub.database import Session, reading
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, queues_in_sight, sight, sight_of, tickets_in_sight
from tests.builders import a_ticket, an_agent, publish_rules

HERE = Path(__file__).resolve().parent.parent
EXPECTED = [
    ("agent", "default", Sight.FULL),
    ("agent", "restricted", Sight.STATE),
    ("agent", "confidential", Sight.NONE),
    ("back_office", "default", Sight.NONE),
    ("back_office", "restricted", Sight.NONE),
    ("back_office", "confidential", Sight.NONE),
    ("supervisor", "default", Sight.FULL),
    ("supervisor", "restricted", Sight.FULL),
    ("supervisor", "confidential", Sight.STATE),
    ("administrator", "default", Sight.STATE),
    ("administrator", "restricted", Sight.STATE),
    ("administrator", "confidential", Sight.STATE),
    ("agent", "a visibility of tomorrow", Sight.NONE),
    ("a role of tomorrow", "default", Sight.NONE),
]


@pytest.mark.parametrize(("role", "visibility", "seen"), EXPECTED)
def test_a_role_sees_of_other_queues_what_their_visibility_allows(role: str, visibility: str, seen: Sight) -> None:
    assert sight(Agent(role=role), Queue(id="q", visibility=visibility)) == seen


@pytest.mark.parametrize(("role", "visibility"), [(role, visibility) for role, visibility, _ in EXPECTED])
def test_members_see_all_of_their_own_queue(role: str, visibility: str) -> None:
    member = Agent(role=role, memberships=[Membership(queue_id="q")])

    assert sight(member, Queue(id="q", visibility=visibility)) == Sight.FULL


@pytest.mark.parametrize(("role", "visibility", "seen"), EXPECTED)
def test_a_confidential_ticket_is_seen_as_if_its_queue_were(role: str, visibility: str, seen: Sight) -> None:
    confidential = sight(Agent(role=role), Queue(id="q", visibility="confidential"))

    assert sight(Agent(role=role), Queue(id="q", visibility=visibility), confidential=True) == min(seen, confidential)


@pytest.mark.parametrize("role", ["agent", "back_office", "supervisor", "administrator"])
def test_a_condition_of_a_query_says_of_each_ticket_what_its_sight_says(role: str, database: Engine) -> None:
    words = ["", "pothole", "boom", "belasting", "ombudsman"]
    with Session.begin() as session:
        publish_rules(session)
        someone = an_agent(session, role, "groen", "belastingen")
        every = [a_ticket(session, message=f"{word} {how}") for word in words for how in ("", "discreet")]
        session.flush()
        queues = list(queues_in_sight(session, someone).values())
        for at_least in (Sight.STATE, Sight.FULL):
            found = set(session.query(Ticket.id).where(tickets_in_sight(someone, queues, at_least)))
            assert {number for (number,) in found} == {each.id for each in every if sight_of(someone, each) >= at_least}


def test_lists_filter_by_the_queues_in_sight(database: Engine) -> None:
    with Session.begin() as session:
        publish_rules(session)
        anna, bert = an_agent(session), an_agent(session, "back_office", "ombuds", "groen")
        ids = anna.id, bert.id

    with reading() as session:
        anna, bert = (session.get_one(Agent, each) for each in ids)
        assert list(queues_in_sight(session, anna)) == ["onthaal", "wegen", "groen", "belastingen", "quarantaine"]
        assert list(queues_in_sight(session, anna, Sight.FULL)) == ["onthaal", "wegen", "groen"]
        assert list(queues_in_sight(session, bert)) == ["groen", "ombuds"]


def test_nobody_else_decides_by_visibility_or_role_who_sees_what() -> None:
    """What a queue's visibility means is asked of `visibility`, of the queue and of the ticket; it is read nowhere else.

    `before_after` writes out the rules themselves.
    """
    places = ("visibility.py", "asked.py", "queues.py", "before_after.py")
    read = [
        f"{path.relative_to(HERE)}:{node.lineno}"
        for folder in ("contact_hub", "channels", "workers")
        for path in (HERE / folder).rglob("*.py")
        if path.name not in places and "routing" not in path.parts and "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("visibility", "SIGHT")
    ]
    assert not read, f"ask contact_hub.visibility in place of deciding here: {read}"
