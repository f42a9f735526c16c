"""What a supervisor reads: figures with their tickets, counts that close, and the rules with their mistakes."""

import csv
import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest

from contact_hub import intake, rules_file
from contact_hub.arrivals import Tally
from contact_hub.database import Session, now
from contact_hub.figures.formulas import BY_ID
from tests.builders import a_contact, a_ticket, an_agent, queue
from tests.web.conftest import Desk, SignIn

PAGES = ("/figures", "/figures/flr/tickets", "/figures/flr/tickets.csv", "/counts", "/set-aside", "/rules", "/rules/editions/1")
THAT_DAY = "from=2026-11-23&to=2026-11-23"


@pytest.fixture
def supervisor(sign_in: SignIn) -> Desk:
    return sign_in("supervisor", name="Sofie Janssens")


def solved(text: str = "openingsuren", sender: str = "roos.peeters@example.org") -> str:
    """The reference of a ticket that the front office solved on the phone."""
    with Session.begin() as session:
        ticket = a_ticket(session, channel="phone", message=text, sender=sender, sender_name="Roos Peeters", subject="Geheim")
        ticket.resolve(by=an_agent(session), outcome="informed_external")
        return ticket.reference


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["agent", "back_office"])
def test_agents_do_not_reach_the_pages_of_supervisors(sign_in: SignIn, page: str, role: str) -> None:
    assert sign_in(role).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_supervisors_and_administrators_do(sign_in: SignIn, page: str, role: str) -> None:
    assert sign_in(role).get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_who_is_not_signed_in_is_asked_to(visitor: Desk, page: str) -> None:
    assert "/sign-in" in visitor.client.get(page).headers["Location"]


def test_each_figure_says_its_formula_its_n_and_leads_to_its_tickets(supervisor: Desk) -> None:
    reference = solved()

    page = supervisor.page(f"/figures?{THAT_DAY}")
    assert [figure.formula for figure in BY_ID.values() if figure.formula not in page] == []
    behind = supervisor.page(f"/figures/flr/tickets?part=counted&{THAT_DAY}")
    assert reference in behind
    assert reference not in supervisor.page(f"/figures/flr/tickets?part=rest&{THAT_DAY}")


def test_a_share_over_few_tickets_is_greyed(supervisor: Desk) -> None:
    solved()

    assert 'class="few"' in supervisor.page(f"/figures?{THAT_DAY}")


@pytest.mark.parametrize("asked", ["days=1", "days=30", "days=x", "from=2026-13-01&to=", "from=2026-11-24&to=2026-11-01", ""])
def test_whatever_period_is_asked_for_a_page_comes(supervisor: Desk, asked: str) -> None:
    assert "backlog@1" in supervisor.page(f"/figures?{asked}")


@pytest.mark.parametrize(
    "path",
    [
        "/figures/nonsense/tickets",
        "/figures/flr/tickets?part=x",
        "/figures/backlog/tickets?age=x",
        "/figures/nonsense/tickets.csv",
    ],
)
def test_a_number_there_is_none_of_is_not_found(supervisor: Desk, path: str) -> None:
    assert supervisor.get(path).status_code == 404


def rows(desk: Desk, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(desk.page(path))))


def test_the_tickets_behind_a_number_are_a_file_without_personal_data(supervisor: Desk) -> None:
    reference = solved()

    text = supervisor.page(f"/figures/flr/tickets.csv?{THAT_DAY}")
    [row] = csv.DictReader(StringIO(text))
    assert (row["reference"], row["queue"], row["door"], row["outcome"]) == (reference, "onthaal", "phone", "informed_external")
    assert not any(word in text for word in ("Roos", "roos", "Geheim", "openingsuren"))


def lying(text: str = "ombudsman") -> str:
    """The reference of an open ticket that came in by phone."""
    with Session.begin() as session:
        return a_ticket(session, channel="phone", message=text).reference


