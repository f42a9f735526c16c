"""A visitor chats over the real wire: each text is one message, acknowledged once it is stored, answered without gaps."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from queue import Queue as Box
from typing import Any

import pytest
import requests
import socketio
from sqlalchemy import Engine, select

from contact_hub import answers, chats, live, regrouping
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact, Tally
from contact_hub.contact import Attachment
from contact_hub.database import Session, reading
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests.application import served, settings_for
from tests.builders import an_agent, publish_rules

TOWN = "https://www.lindervelde.example"
LONGEST = 20  # seconds an answer may take on a busy machine


class Visitor:
    """The page of a visitor, as the widget would speak; `news` collects the pokes."""

    def __init__(self, address: str, session: str = "", language: str = "nl") -> None:
        self.news: Box[Any] = Box()
        self._client = socketio.Client(reconnection=False)
        self._client.on("news", self.news.put, namespace=live.CHAT)
        self._client.connect(address, namespaces=[live.CHAT], transports=["websocket"], wait_timeout=LONGEST)
        self.session = self.ask("hello", {"session": session, "language": language})["session"]

    def ask(self, event: str, *what: object) -> Any:
        return self._client.call(event, what if len(what) != 1 else what[0], namespace=live.CHAT, timeout=LONGEST)

    def say(self, text: object, **more: object) -> Any:
        return self.ask("say", {"id": str(uuid.uuid4()), "text": text} | more)

    def read(self, after: int = 0) -> list[dict[str, Any]]:
        return self.ask("since", {"after": after})["messages"]

    def leave(self) -> None:
        self._client.disconnect()


@pytest.fixture
def address(database: Engine, database_url: str, redis_url: str) -> Iterator[str]:
    with Session.begin() as session:
        publish_rules(session)
    with served(settings_for(database_url, redis_url, demo=True, form_origins=(TOWN,))) as address:
        yield address


@pytest.fixture
def visit(address: str) -> Iterator[Callable[..., Visitor]]:
    """Opens pages of visitors, and closes them in the end."""
    with ExitStack() as pages:

        def opened(**given: str) -> Visitor:
            visitor = Visitor(address, **given)
            pages.callback(visitor.leave)
            return visitor

        yield opened


def the_ticket() -> Ticket:
    with reading() as session:
        return session.scalars(select(Ticket)).one()


def answered(text: str) -> None:
    """An agent answers the one ticket there is."""
    with live.change() as session:
        agent = an_agent(session, "agent", "onthaal", name="Anna Claes")
        chats.answer(session, session.scalars(select(Ticket).with_for_update()).one(), text, by=agent)


def test_the_first_text_opens_a_routed_ticket_and_later_ones_join_it(visit: Callable[..., Visitor]) -> None:
    roos = visit(language="fr")
    first = roos.say("Er is een put in de weg", name="Roos")
    second = roos.say("Voor de school")
    assert 0 < first["number"] < second["number"]
    ticket = the_ticket()
    assert (ticket.channel, ticket.queue_id, ticket.language) == ("chat", "wegen", "fr")
    with reading() as session:
        said = session.scalars(select(Message).order_by(Message.id)).all()
        assert [message.text for message in said] == ["Er is een put in de weg", "Voor de school"]
        assert said[0].author_name == "Roos"
        assert (
            chats.session_of(session, session.get_one(Ticket, ticket.id))
            == session.scalars(select(TakenContact.sender)).first()
        )


def test_a_text_sent_twice_is_one_message(visit: Callable[..., Visitor]) -> None:
    roos = visit()
    text = {"id": str(uuid.uuid4()), "text": "Hallo?"}
    assert roos.ask("say", text) == roos.ask("say", text)
    with reading() as session:
        tally = session.scalars(select(Tally)).one()
        assert (tally.offered, tally.taken, tally.known, tally.missing) == (2, 1, 1, 0)
    assert len(roos.read()) == 1


def test_an_answer_reaches_the_open_page_and_only_that_one(visit: Callable[..., Visitor]) -> None:
    roos, stranger = visit(), visit()
    number = roos.say("Wanneer is het loket open?")["number"]
    roos.news.get(timeout=LONGEST)
    answered("Elke dag vanaf negen uur.")
    roos.news.get(timeout=LONGEST)
    heard = roos.read(after=number)
    assert [(each["text"], each["mine"], each["author"]) for each in heard] == [
        ("Elke dag vanaf negen uur.", False, "Anna Claes")
    ]
    assert stranger.read() == []
    assert stranger.news.empty()


def test_a_page_that_was_away_has_everything_when_it_returns(visit: Callable[..., Visitor]) -> None:
    roos = visit()
    roos.say("Is er iemand?")
    roos.leave()
    answered("Ja hoor.")
    answered("Waarmee kan ik helpen?")
    back = visit(session=roos.session)
    assert [each["text"] for each in back.read()] == ["Is er iemand?", "Ja hoor.", "Waarmee kan ik helpen?"]
    back.say("Dank u")
    assert the_ticket()


def test_in_merged_chats_each_visitor_reads_what_they_are_answered(visit: Callable[..., Visitor]) -> None:
    roos, jan = visit(), visit()
    roos.say("Wanneer is de dienst open?")
    jan.say("Mag ik een boom planten?")
    with live.change() as session:
        hers, his = session.scalars(select(Ticket).order_by(Ticket.id))
        agent = an_agent(session, "agent", "onthaal", name="Anna Claes")
        chats.answer(session, his, "Welke boom?", by=agent)
        regrouping.join(session, his, by=agent, into=hers)
        assert answers.way_of(session, hers) == answers.Way("chat", to_last=True)
    jan.say("Een eik.")
    with live.change() as session:
        ticket = session.get_one(Ticket, hers.id, with_for_update=True)
        chats.answer(session, ticket, "Een eik mag.", by=session.get_one(Agent, agent.id))
    roos.say("Bent u er nog?")
    with live.change() as session:
        ticket = session.get_one(Ticket, hers.id, with_for_update=True)
        chats.answer(session, ticket, "Open tot vijf uur.", by=session.get_one(Agent, agent.id))

    assert [each["text"] for each in roos.read()] == ["Wanneer is de dienst open?", "Bent u er nog?", "Open tot vijf uur."]
    assert [each["text"] for each in jan.read()] == ["Mag ik een boom planten?", "Welke boom?", "Een eik.", "Een eik mag."]


def test_notes_of_colleagues_stay_in_the_house(visit: Callable[..., Visitor]) -> None:
    roos = visit()
    roos.say("Hallo")
    with live.change() as session:
        note = Message(ticket_id=1, kind="note", channel="chat", text="Lastige klant")
        session.scalars(select(Ticket)).one().remark(note, an_agent(session))
    assert [each["text"] for each in roos.read()] == ["Hallo"]


def test_a_text_after_the_end_opens_the_ticket_again(visit: Callable[..., Visitor]) -> None:
    roos = visit()
    roos.say("Wanneer is het loket open?")
    with live.change() as session:
        session.scalars(select(Ticket)).one().resolve(by=an_agent(session), outcome="resolved_first_line")
    roos.say("En op zaterdag?")
    assert the_ticket().status == "new"


def test_a_made_up_session_begins_a_chat_of_its_own(visit: Callable[..., Visitor]) -> None:
    roos = visit()
    roos.say("Geheim")
    assert visit(session=roos.session.swapcase()).read() == []
    assert visit(session="rubbish").read() == []


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({}, "malformed"),
        ({"id": 3, "text": "x"}, "malformed"),
        ({"id": "short", "text": "x"}, "malformed"),
        ({"id": "a/b" * 5, "text": "x"}, "malformed"),
        ({"id": "12345678"}, "malformed"),
        ({"id": "12345678", "text": ["x"]}, "malformed"),
        ({"id": "12345678", "text": " \n "}, "empty"),
        ({"id": "12345678", "text": "x" * 4_001}, "too_long"),
        ("hello", "malformed"),
        ([1], "malformed"),
        (None, "malformed"),
    ],
)
def test_rubbish_is_refused_with_its_reason(visit: Callable[..., Visitor], said: object, error: str) -> None:
    roos = visit()
    assert roos.ask("say", said) == {"error": error}
    assert roos.say("Nog steeds hier")["number"]


@pytest.mark.either_database
def test_before_hello_nothing_is_taken(address: str) -> None:
    client = socketio.Client(reconnection=False)
    client.connect(address, namespaces=[live.CHAT], transports=["websocket"], wait_timeout=LONGEST)
    say = {"id": str(uuid.uuid4()), "text": "x"}
    assert client.call("say", say, namespace=live.CHAT, timeout=LONGEST) == {"error": "hello_first"}
    assert client.call("since", {"after": 0}, namespace=live.CHAT, timeout=LONGEST) == {"error": "hello_first"}
    client.disconnect()


@pytest.mark.either_database
@pytest.mark.parametrize("after", [-1, "0", None, 1 << 70, [], {}])
def test_a_strange_place_to_read_from_is_refused(visit: Callable[..., Visitor], after: object) -> None:
    assert visit().ask("since", {"after": after}) == {"error": "malformed"}


def test_characters_no_database_keeps_do_no_harm(visit: Callable[..., Visitor]) -> None:
    roos = visit()
    assert roos.say("a\x00b \U0001f600")["number"]
    assert roos.read()[0]["text"] == "ab \U0001f600"


@pytest.mark.either_database
def test_a_flood_is_slowed_down_and_can_be_sent_later(visit: Callable[..., Visitor]) -> None:
    roos = visit()
    answers = [roos.say(str(number)) for number in range(31)]
    assert [answer.get("error") for answer in answers] == [None] * 30 + ["too_fast"]


@pytest.mark.either_database
def test_the_demo_town_embeds_the_chat_and_a_form_for_browsers_without_scripts(address: str) -> None:
    page = requests.get(address + "/demo/town", timeout=LONGEST).text
    assert "built/chat.js" in page
    assert "/forms/question" in page


@pytest.mark.either_database
def test_without_demo_there_is_no_town(database: Engine, database_url: str, redis_url: str) -> None:
    with served(settings_for(database_url, redis_url)) as address:
        assert requests.get(address + "/demo/town", timeout=LONGEST).status_code == 404


@pytest.mark.either_database
@pytest.mark.parametrize(("origin", "welcome"), [(TOWN, True), ("https://elsewhere.example", False)])
def test_only_sites_on_the_list_embed_the_chat(address: str, origin: str, welcome: bool) -> None:
    client = socketio.Client(reconnection=False, websocket_extra_options={"origin": origin})
    try:
        client.connect(address, namespaces=[live.CHAT], transports=["websocket"], wait_timeout=LONGEST)
        let_in = True
    except socketio.exceptions.ConnectionError:
        let_in = False
    client.disconnect()
    assert let_in == welcome


def test_files_go_both_ways_within_the_chat_alone(visit: Callable[..., Visitor], address: str) -> None:
    roos = visit()
    sent = {"session": roos.session, "id": str(uuid.uuid4()), "name": "Roos", "language": "nl"}
    photo = {"file": ("put.jpg", b"a photo", "image/jpeg")}
    first = requests.post(f"{address}/chat/files", data=sent, files=photo, headers={"Origin": TOWN}, timeout=LONGEST)
    assert first.headers["Access-Control-Allow-Origin"] == TOWN
    again = requests.post(f"{address}/chat/files", data=sent, files=photo, timeout=LONGEST)
    assert first.json() == again.json() == {"number": roos.read()[0]["number"]}
    stranger = requests.post(f"{address}/chat/files", data=sent | {"session": "made-up"}, files=photo, timeout=LONGEST)
    large = {"file": ("film.mp4", bytes((10 << 20) + 1), "video/mp4")}
    refused = requests.post(f"{address}/chat/files", data=sent | {"id": str(uuid.uuid4())}, files=large, timeout=LONGEST)
    assert (stranger.status_code, refused.status_code) == (422, 413)

    with live.change() as session:
        ticket = session.scalars(select(Ticket).with_for_update()).one()
        agent = an_agent(session, "agent", "onthaal", name="Anna Claes")
        answers.send(session, ticket, "Zie het plan.", by=agent, files=[Attachment("plan.pdf", "application/pdf", b"%PDF")])

    mine, theirs = roos.read()
    assert [(each["name"], each["size"]) for each in (*mine["files"], *theirs["files"])] == [("put.jpg", 7), ("plan.pdf", 4)]
    plan = requests.get(f"{address}/chat/files/{theirs['files'][0]['key']}", timeout=LONGEST)
    assert (plan.content, plan.headers["Content-Disposition"]) == (b"%PDF", "attachment; filename=plan.pdf")
    assert requests.get(f"{address}/chat/files/made-up", timeout=LONGEST).status_code == 404
