"""Administrators keep people and their rights; nobody else sees or changes them."""

from dataclasses import replace

import lxml.html
import pytest
from flask import Flask

from contact_hub.administration import Administration
from contact_hub.agents import Agent
from contact_hub.database import Session, now
from contact_hub.mailboxes import Mailbox
from contact_hub.passwords import SignInLink
from contact_hub.tickets import Ticket
from tests import builders
from tests.builders import PASSWORD
from tests.web.conftest import Desk, SignIn

PAGES = (
    *("/admin/people", "/admin/people/new", "/admin/people/1", "/admin/channels", "/admin/changes"),
    *("/admin/queues", "/admin/queues/new", "/admin/queues/wegen", "/admin/calendars/new", "/admin/calendars/office"),
)


@pytest.fixture
def lies(sign_in: SignIn) -> Desk:
    return sign_in("administrator", name="Lies Adams")


def agent(name: str) -> Agent:
    with Session() as session:
        return session.query(Agent).filter_by(name=name).one()


@pytest.mark.either_database
def test_the_menus_name_the_page_one_is_on_and_the_one_above_it(lies: Desk) -> None:
    for path, entry in (("/admin/people/1", "people"), ("/admin/queues/wegen", "page"), ("/admin/calendars/office", "page")):
        page = lxml.html.fromstring(lies.page(path))
        assert [each.get("id", "").rpartition("-")[2] for each in page.xpath("//nav//a[@aria-current]")] == ["people", entry]


@pytest.mark.either_database
@pytest.mark.parametrize("role", ["agent", "back_office", "supervisor"])
def test_only_administrators_are_let_in(sign_in: SignIn, role: str) -> None:
    desk = sign_in(role)
    assert [desk.get(page).status_code for page in PAGES] == [403] * len(PAGES)
    assert desk.post("/admin/people", email="x@y.example", name="X", role="administrator").status_code == 403
    assert desk.post("/admin/people/1/close").status_code == 403
    assert "/admin/people" not in desk.page("/desk/inbox")


@pytest.mark.either_database
def test_every_page_of_an_administrator_is_there(lies: Desk) -> None:
    for page in PAGES:
        assert "Lies Adams" in lies.page(page)
    assert "Reception" in lies.page("/admin/queues")
    assert "09:00 – 12:00, 13:00 – 17:00" in lies.page("/admin/queues")


def test_somebody_new_gets_queues_and_a_link(lies: Desk, app: object) -> None:
    lies.post("/admin/people", email="Els@Lindervelde.example", name="Els Wouters", role="agent", queue="wegen")

    els = agent("Els Wouters")
    assert (els.email, els.role, els.queue_ids) == ("els@lindervelde.example", "agent", frozenset({"wegen"}))
    with Session() as session:
        assert session.query(SignInLink).one().purpose == "invite"
    assert "account made" in lies.page("/admin/changes")


@pytest.mark.either_database
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"email": "nobody"}, "This is no mail address."),
        ({"name": " "}, "Write the name of this person."),
        ({"role": "king"}, "Choose a role from the list."),
        ({"email": "TAKEN"}, "Somebody has an account with this address already."),
    ],
)
def test_what_will_not_do_is_said_and_nothing_is_lost(lies: Desk, given: dict[str, str], said: str) -> None:
    assert lies.agent
    form = {"email": "els@lindervelde.example", "name": "Els Wouters", "role": "agent"} | given
    form["email"] = form["email"].replace("TAKEN", lies.agent.email)
    answer = lies.post("/admin/people", **form)

    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{form["email"]}"' in answer.text
    with Session() as session:
        assert session.query(Agent).count() == 1


def test_a_change_counts_at_once_and_is_recorded(lies: Desk, reception: Desk) -> None:
    assert reception.agent
    lies.post(f"/admin/people/{reception.agent.id}", name="Anna Claes", role="back_office", queue="wegen")

    assert agent("Anna Claes").queue_ids == frozenset({"wegen"})
    reception.post("/sign-in", email=reception.agent.email, password=PASSWORD)
    assert "Reception" not in reception.page("/desk/inbox").split('id="rail-body"')[1].split("</nav>")[0]
    with Session() as session:
        [change] = session.query(Administration)
        assert change.data == {
            "role": {"from": "agent", "to": "back_office"},
            "queues": {"from": ["onthaal"], "to": ["wegen"]},
        }
    told = lies.page("/admin/changes")
    assert "<del>Contact centre</del> → <ins>Back office</ins>" in told
    assert "<del>Reception</del> → <ins>Roads</ins>" in told


