"""What pages, files and the interface show of a ticket that the first line handed over to those who keep it to themselves."""

import pytest
from flask import Flask
from sqlalchemy import select

from contact_hub import live
from contact_hub.contact import Attachment
from contact_hub.database import Session
from contact_hub.messages import Message, StoredAttachment
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket

FILE = Attachment("brief.txt", "text/plain", b"het begin")


@pytest.fixture
def reference(app: Flask) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, subject="Een zaak", message="Het begin", attachments=(FILE,)).reference


@pytest.fixture
def handed_over(reception: Desk, reference: str) -> str:
    """To the ombudsman, who noted something and got another file since."""
    form = {"queue": "ombuds", "reason": "voor de ombudsman", "promise": "u hoort van hen"}
    assert reception.post(f"/tickets/{reference}/hand-overs", **form).status_code == 303
    with live.change() as session:
        member = builders.an_agent(session, "back_office", "ombuds", name="Olga Bal")
        ticket = the_ticket(session, reference)
        file = session.scalars(select(StoredAttachment)).one()
        later = StoredAttachment(name="later.txt", content_type="text/plain", size=file.size, sha256=file.sha256)
        ticket.remark(
            Message(kind="note", channel="email", text="Vertrouwelijk", author_id=member.id, attachments=[later]), by=member
        )
        ticket.subject = "Een zaak van de ombudsman"
    return reference


def test_the_first_line_reads_its_own_part_and_how_it_stands(reception: Desk, handed_over: str) -> None:
    page = reception.page(f"/tickets/{handed_over}")

    assert "Het begin" in page
    assert "voor de ombudsman" in page
    for hidden in ("Vertrouwelijk", "Een zaak van de ombudsman", "Olga Bal", "later.txt", "/answers"):
        assert hidden not in page


def test_files_and_mails_of_its_part_are_there_and_no_others(reception: Desk, handed_over: str) -> None:
    with Session.begin() as session:
        files = {each.name: each.id for each in session.scalars(select(StoredAttachment))}
        mail = session.scalars(select(Message.id).where(Message.kind == "said")).one()
    path = f"/tickets/{handed_over}"

    assert reception.get(f"{path}/attachments/{files['brief.txt']}").status_code == 200
    assert reception.get(f"{path}/mails/{mail}").status_code == 200
    for hidden in ("", "/pages", "/pages/1"):
        assert reception.get(f"{path}/attachments/{files['later.txt']}{hidden}").status_code == 404


def test_nothing_can_be_done_with_a_part(reception: Desk, handed_over: str) -> None:
    path = f"/tickets/{handed_over}"
    for verb in ("claim", "notes", "answers", "links", "person"):
        assert reception.post(f"{path}/{verb}", text="x", other="x").status_code == 403, verb
    assert reception.put(f"{path}/unsent/notes", text="x").status_code == 403
    assert reception.get(f"{path}/why").status_code == 403


def test_the_interface_tells_the_part_alone(reception: Desk, handed_over: str) -> None:
    told = reception.get(f"/api/v1/tickets/{handed_over}").json
    said = reception.get(f"/api/v1/tickets/{handed_over}/conversation").json

    assert told == {"reference": handed_over, "status": "new", "queue": "", "whole": False}
    assert [each["text"] for each in said["messages"] if each["kind"] != "receipt"] == ["Het begin"]
    assert [each["kind"] for each in said["events"]] == ["routed", "handed_over"]


def test_no_words_find_it_and_its_reference_does(reception: Desk, handed_over: str) -> None:
    for words in ("zaak", "Vertrouwelijk", "begin"):
        assert handed_over not in reception.page(f"/desk/search?q={words}")
    assert "Het begin" in reception.page(f"/desk/search?q={handed_over}")


@pytest.mark.parametrize("whose", ["reception", "roads"])
def test_my_hand_overs_say_of_it_how_it_stands_and_no_more(
    whose: str, reception: Desk, handed_over: str, sign_in: SignIn
) -> None:
    desk = reception
    if whose == "roads":
        desk = sign_in("back_office", "wegen", name="Bert Maes")
        with Session.begin() as session:
            handed_over = builders.a_ticket(session, subject="Een zaak van wegen", message="pothole").reference
        desk.post(f"/tickets/{handed_over}/hand-overs", queue="ombuds", reason="voor hen", promise="u hoort van hen")
    listed, page = desk.page("/desk/inbox?view=handed"), desk.page(f"/tickets/{handed_over}")

    assert handed_over in listed
    assert "New" in listed
    for hidden in ("Een zaak", "Ombudsman", "Roos Peeters"):
        assert hidden not in listed
    assert "Ombudsman" not in page.replace("handed it over to Ombudsman", "")
    assert f'name="ticket" value="{handed_over}"' not in listed


def test_history_names_no_ticket_that_is_out_of_sight(reception: Desk, reference: str, sign_in: SignIn) -> None:
    with Session.begin() as session:
        hidden, seen = (builders.a_ticket(session, message=word).reference for word in ("ombudsman", "boom"))
    both = sign_in("agent", "onthaal", "ombuds")
    both.post(f"/tickets/{reference}/links", other=hidden)
    both.post(f"/tickets/{reference}/links", other=seen)

    page = reception.page(f"/tickets/{reference}")
    told = reception.get(f"/api/v1/tickets/{reference}/conversation").text
    assert hidden in both.page(f"/tickets/{reference}")
    assert f"linked it with {seen}" in page
    assert "linked it with another ticket" in page
    assert hidden not in page
    assert seen in told
    assert hidden not in told


def test_a_ticket_that_went_on_out_of_sight_does_not_say_where(reception: Desk, reference: str, sign_in: SignIn) -> None:
    with Session.begin() as session:
        hidden = builders.a_ticket(session, message="ombudsman").reference
    both = sign_in("agent", "onthaal", "ombuds")
    both.post(f"/tickets/{reference}/merging", other=hidden, sure="yes")
    assert hidden in both.page(f"/tickets/{reference}")

    assert hidden not in reception.page(f"/tickets/{reference}")
    assert reception.post(f"/tickets/{reference}/parting").status_code == 409
    with Session.begin() as session:
        onward = builders.a_ticket(session, message="boom").reference
    answer = reception.post(f"/tickets/{onward}/merging", other=reference)
    assert answer.status_code == 409
    assert hidden not in answer.text
