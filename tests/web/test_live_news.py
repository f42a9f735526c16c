"""Who hears what: each open desk hears of the queues its agent sees whole, and nobody else hears anything."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import socketio
from flask.testing import FlaskClient

from contact_hub import administration, agent_sessions, asking, live, tickets
from contact_hub.agents import Agent
from contact_hub.database import Session
from contact_hub.queues import Queue
from tests import builders
from tests.application import an_application, settings_for
from tests.servers import ValkeyServer
from tests.servers.processes import wait_until
from tests.web.conftest import Desk
from tests.web.serving import serving


class Listener:
    """An open desk that keeps what it hears."""

    def __init__(self, hub: str, cookie: str) -> None:
        self.heard: list[dict[str, object]] = []
        self.presence: list[tuple[str, list[str]]] = []
        self.lost_some = False
        self._client = socketio.Client(reconnection=False)
        self._client.on("news", self._told, namespace=live.DESK)
        self._client.on("presence", self._told_who, namespace=live.DESK)
        self._client.connect(hub, headers={"Cookie": cookie}, namespaces=[live.DESK], transports=["websocket"], wait_timeout=20)

    def looks_at(self, reference: str, *, writes: bool = False) -> list[tuple[str, bool]]:
        """Who is at the ticket, by name, and whether they write; this one too."""
        people = self._client.call("look", (reference, writes), namespace=live.DESK, timeout=20)
        return [(each["name"], each["writes"]) for each in people]

    def asks_who(self, *references: str) -> dict[str, list[str]]:
        found = self._client.call("who", list(references), namespace=live.DESK, timeout=20)
        return {ticket: [each["name"] for each in people] for ticket, people in found.items()}

    def resumes(self, number: str) -> dict[str, Any]:
        """What was told since this number."""
        return dict(self._client.call("resume", number, namespace=live.DESK, timeout=20))

    def hears_of(self, reference: str) -> None:
        wait_until(lambda: reference in self.references, seconds=20, otherwise=lambda: AssertionError(f"heard {self.heard}"))

    def still_here(self) -> int:
        """How many desks are open, this one too."""
        return int(self._client.call("still_here", namespace=live.DESK, timeout=20))

    def is_sent_away(self) -> None:
        """Asks whether it is still welcome, and is disconnected instead."""
        self._client.emit("still_here", namespace=live.DESK)
        wait_until(lambda: not self._client.connected, seconds=20, otherwise=lambda: AssertionError("still connected"))

    def _told(self, said: dict[str, Any]) -> None:
        self.heard.extend(said["news"])
        self.lost_some = self.lost_some or said.get("whole") is False

    def _told_who(self, said: dict[str, Any]) -> None:
        self.presence.append((said["ticket"], [each["name"] for each in said["people"]]))

    @property
    def references(self) -> set[object]:
        return {news.get("ticket") for news in self.heard}

    @property
    def is_open(self) -> bool:
        return bool(self._client.connected)

    def close(self) -> None:
        self._client.disconnect()


@pytest.fixture
def hub(database_url: str, redis_url: str) -> Iterator[str]:
    with serving(database_url, redis_url) as address:
        yield address


@pytest.fixture
def client(hub: str, database_url: str, redis_url: str) -> FlaskClient:
    """A browser to sign in with."""
    return an_application(settings_for(database_url, redis_url)).test_client()


def cookie_of(client: FlaskClient, role: str, *queues: str) -> tuple[str, int]:
    with Session.begin() as session:
        agent = builders.an_agent(session, role, *queues)
    Desk(client).post("/sign-in", email=agent.email, password=builders.PASSWORD)
    cookie = client.get_cookie("contact_hub")
    assert cookie
    return f"contact_hub={cookie.value}", agent.id


def arrives(subject: str) -> str:
    with live.change() as session:
        return builders.a_ticket(session, subject=subject).reference


@pytest.mark.either_database
def test_a_desk_hears_of_the_queues_it_sees_whole_and_of_no_others(hub: str, client: FlaskClient) -> None:
    cookie, _ = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    unheard = {arrives("ombudsman"), arrives("belasting")}
    heard = {arrives("een vraag"), arrives("boom")}
    for reference in heard:
        desk.hears_of(reference)
    assert desk.references == heard
    assert not unheard & desk.references
    desk.close()


@pytest.mark.either_database
def test_a_ticket_that_leaves_for_a_confidential_queue_is_heard_leaving_and_no_more(hub: str, client: FlaskClient) -> None:
    cookie, _ = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    reference = arrives("een klacht")
    with live.change() as session:
        ticket = tickets.find(session, reference, to_change=True)
        assert ticket
        by = builders.an_agent(session, "agent", "onthaal", name="Bram")
        ticket.hand_over(to=session.get_one(Queue, "ombuds"), by=by, because="een klacht", promise="you hear from us")
        ticket.claim(by)
    desk.hears_of(arrives("de volgende"))
    assert [news["kind"] for news in desk.heard if news["ticket"] == reference] == ["routed", "left"]
    assert "ombuds" not in str(desk.heard)
    desk.close()


def test_a_desk_whose_sessions_were_ended_is_cut_at_once(hub: str, client: FlaskClient, redis_url: str) -> None:
    cookie, number = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    with live.change() as session:
        agent_sessions.end_all(session, number)

    wait_until(lambda: not desk.is_open, seconds=20, otherwise=lambda: AssertionError("still connected"))
    desk.close()


@pytest.mark.either_database
def test_a_desk_that_was_taken_a_queue_hears_nothing_of_it_without_asking(hub: str, client: FlaskClient) -> None:
    cookie, number = cookie_of(client, "back_office", "wegen", "groen")
    desk = Listener(hub, cookie)
    desk.hears_of(arrives("boom"))
    with live.change() as session:
        lies = builders.an_agent(session, "administrator")
        agent = session.get_one(Agent, number)
        administration.change(session, agent, name=agent.name, email=agent.email, role=agent.role, queues=["wegen"], by=lies)

    lost = arrives("boom")
    desk.hears_of(arrives("pothole"))

    assert lost not in desk.references
    desk.close()


@pytest.mark.either_database
@pytest.mark.parametrize("cookie", ["", "contact_hub=made-up"])
def test_whoever_is_not_signed_in_hears_nothing(hub: str, cookie: str) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        Listener(hub, cookie)


@pytest.mark.either_database
def test_a_desk_whose_account_was_closed_hears_nothing_more(hub: str, client: FlaskClient) -> None:
    cookie, number = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    assert desk.still_here()
    with Session.begin() as session:
        session.get_one(builders.Agent, number).active = False
    desk.is_sent_away()
    colleague = Listener(hub, cookie_of(client, "agent", "onthaal")[0])
    colleague.hears_of(arrives("een geheim"))
    assert desk.heard == []
    colleague.close()
    desk.close()


@pytest.mark.either_database
def test_a_desk_that_lost_a_queue_no_longer_hears_it(hub: str, client: FlaskClient) -> None:
    cookie, number = cookie_of(client, "back_office", "wegen", "groen")
    desk = Listener(hub, cookie)
    with Session.begin() as session:
        agent = session.get_one(builders.Agent, number)
        agent.memberships = [each for each in agent.memberships if each.queue_id == "wegen"]
    assert desk.still_here()
    lost = arrives("boom")
    desk.hears_of(arrives("pothole"))
    assert lost not in desk.references
    desk.close()


@pytest.mark.either_database
def test_of_a_confidential_ticket_in_an_open_queue_only_its_members_hear(hub: str, client: FlaskClient) -> None:
    colleague = Listener(hub, cookie_of(client, "agent", "onthaal")[0])
    supervisor = Listener(hub, cookie_of(client, "supervisor", "onthaal")[0])
    member = Listener(hub, cookie_of(client, "back_office", "wegen")[0])
    confidential, open_to_all = arrives("pothole, discreet"), arrives("pothole")
    for desk in (colleague, supervisor, member):
        desk.hears_of(open_to_all)
    assert (colleague.references, supervisor.references) == ({open_to_all}, {open_to_all})
    assert member.references == {confidential, open_to_all}
    for desk in (colleague, supervisor, member):
        desk.close()


def named(hub: str, database_url: str, redis_url: str, name: str, role: str = "agent", *queues: str) -> Listener:
    """An open desk of somebody with this name."""
    cookie, number = cookie_of(an_application(settings_for(database_url, redis_url)).test_client(), role, *queues)
    with Session.begin() as session:
        session.get_one(Agent, number).name = name
    return Listener(hub, cookie)


@pytest.mark.either_database
def test_who_looks_and_who_writes_is_told_to_those_who_see_the_ticket(hub: str, database_url: str, redis_url: str) -> None:
    anna, bram = (named(hub, database_url, redis_url, name) for name in ("Anna", "Bram"))
    roads = named(hub, database_url, redis_url, "Wout", "back_office", "wegen")
    reference = arrives("een vraag")

    assert anna.looks_at(reference) == [("Anna", False)]
    assert bram.looks_at(reference, writes=True) == [("Bram", True), ("Anna", False)]
    assert roads.looks_at(reference) == []
    assert roads.asks_who(reference) == {}
    assert anna.asks_who(reference) == {reference: ["Bram", "Anna"]}
    wait_until(lambda: (reference, ["Bram", "Anna"]) in anna.presence, seconds=20, otherwise=AssertionError)

    bram.close()

    wait_until(lambda: anna.presence[-1] == (reference, ["Anna"]), seconds=20, otherwise=AssertionError)
    assert roads.presence == []
    anna.close()
    roads.close()


@pytest.mark.either_database
def test_who_goes_to_another_ticket_or_loses_sight_is_no_longer_there(hub: str, database_url: str, redis_url: str) -> None:
    anna = named(hub, database_url, redis_url, "Anna")
    first, second = arrives("een vraag"), arrives("nog een")
    anna.looks_at(first)
    anna.looks_at(second)
    assert anna.asks_who(first, second) == {second: ["Anna"]}
    with live.change() as session:
        ticket = tickets.find(session, second, to_change=True)
        assert ticket
        ticket.confidential = True

    assert anna.looks_at(second) == []
    assert anna.asks_who(first, second) == {}
    anna.close()


def test_a_desk_whose_line_broke_hears_what_it_missed_and_nothing_out_of_its_sight(hub: str, client: FlaskClient) -> None:
    cookie, _ = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    desk.hears_of(arrives("een vraag"))
    last = desk.resumes("")["number"]
    desk.close()
    missed, hidden = arrives("nog een"), arrives("ombudsman")

    desk = Listener(hub, cookie)
    since = desk.resumes(last)

    told = {news["ticket"] for news in since["news"]}
    assert since["whole"]
    assert missed in told
    assert hidden not in told
    assert desk.resumes(since["number"])["whole"]
    desk.close()


@pytest.mark.either_database
@pytest.mark.parametrize("number", ["", "1-1", "nonsense", "99999999999999999-0"])
def test_a_desk_that_cannot_be_told_all_it_missed_learns_that(hub: str, client: FlaskClient, number: str) -> None:
    cookie, _ = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    desk.hears_of(arrives("een vraag"))

    assert not desk.resumes(number)["whole"]
    desk.close()


@pytest.mark.either_database
def test_a_news_server_that_was_emptied_makes_desks_look_again(hub: str, client: FlaskClient, valkey: ValkeyServer) -> None:
    cookie, _ = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    desk.hears_of(arrives("een vraag"))
    last = desk.resumes("")["number"]
    valkey.flush()

    assert not desk.resumes(last)["whole"]
    desk.close()


@pytest.mark.either_database
def test_who_remains_at_a_ticket_is_not_told_to_those_who_lost_sight_of_it(hub: str, database_url: str, redis_url: str) -> None:
    anna, bram = (named(hub, database_url, redis_url, name) for name in ("Anna", "Bram"))
    reference = arrives("een vraag")
    bram.looks_at(reference)
    assert anna.looks_at(reference) == [("Anna", False), ("Bram", False)]
    wait_until(lambda: (reference, ["Anna", "Bram"]) in bram.presence, seconds=20, otherwise=AssertionError)
    with live.change() as session:
        ticket = tickets.find(session, reference, to_change=True)
        assert ticket
        ticket.confidential = True
    heard_before = len(bram.presence)

    assert anna.looks_at(reference) == []

    wait_until(lambda: len(bram.presence) > heard_before, seconds=20, otherwise=AssertionError)
    assert {tuple(names) for _, names in bram.presence[heard_before:]} == {()}
    anna.close()
    bram.close()


@pytest.mark.either_database
def test_whoever_is_asked_hears_of_that_and_then_of_the_ticket(hub: str, database_url: str, redis_url: str) -> None:
    roads, taxes = (named(hub, database_url, redis_url, each, "back_office", each) for each in ("wegen", "belastingen"))
    reference = arrives("een vraag")
    with live.change() as session:
        ticket = tickets.find(session, reference, to_change=True)
        assert ticket
        anna = builders.an_agent(session, "agent", "onthaal", name="Anna")
        asking.ask(session, ticket, session.get_one(Queue, "wegen"), "Is de put al gevuld?", by=anna)
    roads.hears_of(reference)
    assert [news["kind"] for news in roads.heard] == ["asks_you"]
    assert roads.still_here()
    with live.change() as session:
        ticket = tickets.find(session, reference, to_change=True)
        assert ticket
        ticket.claim(session.merge(anna))
    wait_until(lambda: len(roads.heard) == 2, seconds=20, otherwise=lambda: AssertionError(roads.heard))
    assert taxes.heard == []
    roads.close()
    taxes.close()


@pytest.mark.either_database
def test_what_could_not_be_told_makes_desks_look_again(hub: str, client: FlaskClient, valkey: ValkeyServer) -> None:
    cookie, _ = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    desk.hears_of(arrives("een vraag"))
    last = desk.resumes("")["number"]
    with valkey.frozen():
        unheard = arrives("nog een")

    def is_told() -> bool:
        arrives("en nog een")
        return desk.lost_some

    wait_until(is_told, seconds=30, otherwise=lambda: AssertionError("nobody said that news was lost"))
    assert unheard not in desk.references
    assert not desk.resumes(last)["whole"]
    desk.close()


def test_many_who_tell_at_once_raise_no_false_alarm(hub: str, client: FlaskClient) -> None:
    cookie, _ = cookie_of(client, "agent", "onthaal")
    desk = Listener(hub, cookie)
    news = {"ticket": "26-000001-D", "kind": "heard", "number": 1, "queues": ["onthaal"]}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: live.announcer.tell([news]), range(200)))
    wait_until(lambda: len(desk.heard) == 200, seconds=20, otherwise=lambda: AssertionError(len(desk.heard)))
    assert not desk.lost_some
    desk.close()


@pytest.mark.either_database
def test_a_desk_learns_among_how_many_it_shares_the_hub(hub: str, client: FlaskClient) -> None:
    cookie, _ = cookie_of(client, "agent", "onthaal")
    first, second = Listener(hub, cookie), Listener(hub, cookie)
    assert first.still_here() == 2
    assert second.resumes("")["desks"] == 2
    second.close()
    wait_until(lambda: first.still_here() == 1, seconds=20, otherwise=lambda: AssertionError("still two"))
    first.close()
