"""A ticket that waits for its citizen or is put off, and what brings it back."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from contact_hub import live, pauses
from contact_hub.agents import Agent
from contact_hub.database import Session, now
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.web import later
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket
from tests.web.test_inbox import references

BRUSSELS = ZoneInfo("Europe/Brussels")
WORK = ("team", "unassigned", "overdue")


def views_with(desk: Desk, reference: str) -> set[str]:
    views = ("team", "unassigned", "mine", "overdue", "waiting", "snoozed", "open")
    return {view for view in views if reference in references(desk.page(f"/desk/inbox?view={view}"))}


def tomorrow() -> str:
    return (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")


def test_a_ticket_that_waits_leaves_the_lists_of_work_and_the_citizen_brings_it_back(reception: Desk, reference: str) -> None:
    with Session.begin() as session:
        the_ticket(session, reference).due_at = now() - timedelta(hours=1)
    assert views_with(reception, reference) == {*WORK, "open"}
    reception.post(f"/tickets/{reference}/waits", reason="Het nummer van het huis")
    assert views_with(reception, reference) == {"waiting", "open"}
    page = reception.page(f"/tickets/{reference}")
    assert "Waits for the citizen" in page
    assert "Het nummer van het huis" in page
    with live.change() as session:
        the_ticket(session, reference).hear()
    assert views_with(reception, reference) == {*WORK, "open"}


@pytest.mark.either_database
def test_its_clock_stands_still_while_it_waits(reception: Desk, reference: str) -> None:
    with Session.begin() as session:
        ticket = the_ticket(session, reference)
        ticket.queue_id, due = "ombuds", ticket.due_at  # a month, which runs through
        pauses.wait(ticket, by=session.get_one(Agent, agent_of(reception)), because="een foto")
        ticket.waiting_since = now() - timedelta(days=3)
        ticket.hear()
        assert due is not None
        assert ticket.due_at is not None
        assert abs(ticket.due_at - due - timedelta(days=3)) < timedelta(minutes=1)
        assert (ticket.status, ticket.waiting_since) == ("open", None)


def agent_of(desk: Desk) -> int:
    assert desk.agent
    return desk.agent.id


def test_a_ticket_put_off_comes_back_at_its_moment_or_with_the_citizen(reception: Desk, reference: str) -> None:
    reception.post(f"/tickets/{reference}/snoozes", until=tomorrow())
    assert views_with(reception, reference) == {"snoozed", "open"}
    with Session.begin() as session:
        the_ticket(session, reference).snoozed_until = now() - timedelta(seconds=1)
    assert "team" in views_with(reception, reference)
    reception.post(f"/tickets/{reference}/snoozes", until=tomorrow())
    with live.change() as session:
        the_ticket(session, reference).hear()
    assert "team" in views_with(reception, reference)


@pytest.mark.either_database
def test_the_moment_is_that_of_the_clock_on_the_wall(reception: Desk, reference: str) -> None:
    wanted = tomorrow()
    reception.post(f"/tickets/{reference}/snoozes", until=wanted)
    with Session() as session:
        until = the_ticket(session, reference).snoozed_until
    assert until is not None
    assert until.astimezone(ZoneInfo("Europe/Brussels")).replace(tzinfo=None) == datetime.fromisoformat(wanted)


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("moment", "offered"),
    [
        ("2026-11-26T10:30", ["2026-11-26T13:00", "2026-11-27T09:00", "2026-11-30T09:00", "2026-12-03T09:00"]),
        ("2026-11-27T16:00", ["2026-11-30T09:00", "2026-12-04T09:00"]),  # Friday: closed later, and tomorrow
        ("2026-11-10T16:00", ["2026-11-12T09:00", "2026-11-16T09:00", "2026-11-17T09:00"]),  # tomorrow is a holiday
    ],
)
def test_what_is_offered_to_put_off_to_is_when_the_queue_is_open(moment: str, offered: list[str]) -> None:
    found = later.moments(read_rulebook(builders.RULES), "onthaal", datetime.fromisoformat(moment).replace(tzinfo=BRUSSELS))
    assert [f"{each:%Y-%m-%dT%H:%M}" for _, each in found] == offered


@pytest.mark.either_database
def test_it_is_put_off_by_one_press(reception: Desk, reference: str) -> None:
    offered = re.findall(r'name="moment" value="([^"]+)"', reception.page(f"/tickets/{reference}"))
    assert reception.post(f"/tickets/{reference}/snoozes", until="", moment=offered[0]).status_code == 303
    assert views_with(reception, reference) == {"snoozed", "open"}


@pytest.mark.either_database
@pytest.mark.parametrize("verb", ["waits", "snoozes"])
def test_somebody_goes_on_with_it(reception: Desk, reference: str, verb: str) -> None:
    reception.post(f"/tickets/{reference}/{verb}", reason="een foto", until=tomorrow())
    assert reception.post(f"/tickets/{reference}/resumption").status_code == 303
    assert "team" in views_with(reception, reference)
    again = reception.post(f"/tickets/{reference}/resumption")
    assert again.status_code == 409
    assert "in the lists of work already" in again.text


@pytest.mark.either_database
@pytest.mark.parametrize("verb", ["hand-overs", "resolution", "claim"])
def test_another_verb_ends_the_waiting(reception: Desk, reference: str, verb: str) -> None:
    reception.post(f"/tickets/{reference}/waits", reason="een foto")
    form = {"queue": "wegen", "reason": "voor de ploeg", "promise": "deze week", "outcome": "unreachable"}
    assert reception.post(f"/tickets/{reference}/{verb}", **form).status_code == 303
    with Session() as session:
        ticket = the_ticket(session, reference)
        assert ticket.status != "waiting"
        assert ticket.waiting_since is None


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("verb", "form", "says"),
    [
        ("waits", {"reason": " "}, "Say what you wait for"),
        ("snoozes", {"until": "morgen"}, "no day and time"),
        ("snoozes", {"until": "2020-01-01T10:00"}, "still to come"),
        ("snoozes", {"until": "2999-01-01T10:00"}, "still to come"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    reception: Desk, reference: str, verb: str, form: dict[str, str], says: str
) -> None:
    answer = reception.post(f"/tickets/{reference}/{verb}", **form)
    assert answer.status_code == 409
    assert says in answer.text


def test_what_waits_is_counted_apart(sign_in: SignIn, reference: str) -> None:
    desk = sign_in("agent", "onthaal")
    desk.post(f"/tickets/{reference}/waits", reason="een foto")
    page = " ".join(desk.page("/desk/inbox").split())
    assert '<span>Waits for the citizen</span> <span class="count">1</span>' in page
    assert "<span>Put off till later</span></a>" in page
    assert '<span>My queues</span> <span class="count">0</span>' in page
    desk.post(f"/tickets/{reference}/snoozes", until=tomorrow())
    page = " ".join(desk.page("/desk/inbox").split())
    assert "<span>Waits for the citizen</span></a>" in page
    assert '<span>Put off till later</span> <span class="count">1</span>' in page


def test_the_search_and_the_api_tell_what_waits_from_what_is_put_off(reception: Desk, reference: str) -> None:
    reception.post(f"/tickets/{reference}/snoozes", until=tomorrow())
    assert reference in reception.page("/desk/search?q=is:snoozed")
    assert reference not in reception.page("/desk/search?q=is:waiting")
    found = reception.get("/api/v1/tickets?view=snoozed").json
    assert found
    assert [each["reference"] for each in found["tickets"]] == [reference]