def test_another_address_is_recorded_and_links_to_the_old_one_are_no_longer_good(lies: Desk, reception: Desk) -> None:
    assert reception.agent
    path, old = f"/admin/people/{reception.agent.id}", reception.agent.email
    lies.post(f"{path}/link")
    form = {"name": "Anna Claes", "role": "agent", "queue": "onthaal"}
    assert lies.agent
    assert lies.post(path, **form, email=lies.agent.email).status_code == 422

    lies.post(path, **form, email="Anna.Peeters@Lindervelde.example")

    assert agent("Anna Claes").email == "anna.peeters@lindervelde.example"
    with Session() as session:
        assert not session.query(SignInLink).one().is_good
    assert f"<del>{old}</del> → <ins>anna.peeters@lindervelde.example</ins>" in lies.page("/admin/changes")
    assert 'id="admin-counts-page" aria-current="true"' in lies.page("/counts")


def test_who_gets_another_role_signs_in_anew(lies: Desk, reception: Desk) -> None:
    assert reception.agent
    path = f"/admin/people/{reception.agent.id}"
    lies.post(path, name="Anna Claes", role="agent", queue="wegen")
    assert reception.client.get("/desk/inbox").status_code == 200

    lies.post(path, name="Anna Claes", role="supervisor", queue="wegen")

    assert reception.client.get("/desk/inbox").status_code == 302


def test_a_closed_account_is_out_at_once_and_its_tickets_are_free(lies: Desk, reception: Desk) -> None:
    with Session.begin() as session:
        reference = builders.a_ticket(session).reference
    reception.post(f"/tickets/{reference}/claim")
    assert reception.agent

    lies.post(f"/admin/people/{reception.agent.id}/close")

    assert reception.client.get("/desk/inbox").status_code == 302
    assert reception.post("/sign-in", email=reception.agent.email, password=PASSWORD).status_code == 422
    with Session() as session:
        assert session.query(Ticket).one().owner_id is None
    lies.post(f"/admin/people/{reception.agent.id}/open")
    assert reception.post("/sign-in", email=reception.agent.email, password=PASSWORD).status_code == 303


def test_nobody_locks_the_door_from_inside(lies: Desk) -> None:
    assert lies.agent
    closed = lies.post(f"/admin/people/{lies.agent.id}/close")
    lowered = lies.post(f"/admin/people/{lies.agent.id}", name="Lies Adams", role="agent")

    assert (closed.status_code, lowered.status_code) == (409, 422)
    assert "Ask another administrator." in closed.text
    assert "Ask another administrator." in lowered.text
    assert (agent("Lies Adams").active, agent("Lies Adams").role) == (True, "administrator")


def test_who_is_locked_out_is_let_try_again(lies: Desk, reception: Desk, visitor: Desk) -> None:
    assert reception.agent
    for _try in range(5):
        visitor.post("/sign-in", email=reception.agent.email, password="wrong")
    assert visitor.post("/sign-in", email=reception.agent.email, password=PASSWORD).status_code == 429

    lies.post(f"/admin/people/{reception.agent.id}/unlock")

    assert visitor.post("/sign-in", email=reception.agent.email, password=PASSWORD).status_code == 303


@pytest.mark.either_database
def test_the_channels_are_shown_without_their_secrets(app: Flask, sign_in: SignIn) -> None:
    url = "smtps://hub:geheim@mail.lindervelde.example?from=wegen@lindervelde.example&queues=wegen"
    app.config["HUB"] = replace(app.config["HUB"], smtp_url=url, mail_from="Lindervelde <info@lindervelde.example>")
    with Session.begin() as session:
        session.add(Mailbox(name="info@lindervelde.example/INBOX", trouble="login", trouble_since=now()))
    page = sign_in("administrator").page("/admin/channels")
    assert "mail.lindervelde.example" in page
    assert "info@lindervelde.example/INBOX" in page
    assert "In trouble" in page
    assert "Report something in the street" in page
    assert 'built/chat.js" data-language' in page  # no mark by which browsers would keep it past the next release
    assert "geheim" not in page
