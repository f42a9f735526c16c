"""What a person may not see, no page shows."""

import pytest
from flask import Flask

from contact_hub import live, tickets
from contact_hub.contact import Attachment
from contact_hub.database import Session
from contact_hub.messages import StoredAttachment
from tests import builders
from tests.web.conftest import SignIn

SECRET = "Mijn buurman weet van niets"


def a_ticket_about(word: str, **more: object) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, subject=SECRET, message=f"over {word}", **more).reference


def test_a_back_office_member_finds_nothing_of_other_queues(sign_in: SignIn) -> None:
    reference = a_ticket_about("boom")
    desk = sign_in("back_office", "wegen")
    inbox = desk.page("/desk/inbox?view=open")
    assert SECRET not in inbox
    assert "Groendienst" not in inbox
    assert reference not in desk.page("/desk/inbox?queue=groen&view=open")
    assert desk.get(f"/tickets/{reference}").status_code == 404


def test_a_restricted_queue_shows_an_agent_only_how_its_tickets_stand(sign_in: SignIn) -> None:
    reference = a_ticket_about("belasting", sender_name="Wout Maes")
    desk = sign_in("agent", "onthaal")
    assert reference not in desk.page("/desk/inbox?view=open")
    listed = desk.page("/desk/inbox?queue=belastingen&view=open")
    page = desk.page(f"/tickets/{reference}")
    assert reference in listed
    assert reference in page
    for text in (listed, page):
        assert SECRET not in text
        assert "Wout Maes" not in text


def test_a_filter_by_door_tells_nothing_about_a_restricted_queue(sign_in: SignIn) -> None:
    reference = a_ticket_about("belasting")
    desk = sign_in("agent", "onthaal")
    assert reference in desk.page("/desk/inbox?queue=belastingen&view=open&door=phone")


def test_a_confidential_queue_is_not_there_for_an_agent(sign_in: SignIn) -> None:
    reference = a_ticket_about("ombudsman")
    desk = sign_in("agent", "onthaal")
    assert desk.get(f"/tickets/{reference}").status_code == 404
    assert 'id="queue-ombuds"' not in desk.page("/desk/inbox")


def test_nobody_acts_on_a_ticket_out_of_sight(sign_in: SignIn) -> None:
    hidden, stated = a_ticket_about("ombudsman"), a_ticket_about("belasting")
    desk = sign_in("agent", "onthaal")
    assert desk.post(f"/tickets/{hidden}/claim").status_code == 404
    assert desk.post(f"/tickets/{stated}/notes", text="hello").status_code == 403


def test_files_are_only_for_those_who_see_their_ticket(sign_in: SignIn) -> None:
    file = Attachment("brief.pdf", "application/pdf", b"%PDF-1.4 geheim")
    reference = a_ticket_about("boom", attachments=(file,))
    with Session.begin() as session:
        number = session.query(StoredAttachment).one().id
    path = f"/tickets/{reference}/attachments/{number}"
    assert sign_in("back_office", "wegen").get(path).status_code == 404
    answer = sign_in("back_office", "groen").get(path)
    assert answer.data == file.content
    assert answer.headers["Content-Disposition"] == "attachment; filename=brief.pdf"
    assert answer.content_type == "application/octet-stream"


def test_a_file_is_not_reached_through_another_ticket(sign_in: SignIn) -> None:
    a_ticket_about("ombudsman", attachments=(Attachment("a.txt", "text/plain", b"x"),))
    mine = a_ticket_about("niets")
    with Session.begin() as session:
        number = session.query(StoredAttachment).one().id
    assert sign_in("agent", "onthaal").get(f"/tickets/{mine}/attachments/{number}").status_code == 404


def test_a_page_of_script_never_opens_in_the_desk(sign_in: SignIn) -> None:
    evil = Attachment("a.html", "text/html", b"<script>alert(1)</script>")
    reference = a_ticket_about("boom", attachments=(evil,))
    with Session.begin() as session:
        number = session.query(StoredAttachment).one().id
    answer = sign_in("back_office", "groen").get(f"/tickets/{reference}/attachments/{number}?inline")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_other_tickets_of_the_person_stand_beside_the_ticket_only_when_in_sight(sign_in: SignIn) -> None:
    mine = a_ticket_about("niets", sender="roos@example.org")
    seen = a_ticket_about("boom", sender="roos@example.org")
    unseen = a_ticket_about("ombudsman", sender="roos@example.org")
    page = sign_in("agent", "onthaal").page(f"/tickets/{mine}")
    assert seen in page
    assert unseen not in page