@pytest.mark.parametrize("part", ["counted", "rest", "all"])
@pytest.mark.parametrize("narrowed", ["", "&door=phone", "&queue=ombuds"])
def test_no_figure_tells_what_became_of_a_confidential_ticket(supervisor: Desk, part: str, narrowed: str) -> None:
    reference = solved("ombudsman")
    path = f"part={part}&{THAT_DAY}{narrowed}"

    page = supervisor.page(f"/figures/flr/tickets?{path}")
    assert reference not in page
    assert "counts 0 of 0 tickets" in supervisor.page(f"/figures?{THAT_DAY}")
    assert rows(supervisor, f"/figures/flr/tickets.csv?{path}") == []


@pytest.mark.parametrize("narrowed", ["", "door=phone", "age=0-1", "age=over-10", "part=late", "part=resolved"])
def test_no_number_of_the_backlog_tells_of_a_confidential_ticket(supervisor: Desk, narrowed: str) -> None:
    reference = lying()

    assert reference not in supervisor.page(f"/figures/backlog/tickets?queue=ombuds&{narrowed}")
    assert rows(supervisor, f"/figures/backlog/tickets.csv?queue=ombuds&{narrowed}") == []


def test_the_page_says_that_it_counts_what_one_may_read(supervisor: Desk) -> None:
    lying()
    open_to_all = lying("openingsuren")

    assert 'id="counted-are"' in supervisor.page("/figures")
    assert [row["reference"] for row in rows(supervisor, "/figures/backlog/tickets.csv?door=phone")] == [open_to_all]


def test_who_works_in_the_confidential_queue_gets_its_tickets_listed(sign_in: SignIn) -> None:
    reference = solved("ombudsman")

    page = sign_in("supervisor", "ombuds").page(f"/figures/flr/tickets?part=rest&door=phone&{THAT_DAY}")
    assert reference in page


def test_administrators_get_no_ticket_listed_by_what_became_of_it(sign_in: SignIn) -> None:
    reference = solved()

    assert reference not in sign_in("administrator").page(f"/figures/flr/tickets?{THAT_DAY}")


def links(page: str, begin: str) -> list[str]:
    return [unescape(link) for link in re.findall(rf'href="({re.escape(begin)}[^"]*)"', page)]


def test_each_number_of_a_rule_leads_to_its_tickets(supervisor: Desk) -> None:
    with Session.begin() as session:
        ticket = a_ticket(session, message="pothole")
        ticket.resolve(by=an_agent(session), outcome="resolved_back_office")
        reference = ticket.reference

    found = [link for link in links(supervisor.page(f"/figures?{THAT_DAY}"), "/figures/first_route/") if "rule=" in link]
    assert len(found) == 2
    for link in found:
        page = supervisor.page(link)
        assert reference in page
        assert "potholes" in page
        [row] = rows(supervisor, links(page, "/figures/first_route/tickets.csv")[0])
        assert row["reference"] == reference


def test_each_number_of_the_backlog_leads_to_its_tickets(supervisor: Desk) -> None:
    reference = lying("pothole")

    for narrowed in ("", "&queue=wegen", "&door=phone"):
        found = [
            link for link in links(supervisor.page("/figures"), "/figures/backlog/") if narrowed in link and "age=" in link
        ]
        assert found
        assert all(reference in supervisor.page(link) for link in found)
        assert all(reference in supervisor.page(link.replace("tickets?", "tickets.csv?")) for link in found)


def test_each_figure_says_how_many_of_all_tickets_it_counts_over(supervisor: Desk) -> None:
    solved()
    with Session.begin() as session:
        a_ticket(session, channel="phone")

    page = supervisor.page(f"/figures?{THAT_DAY}")
    assert "counts 2 of 2 tickets" in page
    assert "counts 1 of 2 tickets" in page


def test_a_long_file_holds_every_ticket_once(supervisor: Desk) -> None:
    with Session.begin() as session:
        tickets = intake.take_in(session, [a_contact(channel="phone") for _ in range(501)])
        expected = sorted(each.ticket.reference for each in tickets)

    assert sorted(row["reference"] for row in rows(supervisor, f"/figures/bounce/tickets.csv?part=rest&{THAT_DAY}")) == expected


