"""News is looked at once more for each desk when it is told, whatever room the desk is in."""

import pytest
from sqlalchemy import Engine

from contact_hub import agent_sessions, live
from contact_hub.agents import Agent, Membership
from contact_hub.database import Session
from contact_hub.live import News
from contact_hub.web.hearing import Hearing
from tests import builders


@pytest.fixture
def news(database: Engine) -> dict[str, News]:
    """What is told of a ticket of each kind, by the words it came in with."""
    with Session.begin() as session:
        builders.publish_rules(session)
        words = ("boom", "belasting", "ombudsman", "boom discreet")
        return {each: builders.a_ticket(session, message=each).news("routed") for each in words}


def a_desk(hearing: Hearing, role: str, *queues: str) -> tuple[str, Agent]:
    with Session.begin() as session:
        agent = builders.an_agent(session, role, *queues)
        sid = f"desk {agent.id}"
        hearing.opened(sid, agent_sessions.begin(session, agent, "a browser"))
        return sid, agent


def heard(hearing: Hearing, sid: str, news: dict[str, News]) -> list[object]:
    told, _gone = hearing.told("news", {"news": list(news.values()), "number": "1-0"}, [sid])
    by_reference = {each["ticket"]: word for word, each in news.items()}
    return [by_reference[each["ticket"]] for said, _sids in told for each in said["news"]]


@pytest.mark.parametrize(
    ("role", "queues", "expected"),
    [
        ("agent", ["onthaal"], ["boom"]),
        ("back_office", ["groen"], ["boom", "boom discreet"]),
        ("back_office", ["belastingen"], ["belasting"]),
        ("supervisor", ["ombuds"], ["boom", "belasting", "ombudsman"]),
        ("administrator", [], []),
    ],
)
def test_a_desk_is_told_of_what_its_agent_sees_whole(
    news: dict[str, News], role: str, queues: list[str], expected: list[str]
) -> None:
    hearing = Hearing()
    sid, _agent = a_desk(hearing, role, *queues)

    assert heard(hearing, sid, news) == expected


def test_a_queue_that_was_taken_away_is_not_heard_though_its_desk_is_still_in_the_room(news: dict[str, News]) -> None:
    hearing = Hearing()
    sid, agent = a_desk(hearing, "back_office", "groen", "ombuds")
    assert heard(hearing, sid, news) == ["boom", "ombudsman", "boom discreet"]
    with Session.begin() as session:
        session.get_one(Agent, agent.id).memberships = [Membership(queue_id="ombuds")]

    changed = {"kind": "rights", "queues": [], "agents": [agent.id]}
    told, _gone = hearing.told("news", {"news": [changed]}, [sid])

    assert told == [({"news": [changed]}, {sid})]
    assert heard(hearing, sid, news) == ["ombudsman"]


@pytest.mark.parametrize("how", ["signed out", "account closed"])
def test_a_desk_whose_session_is_over_is_cut(news: dict[str, News], how: str) -> None:
    hearing = Hearing()
    sid, agent = a_desk(hearing, "agent", "onthaal")
    with live.change() as session:
        if how == "signed out":
            agent_sessions.end_all(session, agent.id)
        else:
            session.get_one(Agent, agent.id).active = False

    assert hearing.told("news", {"news": [news["boom"]]}, [sid]) == ([], {sid})


def test_who_is_at_a_ticket_is_told_to_those_who_see_it(news: dict[str, News]) -> None:
    hearing = Hearing()
    sid, _agent = a_desk(hearing, "agent", "onthaal")
    for word, sees in (("boom", True), ("ombudsman", False), ("boom discreet", False)):
        said = {"ticket": news[word]["ticket"], "people": [{"name": "Bram"}]}
        assert bool(hearing.told("presence", said, [sid])[0]) is sees
