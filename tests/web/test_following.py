"""Lists on open desks are told what became of the tickets their desks heard of: their lines, and nothing out of sight."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine

from contact_hub import agent_sessions, tickets, unsent
from contact_hub.agents import Agent
from contact_hub.database import Session
from contact_hub.web.following import Following
from contact_hub.web.hearing import Hearing
from tests import builders
from tests.web.test_queries import queries


class Town:
    """Open desks of one web process, each by the number of its connection."""

    def __init__(self, app: Flask) -> None:
        self._hearing = Hearing()
        self.following = Following(app, self._hearing)

    def opens(self, agent: Agent, shows: str = "view=open", end: str = "") -> str:
        with Session.begin() as session:
            token = agent_sessions.begin(session, agent, "a browser")
        self._hearing.opened(token, token)
        self.following.follow(token, shows, end)
        return token

    def hear(self, *references: str, desks: list[str]) -> dict[str, tuple[list[str], list[str]]]:
        """What each desk is told of these tickets: whose lines, in their order, and which its list does not hold."""
        self.following.heard(desks, [{"ticket": each} for each in references])
        told = self.following.lines(self.following.taken())
        return {
            sid: (re.findall(r'<li class="line[^>]*data-ticket="([^"]+)"', said["lines"]), said["gone"])
            for said, sids in told
            for sid in sids
        }


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def an_agent(role: str = "agent", *queues: str, language: str = "nl") -> Agent:
    with Session.begin() as session:
        agent = builders.an_agent(session, role, *queues)
        agent.language = language
    return agent


def arrives(words: str) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, message=words).reference


def claimed(reference: str, by: Agent) -> None:
    with Session.begin() as session:
        ticket = tickets.find(session, reference)
        assert ticket
        ticket.claim(session.get_one(Agent, by.id))


def test_each_list_is_told_the_lines_that_it_holds_now(town: Town) -> None:
    anna, bram = an_agent("agent", "onthaal"), an_agent("agent", "onthaal", "groen")
    first, second = arrives("vraag"), arrives("boom")
    claimed(first, by=bram)
    lists = {view: town.opens(anna, f"view={view}") for view in ("open", "team", "unassigned", "mine")}
    lists["theirs"] = town.opens(bram, "view=mine")

    told = town.hear(first, second, desks=list(lists.values()))

    assert {name: told[sid] for name, sid in lists.items()} == {
        "open": ([first, second], []),
        "team": ([first], [second]),
        "unassigned": ([second], [first]),
        "mine": ([], sorted([first, second])),
        "theirs": ([first], [second]),
    }


def test_a_list_is_told_nothing_that_its_agent_does_not_see_at_that_moment(town: Town) -> None:
    seen, unseen = arrives("vraag"), arrives("ombudsman")
    desk = town.opens(an_agent("agent", "onthaal"))
    assert town.hear(seen, unseen, desks=[desk]) == {desk: ([seen], [unseen])}


def test_a_page_is_told_nothing_from_behind_its_end(town: Town) -> None:
    anna = an_agent("agent", "onthaal")
    first, second, third = (arrives("vraag") for _ in range(3))
    whole = town.opens(anna, "view=open&sort=newest")
    town.following.heard([whole], [{"ticket": second}])
    (said, _sids), *_ = town.following.lines(town.following.taken())
    place = re.search(r'data-place="([^"]+)"', said["lines"])
    assert place

    page = town.opens(anna, "view=open&sort=newest", end=place[1])

    assert town.hear(first, second, third, desks=[page]) == {page: ([third, second], [first])}


def test_a_line_speaks_the_language_of_its_reader_and_names_their_drafts_alone(town: Town) -> None:
    anna, bram, luc = an_agent(), an_agent(), an_agent(language="fr")
    reference = arrives("vraag")
    with Session.begin() as session:
        ticket = tickets.find(session, reference)
        assert ticket
        unsent.keep(session, anna.id, ticket.id, "answers", {"text": "Beste"})
    desks = {town.opens(each): each for each in (anna, bram, luc)}
    town.following.heard(list(desks), [{"ticket": reference}])

    lines = {desks[sid]: said["lines"] for said, sids in town.following.lines(town.following.taken()) for sid in sids}

    assert [("badge-draft" in lines[each], "personne" in lines[each]) for each in (anna, bram, luc)] == [
        (True, False),
        (False, False),
        (False, True),
    ]


def test_many_desks_that_show_alike_cost_no_more_questions_than_one(town: Town, database: Engine) -> None:
    reference = arrives("vraag")
    desks = [town.opens(an_agent("agent", "onthaal")) for _ in range(5)]
    town.hear(reference, desks=desks)  # the first time loads what stays
    asked = []
    for some in (desks[:1], desks):
        with queries(database) as sent:
            town.hear(reference, desks=some)
        asked.append(len(sent))

    assert asked[0] == asked[1]


@pytest.mark.parametrize("shows", ["view=open&after=made-up", "view=nonsense", "q=%00&view=open"])
def test_a_list_that_was_made_up_harms_no_other(town: Town, shows: str) -> None:
    anna = an_agent("agent", "onthaal")
    reference = arrives("vraag")
    odd, sound = town.opens(anna, shows), town.opens(anna)
    assert town.hear(reference, desks=[odd, sound])[sound] == ([reference], [])


def test_a_desk_that_shows_no_list_is_told_none(town: Town) -> None:
    desk = town.opens(an_agent("agent", "onthaal"))
    town.following.follow(desk, "", "")
    assert town.hear(arrives("vraag"), desks=[desk]) == {}