def test_long_lists_come_page_by_page(supervisor: Desk) -> None:
    with Session.begin() as session:
        intake.take_in(session, [a_contact(channel="phone") for _ in range(51)])

    assert 'id="pager-next"' in supervisor.page(f"/figures/bounce/tickets?part=rest&{THAT_DAY}")


def test_the_backlog_leads_to_its_tickets(supervisor: Desk) -> None:
    with Session.begin() as session:
        reference = a_ticket(session, message="pothole").reference

    assert reference in supervisor.page("/figures/backlog/tickets?part=untouched&queue=wegen")
    assert reference not in supervisor.page("/figures/backlog/tickets?part=untouched&queue=groen")
    [row] = rows(supervisor, "/figures/backlog/tickets.csv?part=open")
    assert row["status"] == "new"


def test_handed_over_tickets_stand_under_the_queue_they_came_in_at(supervisor: Desk) -> None:
    with Session.begin() as session:
        ticket = a_ticket(session, channel="phone")
        ticket.hand_over(to=queue(session, "wegen"), by=an_agent(session), because="a pothole", promise="you hear from us")
        reference = ticket.reference

    assert reference in supervisor.page(f"/figures/transfer/tickets?queue=onthaal&{THAT_DAY}")
    assert reference not in supervisor.page(f"/figures/transfer/tickets?queue=wegen&{THAT_DAY}")


def test_counts_that_close_are_shown_by_door_and_day(supervisor: Desk) -> None:
    intake.receive([a_contact()], channel="email")

    page = supervisor.page("/counts")
    assert "E-mail" in page
    assert "does not close" not in page


def test_counts_that_do_not_close_are_told_on_every_page_of_a_supervisor(supervisor: Desk, sign_in: SignIn) -> None:
    with Session.begin() as session:
        session.add(Tally(channel="email", day=now().date(), offered=3, taken=1, known=1))

    assert "does not close" in supervisor.page("/counts")
    assert "The counts of 1 day do not close" in supervisor.page("/rules")
    assert "do not close" not in sign_in().page("/desk/inbox")


def break_rules(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("format: 1\nqueues: []\nnonsense: yes\n", "utf-8")
    with Session.begin() as session:
        rules_file.follow(session, file)


def test_a_broken_rules_file_is_told_with_what_to_mend(supervisor: Desk, sign_in: SignIn, tmp_path: Path) -> None:
    break_rules(tmp_path)

    page = supervisor.page("/rules")
    assert "The file as it is now cannot be used" in page
    assert "nonsense" in page
    assert "The rules file has" in supervisor.page("/desk/inbox")
    assert "The rules file has" not in sign_in().page("/desk/inbox")


def test_the_rules_are_shown_with_their_edition_author_and_reason(supervisor: Desk) -> None:
    page = supervisor.page("/rules")

    assert "the test needs a desk" in page
    assert "Roads mends them" in page
    assert "Everything else" in page
    assert "5 working days" in page


def test_an_edition_is_shown_as_it_was_published(supervisor: Desk) -> None:
    assert "Ombudsdienst" in supervisor.page("/rules/editions/1")
    assert supervisor.get("/rules/editions/99").status_code == 404


def test_numbers_nobody_can_have_are_not_found(supervisor: Desk) -> None:
    assert supervisor.get("/rules/editions/99999999999999999999").status_code == 404
    assert supervisor.get("/counts?before=2026-99-99").status_code == 200


def test_every_page_stands_in_the_navigation_of_those_whose_work_it_is(supervisor: Desk, sign_in: SignIn) -> None:
    assert all(f'href="{path}"' in supervisor.page("/desk/inbox") for path in ("/figures", "/counts", "/rules"))
    assert 'href="/figures"' not in sign_in().page("/desk/inbox")
