"""Past tickets come out of the database as a replay needs them: each once, with where people put it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session as SessionType

from contact_hub import replays
from contact_hub.agents import Agent
from contact_hub.contact import Attachment
from contact_hub.database import Session, now, reading
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.replay import Past, Replay
from contact_hub.routing.text import READ_AT_MOST
from contact_hub.tickets import Ticket
from tests.builders import RULES, a_contact, a_ticket, an_agent, publish_rules, queue
from tests.commands import contact_hub

WITH_LAMPS = RULES.replace("route:\n", "route:\n  - {id: lamps, when: {text: [lamp]}, then: {queue: wegen}}\n")


@pytest.fixture
def anna(database: Engine) -> Agent:
    """An agent of a desk with rules in force."""
    with Session.begin() as session:
        publish_rules(session)
        return an_agent(session)


def past(days: int = 30, **limits: int) -> list[Past]:
    with reading() as session:
        return list(replays.past(session, replays.began(days), replays.ALL, **limits))


def came_in(session: SessionType, message: str = "Een lamp is stuk", **contact: object) -> Ticket:
    return a_ticket(session, message=message, **{"received": now(), **contact})


def only(found: list[Past]) -> Past:
    [one] = found
    return one


def test_an_open_ticket_that_nobody_moved_shows_nothing(anna: Agent) -> None:
    with Session.begin() as session:
        ticket = came_in(session)
    found = only(past())
    assert (found.ticket, found.reference, found.queue, found.final) == (ticket.id, ticket.reference, "onthaal", "")


def test_a_hand_over_shows_where_a_ticket_belongs_be_it_solved_or_not(anna: Agent) -> None:
    with Session.begin() as session:
        came_in(session).hand_over(to=queue(session, "groen"), by=anna, because="a tree", promise="you hear from us")
    found = only(past())
    assert (found.queue, found.final) == ("onthaal", "groen")


def test_what_was_sent_back_belongs_where_it_returned_to(anna: Agent) -> None:
    with Session.begin() as session:
        ticket = came_in(session)
        ticket.hand_over(to=queue(session, "groen"), by=anna, because="a tree?", promise="you hear from us")
        ticket.send_back(by=anna, because="no tree")
    assert only(past()).final == "onthaal"


def test_the_queue_that_solved_a_ticket_is_where_it_belonged(anna: Agent) -> None:
    with Session.begin() as session:
        came_in(session).resolve(by=anna, outcome="resolved_first_line")
    assert only(past()).final == "onthaal"


def test_what_was_no_question_belongs_nowhere_but_in_quarantine(anna: Agent) -> None:
    with Session.begin() as session:
        came_in(session).resolve(by=anna, outcome="spam")
        came_in(session, automatic="bounce").resolve(by=None, outcome="spam")
    assert [each.final for each in past()] == ["quarantaine", ""]


def test_a_call_that_an_agent_kept_shows_nothing(anna: Agent) -> None:
    with Session.begin() as session:
        ticket = came_in(session, "Een put in de weg", channel="phone")
        session.flush()
        ticket.keep(queue(session, "onthaal"), anna)
        ticket.resolve(by=anna, outcome="resolved_first_line")
    found = only(past())
    assert (found.queue, found.final) == ("wegen", "")


def test_contacts_are_what_the_rules_saw(anna: Agent) -> None:
    given = {"quoted": "> vorige mail", "postcode": "2400", "headers": {"X-Spam": "no"}, "received": now()}
    sent = a_contact(**given, attachments=(Attachment("lamp.jpg", "image/jpeg", b"..."),))
    with Session.begin() as session:
        came_in(session, sent.message, **given, attachments=sent.attachments)
    seen = only(past()).contact
    assert (seen.message, seen.quoted, seen.postcode, seen.headers) == (sent.message, sent.quoted, "2400", {"X-Spam": "no"})
    assert [file.name for file in seen.attachments] == ["lamp.jpg"]


def test_only_contacts_that_opened_a_ticket_of_these_days_count_the_newest_first(anna: Agent) -> None:
    with Session.begin() as session:
        came_in(session, received=now() - timedelta(days=31))
        tickets = [came_in(session, message_id=f"{number}@example.org", sender="roos@example.org") for number in range(3)]
        came_in(session, answers=("1@example.org",), sender="roos@example.org")
    assert [each.ticket for each in past()] == [ticket.id for ticket in reversed(tickets)]
    assert [each.ticket for each in past(at_most=1)] == [tickets[-1].id]
    with reading() as session:
        assert replays.in_time(session, replays.began(30), replays.ALL) == 3


def test_a_linked_ticket_is_no_decision_of_its_own(anna: Agent) -> None:
    with Session.begin() as session:
        first = came_in(session)
        session.flush()
        came_in(session).linked_to_id = first.id
    assert only(past()).ticket == first.id


def test_reading_tells_how_far_it_is(anna: Agent) -> None:
    told: list[int] = []
    with Session.begin() as session:
        for _ in range(3):
            came_in(session)
    with reading() as session:
        assert len(list(replays.past(session, replays.began(1), replays.ALL, progress=told.append))) == sum(told)


def test_of_a_long_text_only_what_rules_read_is_kept_and_counted(anna: Agent) -> None:
    with Session.begin() as session:
        older = came_in(session)
        newer = came_in(session, f"lamp {'x' * 3 * READ_AT_MOST}")
    found = past(letters=READ_AT_MOST + 100)
    assert [each.ticket for each in found] == [newer.id, older.id]
    assert len(found[0].contact.message) == READ_AT_MOST
    assert Replay(read_rulebook(RULES), found).full(read_rulebook(WITH_LAMPS)).moved == 2


def test_what_no_room_is_left_for_is_counted(anna: Agent) -> None:
    with Session.begin() as session:
        for _ in range(3):
            came_in(session)
    with reading() as session:
        in_time = replays.in_time(session, replays.began(30), replays.ALL)
    ready = replays.Ready(1, now(), now(), in_time, Replay(read_rulebook(RULES), past(letters=40)))
    assert (len(ready.replay.past), ready.in_time, ready.left_out) == (1, 3, 2)


def test_a_replay_is_made_once_and_again_for_a_new_edition(anna: Agent) -> None:
    with Session.begin() as session:
        came_in(session)
    with reading() as session:
        first = replays.ready(session, 30, None)
        assert replays.ready(session, 30, None) is first
        assert replays.ready(session, 31, None) is not first
    with Session.begin() as session:
        publish_rules(session, WITH_LAMPS)
    with reading() as session:
        second = replays.ready(session, 30, None)
    assert (first.edition, second.edition) == (1, 2)
    assert second.replay.delta(read_rulebook(RULES)).moved == 1


def test_a_replay_counts_what_the_one_who_asks_may_read(anna: Agent) -> None:
    """A rule that asks for a word would tell by its numbers who wrote it."""
    with Session.begin() as session:
        supervisor, member = an_agent(session, "supervisor"), an_agent(session, "supervisor", "ombuds")
        came_in(session)
        came_in(session, "Ombudsman: de lamp is stuk")
    for who, number in ((supervisor, 1), (member, 2), (None, 1)):
        with reading() as session:
            ready = replays.ready(session, 30, who)
        assert (ready.in_time, ready.left_out, len(ready.replay.past)) == (number, 0, number)


def test_tickets_are_listed_for_those_alone_who_may_read_them(anna: Agent) -> None:
    with Session.begin() as session:
        supervisor = an_agent(session, "supervisor")
        member = an_agent(session, "agent", "ombuds")
        open_one = came_in(session)
        closed_one = came_in(session, "Ombudsman: de lamp is stuk")
    with reading() as session:
        report = Replay(read_rulebook(RULES), past()).full(read_rulebook(WITH_LAMPS))
        assert report.moved == 2
        seen = {who: [each.ticket for each in replays.in_sight(session, who, report, 10)] for who in (supervisor, member)}
        assert len(replays.in_sight(session, member, report, 1)) == 1
    assert seen == {supervisor: [open_one.id], member: [closed_one.id, open_one.id]}


@pytest.fixture
def settings(database_url: str, redis_url: str) -> dict[str, str]:
    """What a command needs to find this hub."""
    return {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEY": "0123456789" * 4}


@pytest.fixture
def draft(tmp_path: Path) -> str:
    """A file of rules with one more than those in force."""
    path = tmp_path / "draft.yaml"
    path.write_text(WITH_LAMPS, "utf-8")
    return str(path)


def test_the_command_line_tells_what_a_draft_would_have_done(anna: Agent, settings: dict[str, str], draft: str) -> None:
    with Session.begin() as session:
        ticket = came_in(session)
        ticket.hand_over(to=queue(session, "wegen"), by=anna, because="a lamp", promise="you hear from us")
    answer = contact_hub("rules", "replay", draft, "--last", "30d", **settings)
    assert answer.returncode == 0, answer.stderr
    assert "1 would move: 1 towards where people put them, 0 away" in answer.stdout
    assert "0.0% → 100.0%" in answer.stdout
    assert ticket.reference in answer.stdout
    assert "lamp is stuk" not in answer.stdout
    told = [
        json.loads(contact_hub("rules", "replay", draft, "--json", *how, **settings).stdout) | {"since": ""}
        for how in ([], ["--full"], ["--last", "12w"])
    ]
    assert told[0] == told[1] == told[2]
    assert [each["to"] for each in told[0]["tickets"]] == ["wegen"]


def test_a_draft_is_compared_with_another_file_when_one_is_named(anna: Agent, settings: dict[str, str], draft: str) -> None:
    with Session.begin() as session:
        came_in(session)
    answer = contact_hub("rules", "replay", draft, "--rules", draft, **settings)
    assert "0 would move" in answer.stdout


def test_a_span_that_is_none_and_a_draft_with_mistakes_are_said(anna: Agent, settings: dict[str, str], draft: str) -> None:
    assert "Write it like 90d or 12w" in contact_hub("rules", "replay", draft, "--last", "0d", **settings).stderr
    Path(draft).write_text("format: 2", "utf-8")
    answer = contact_hub("rules", "replay", draft, **settings)
    assert (answer.returncode, answer.stdout.count("draft.yaml:") > 1) == (1, True)
