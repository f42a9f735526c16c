"""The figures, to the letter of their definitions, from histories made by the verbs themselves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import true
from sqlalchemy.orm import Session as SessionType

from contact_hub import asking, editions
from contact_hub.agents import Agent
from contact_hub.database import now
from contact_hub.figures.ages import BANDS
from contact_hub.figures.backlog import Backlog, Lying, backlog
from contact_hub.figures.backlog import tickets_behind as lying_behind
from contact_hub.figures.counting import Behind, Count, by_rule, count, tickets_behind
from contact_hub.figures.formulas import BY_ID
from contact_hub.figures.periods import Period, between, lately
from contact_hub.tickets import Ticket
from tests.builders import MONDAY, a_ticket, an_agent, an_answer, queue

BRUSSELS = ZoneInfo("Europe/Brussels")
THAT_MONDAY = Period(date(2026, 11, 23), date(2026, 11, 23), BRUSSELS)
QUEUES = ("onthaal", "wegen", "groen", "belastingen", "ombuds", "quarantaine")
ALL = true()  # of the tickets


@pytest.fixture
def anna(session: SessionType) -> Agent:
    return an_agent(session, "agent", *QUEUES)


def went(session: SessionType, by: Agent, *steps: str, door: str = "phone", text: str = "") -> Ticket:
    """A ticket that went this way: `>wegen` handed over, `<` returned, `again` reopened, `consult`, `answer`, or an outcome."""
    ticket = a_ticket(session, channel=door, message=text)
    for step in steps:
        if step.startswith(">"):
            ticket.hand_over(to=queue(session, step[1:]), by=by, because="theirs", promise="you hear from us")
        elif step == "<":
            ticket.send_back(by=by, because="not ours")
        elif step == "answer":
            ticket.answer(an_answer(), by)
        elif step == "consult":
            colleague = an_agent(session, "agent", *QUEUES, name="Bram Smet")
            asking.ask(session, ticket, colleague, "Wat kost het?", by=by)
            asking.advise(session, ticket, "Niets.", by=colleague)
        elif step == "again":
            ticket.reopen(by=by, because="not solved")
        else:
            ticket.resolve(by=by, outcome=step)
    session.flush()
    return ticket


def figure(session: SessionType, name: str) -> tuple[int, int]:
    total = count(session, THAT_MONDAY, ALL)[name].total
    return total.counted, total.n


def test_gross_first_contact_resolution_is_class_r_among_all_but_void(session: SessionType, anna: Agent) -> None:
    for outcome in ("resolved_first_line", "warm_transfer_solved", "informed_external", "spam", "test"):
        went(session, anna, outcome)
    went(session, anna, "consult", "resolved_after_consult")
    went(session, anna)

    assert figure(session, "fcr_gross") == (3, 5)


def test_what_went_through_a_back_office_was_not_solved_at_first_contact(session: SessionType, anna: Agent) -> None:
    went(session, anna, ">wegen", "resolved_back_office")
    went(session, anna, ">wegen", "<", "informed_external")

    assert figure(session, "fcr_gross") == (0, 2)


@pytest.mark.parametrize("door", ["email", "webform"])
def test_mail_and_forms_are_solved_at_first_contact_by_exactly_one_answer(session: SessionType, anna: Agent, door: str) -> None:
    went(session, anna, "resolved_first_line", door=door)
    went(session, anna, "answer", "resolved_first_line", door=door)
    went(session, anna, "answer", "answer", "resolved_first_line", door=door)

    assert figure(session, "fcr_gross") == (1, 3)


def test_a_reopened_ticket_was_not_solved_at_first_contact(session: SessionType, anna: Agent) -> None:
    went(session, anna, "resolved_first_line", "again")
    went(session, anna, "resolved_first_line", "again", "resolved_first_line")

    assert figure(session, "fcr_gross") == (0, 2)


def test_net_leaves_out_what_no_first_line_can_solve(session: SessionType, anna: Agent) -> None:
    went(session, anna, "resolved_first_line", text="openingsuren")
    went(session, anna, text="iets anders")
    went(session, anna, "resolved_back_office", text="pothole")

    assert figure(session, "fcr_gross") == (1, 3)
    assert figure(session, "fcr_net") == (1, 2)
    assert figure(session, "beyond_first_line") == (1, 3)


def test_first_line_resolution_is_without_a_back_office_among_the_resolved(session: SessionType, anna: Agent) -> None:
    went(session, anna, "resolved_first_line")
    went(session, anna, "informed_external")
    went(session, anna, ">wegen", "<", "informed_external")
    went(session, anna)

    assert figure(session, "flr") == (2, 3)


# The way of a ticket, and whether it counts for (transfer, bounce, first_route); None where it is not looked at.
VECTOR: list[tuple[str, tuple[str, ...], tuple[bool | None, bool, bool | None]]] = [
    ("", (), (None, False, None)),
    ("", ("resolved_first_line",), (False, False, None)),
    ("", ("resolved_first_line", "again", "resolved_first_line"), (False, False, None)),
    ("", (">wegen",), (True, False, None)),
    ("", (">wegen", "resolved_back_office"), (True, False, True)),
    ("", (">wegen", ">groen", "resolved_back_office"), (True, False, False)),
    ("", (">wegen", "<", "informed_external"), (True, True, False)),
    ("", (">wegen", "<", ">groen", "resolved_back_office"), (True, True, False)),
    ("", (">wegen", ">onthaal", ">wegen", "resolved_back_office"), (True, True, True)),
    ("", (">wegen", "resolved_back_office", "again", "resolved_back_office"), (True, False, True)),
    ("pothole", (), (None, False, None)),
    ("pothole", ("resolved_back_office",), (False, False, True)),
    ("pothole", (">groen", "resolved_back_office"), (True, False, False)),
    ("pothole", (">onthaal", "informed_external"), (True, False, False)),
    ("pothole", (">onthaal", ">wegen", "resolved_back_office"), (True, True, True)),
]


@pytest.mark.parametrize(("text", "steps", "expected"), VECTOR)
def test_hand_overs_ping_pong_and_routing_follow_the_way_of_the_ticket(
    session: SessionType, anna: Agent, text: str, steps: tuple[str, ...], expected: tuple[bool | None, bool, bool | None]
) -> None:
    went(session, anna, *steps, text=text)

    counts = count(session, THAT_MONDAY, ALL)
    seen = [
        (figure.total.counted == 1) if figure.total.n else None
        for figure in map(counts.get, ("transfer", "bounce", "first_route"))
        if figure
    ]
    assert tuple(seen) == expected


def test_hand_overs_are_split_by_where_they_went(session: SessionType, anna: Agent) -> None:
    went(session, anna, ">wegen", ">groen", ">onthaal")
    went(session, anna, ">wegen")
    went(session, anna, "resolved_first_line")

    assert [figure(session, f"transfer_{way}") for way in ("front_back", "back_back", "back_front")] == [(2, 3), (1, 3), (1, 3)]


def test_quarantine_is_not_counted_and_what_it_lets_through_begins_there(session: SessionType, anna: Agent) -> None:
    a_ticket(session, automatic="bounce")
    let_through = a_ticket(session, automatic="auto-reply", channel="phone")
    let_through.hand_over(to=queue(session, "onthaal"), by=anna, because="a citizen after all", promise="you hear from us")
    let_through.resolve(by=anna, outcome="resolved_first_line")
    session.flush()

    assert figure(session, "fcr_gross") == (1, 1)
    assert figure(session, "transfer") == (0, 1)


def test_only_contacts_of_the_period_count(session: SessionType, anna: Agent) -> None:
    for received in ("2026-11-22T22:59:59", "2026-11-22T23:00:00", "2026-11-23T22:59:59", "2026-11-23T23:00:00"):
        a_ticket(session, received=datetime.fromisoformat(f"{received}+00:00"))
    session.flush()

    assert figure(session, "bounce") == (0, 2)


def test_counts_by_queue_and_by_door_add_up_to_the_total(session: SessionType, anna: Agent) -> None:
    went(session, anna, ">wegen", "resolved_back_office", door="chat")
    went(session, anna, "resolved_first_line")
    went(session, anna, text="boom")

    for counts in count(session, THAT_MONDAY, ALL).values():
        assert sum(counts.doors.values(), Count()) == counts.total
        assert sum(counts.queues.values(), Count()) == counts.total


def test_figures_leave_out_tickets_that_are_not_seen(session: SessionType, anna: Agent) -> None:
    went(session, anna, text="ombudsman")
    went(session, anna)

    assert count(session, THAT_MONDAY, Ticket.queue_id == "onthaal")["fcr_gross"].total.n == 1


def test_without_tickets_there_is_no_share(session: SessionType) -> None:
    counts = count(session, THAT_MONDAY, ALL)

    assert set(counts) == set(BY_ID)
    assert all(each.total.share is None for each in counts.values())


def test_routing_is_also_counted_by_rule_and_edition(session: SessionType, anna: Agent) -> None:
    went(session, anna, "resolved_back_office", text="pothole")
    went(session, anna, ">groen", "resolved_back_office", text="pothole")
    went(session, anna, ">wegen", "resolved_back_office")

    edition = editions.deciding(session).edition
    assert by_rule(session, THAT_MONDAY, ALL, BY_ID["first_route"]) == {
        ("default", edition): Count(1, 1),
        ("potholes", edition): Count(1, 2),
    }


def test_each_count_of_a_rule_leads_to_its_tickets(session: SessionType, anna: Agent) -> None:
    right = went(session, anna, "resolved_back_office", text="pothole").id
    wrong = went(session, anna, ">groen", "resolved_back_office", text="pothole").id
    went(session, anna, ">wegen", "resolved_back_office")
    edition = editions.deciding(session).edition

    def ids(part: str, of_edition: int) -> list[int]:
        number = Behind(BY_ID["first_route"], THAT_MONDAY, part, rule="potholes", edition=of_edition)
        return [ticket.id for ticket in tickets_behind(session, number, ALL, after=0, limit=9)]

    assert ids("counted", edition) == [right]
    assert ids("rest", edition) == [wrong]
    assert ids("all", edition) == [right, wrong]
    assert ids("all", edition + 1) == []


def test_every_number_leads_to_its_tickets(session: SessionType, anna: Agent) -> None:
    solved = [went(session, anna, "resolved_first_line").id for _ in range(3)]
    other = went(session, anna, ">wegen", door="chat").id

    def ids(part: str, queue: str = "", door: str = "") -> list[int]:
        number = Behind(BY_ID["fcr_gross"], THAT_MONDAY, part, queue, door)
        return [ticket.id for ticket in tickets_behind(session, number, ALL, after=0, limit=9)]

    assert ids("counted") == solved
    assert ids("rest") == [other]
    assert ids("all") == [*solved, other]
    assert ids("rest", door="phone") == []
    assert ids("counted", queue="onthaal", door="phone") == solved


def test_the_tickets_behind_a_number_come_page_by_page(session: SessionType, anna: Agent) -> None:
    expected = [went(session, anna, "resolved_first_line").id for _ in range(5)]
    number = Behind(BY_ID["flr"], THAT_MONDAY)

    found: list[int] = []
    while page := tickets_behind(session, number, ALL, after=found[-1] if found else 0, limit=2):
        found.extend(ticket.id for ticket in page)

    assert found == expected


def test_the_backlog_is_what_lies_open_now(session: SessionType, anna: Agent) -> None:
    went(session, anna, "resolved_first_line")
    went(session, anna, "spam")
    claimed = went(session, anna, text="pothole")
    claimed.claim(anna)
    a_ticket(session, automatic="bounce")
    late = went(session, anna)
    late.due_at = now() - timedelta(minutes=1)
    session.flush()

    found = backlog(session, editions.deciding(session).rulebook, ALL)

    assert (found.total.n, found.total.untouched, found.total.resolved) == (2, 1, 1)
    assert {name: each.n for name, each in found.queues.items() if each.n} == {"onthaal": 1, "wegen": 1}
    assert behind(session, Lying("untouched")) == [late.id]
    assert late.id in behind(session, Lying("late", queue="onthaal"))
    assert len(behind(session, Lying("resolved"))) == found.total.resolved


def behind(session: SessionType, number: Lying, after: int = 0, limit: int = 99) -> list[int]:
    rulebook = editions.deciding(session).rulebook
    return [each.id for each in lying_behind(session, number, rulebook, ALL, after=after, limit=limit)]


def test_each_count_of_the_backlog_leads_to_its_tickets(session: SessionType) -> None:
    for days in range(40):
        for text, door in (("pothole", "email"), ("", "phone")):
            a_ticket(session, received=now() - timedelta(days=days), message=text, channel=door)
    session.flush()
    rulebook = editions.deciding(session).rulebook
    found = backlog(session, rulebook, ALL)

    assert min(found.total.bands.values()) > 0
    for band in BANDS:
        assert len(behind(session, Lying(band=band))) == found.total.bands[band]
        assert len(behind(session, Lying(queue="wegen", band=band))) == found.queues["wegen"].bands[band]
        number = Lying(door="phone", band=band)
        assert len(behind(session, number)) == found.doors["phone"].bands[band]


def test_the_backlog_is_listed_from_the_oldest_on_page_by_page(session: SessionType) -> None:
    lying = [a_ticket(session, received=now() - timedelta(days=days)) for days in (3, 9, 1, 9, 0)]
    session.flush()
    expected = [ticket.id for ticket in sorted(lying, key=lambda ticket: (ticket.opened_at, ticket.id))]

    found: list[int] = []
    while page := behind(session, Lying(), after=found[-1] if found else 0, limit=2):
        found.extend(page)

    assert found == expected


def test_ages_are_in_working_days(session: SessionType) -> None:
    today = now()
    a_ticket(session, received=today)
    a_ticket(session, received=today - timedelta(days=7))
    session.flush()

    ages = backlog(session, editions.deciding(session).rulebook, ALL).total.ages
    assert min(ages) == 0
    assert 2 <= max(ages) <= 5  # five days in a week, fewer with holidays


def test_percentiles_and_bands_of_ages() -> None:
    lying = Backlog(ages=[0, 1, 1, 2, 3, 4, 7, 9, 10, 40], resolved=14)

    assert [lying.percentile(share) for share in (0.5, 0.9, 1)] == [3, 10, 40]
    assert lying.bands == {"0-1": 3, "1-3": 2, "3-5": 1, "5-10": 3, "over-10": 1}
    assert lying.days == 5
    assert (Backlog().percentile(0.5), Backlog().days) == (None, None)


def test_a_day_begins_and_ends_at_midnight_on_the_municipalitys_clock() -> None:
    autumn = Period(date(2026, 10, 25), date(2026, 10, 25), BRUSSELS)

    assert autumn.end - autumn.begin == timedelta(hours=25)
    assert lately(7, date(2026, 11, 23), BRUSSELS).first == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("first", "last"),
    [("", ""), ("2026-11-23", "2026-11-22"), ("x", "2026-11-22"), ("0001-01-01", "2026-01-01"), ("2026-11-23", "9999-12-31")],
)
def test_days_that_make_no_period_are_refused(first: str, last: str) -> None:
    assert between(first, last, BRUSSELS) is None


def test_that_monday_is_a_monday() -> None:
    assert THAT_MONDAY.begin <= MONDAY < THAT_MONDAY.end