ELSEWHERE = {"agent": "onthaal", "back_office": "groen", "supervisor": "onthaal", "administrator": "onthaal"}
DAY = "from=2026-11-23&to=2026-11-23"
PAGES = (
    *(f"/desk/inbox?view={view}" for view in ("team", "mine", "unassigned", "open", "resolved")),
    *(f"/desk/inbox?queue=wegen&view={view}" for view in ("unassigned", "open", "resolved")),
    "/desk/inbox?queue=wegen&door=email",
    f"/figures?{DAY}",
    *(f"/figures/flr/tickets{form}?part=all&{DAY}" for form in ("", ".csv")),
    *(f"/figures/backlog/tickets{form}?{by}" for form in ("", ".csv") for by in ("", "queue=wegen", "door=email", "age=0")),
    "/counts",
    "/rules",
)


@pytest.fixture
def confidential(app: Flask) -> str:
    """A ticket that a rule made confidential, in a queue that is not."""
    with Session.begin() as session:
        given = {"subject": SECRET, "sender_name": "Wout Maes", "sender": "wout@example.org"}
        return builders.a_ticket(session, message="pothole, discreet", **given).reference


@pytest.mark.parametrize("role", ELSEWHERE)
def test_a_confidential_ticket_of_an_open_queue_is_for_its_members_alone(role: str, confidential: str, sign_in: SignIn) -> None:
    with Session.begin() as session:
        beside = builders.a_ticket(session, message="boom", sender="wout@example.org", sender_name="Iemand").reference
    desk, member = sign_in(role, ELSEWHERE[role]), sign_in(role, "wegen", "groen")

    for path in (*PAGES, f"/tickets?reference={confidential}", f"/tickets/{confidential}", f"/tickets/{beside}"):
        text = desk.get(path).text
        assert SECRET not in text, path
        assert confidential not in text or confidential in path or role in ("supervisor", "administrator"), path
        assert "/same-person" not in text, path
    assert desk.post(f"/tickets/{confidential}/claim").status_code in (403, 404)
    assert SECRET in member.page(f"/tickets/{confidential}")
    assert f"/tickets/{beside}/same-person" in member.page(f"/tickets/{beside}")  # who sees both may say it is one citizen
    assert confidential in member.page("/desk/inbox?view=team")


@pytest.mark.parametrize("role", ["agent", "back_office"])
def test_a_confidential_ticket_is_not_there_for_who_may_see_nothing_of_it(
    role: str, confidential: str, sign_in: SignIn
) -> None:
    desk = sign_in(role, ELSEWHERE[role])

    assert desk.get(f"/tickets/{confidential}").status_code == 404
    assert desk.get(f"/tickets?reference={confidential}").status_code == 404
    assert desk.post(f"/tickets/{confidential}/claim").status_code == 404
    assert 'class="count">1<' not in desk.page("/desk/inbox?view=open")


def test_who_may_know_how_a_confidential_ticket_stands_finds_it_among_no_others(confidential: str, sign_in: SignIn) -> None:
    desk = sign_in("supervisor", "onthaal")

    page = desk.page(f"/tickets/{confidential}")
    assert "Roads" in page
    assert confidential not in desk.page("/desk/inbox?queue=wegen&view=open")
    assert 'class="count">1<' not in desk.page("/desk/inbox?view=open")
    assert confidential not in desk.page("/figures/backlog/tickets?queue=wegen")
    assert confidential not in desk.page("/figures/backlog/tickets?door=email")
    assert confidential not in desk.page(f"/figures/flr/tickets?part=all&{DAY}")


def test_a_confidential_ticket_stays_so_wherever_it_is_handed_over(confidential: str, sign_in: SignIn) -> None:
    member = sign_in("agent", "wegen")
    member.post(f"/tickets/{confidential}/hand-overs", queue="groen", reason="theirs", promise="u hoort van ons")

    assert SECRET not in member.page(f"/tickets/{confidential}")
    assert member.post(f"/tickets/{confidential}/claim").status_code == 403
    assert SECRET in sign_in("agent", "groen").page(f"/tickets/{confidential}")


def test_news_of_a_confidential_ticket_is_heard_by_the_members_of_its_queue(confidential: str, sign_in: SignIn) -> None:
    with Session.begin() as session:
        ticket = tickets.find(session, confidential)
        assert ticket is not None
        assert live.rooms(ticket.news("routed")) == [(live.DESK, "confidential:wegen")]
