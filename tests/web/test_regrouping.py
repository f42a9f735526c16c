"""What an agent does about messages in the wrong ticket."""

import re

import pytest
from flask import Flask

from contact_hub.arrivals import TakenContact
from contact_hub.database import Session
from contact_hub.messages import Message
from contact_hub.people import Address
from contact_hub.tickets import Ticket
from tests import builders
from tests.application import values
from tests.web.conftest import Desk, SignIn, the_ticket

pytestmark = pytest.mark.either_database


def came_in(sender: str = "roos@example.org", **given: object) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, sender=sender, **given).reference


@pytest.fixture
def doubtful(app: Flask) -> tuple[str, str]:
    """Roos's ticket, and one of a stranger who answers her mail."""
    return came_in(message_id="q@x", subject="De put"), came_in("man@example.net", answers=("q@x",), message="Van de man")


@pytest.fixture
def mixed(app: Flask) -> tuple[str, int]:
    """A ticket with a second message about something else, and the number of that one."""
    reference = came_in(message_id="q@x")
    came_in(answers=("q@x",), message="Er zit een pothole")
    with Session() as session:
        return reference, session.query(Message).filter_by(text="Er zit een pothole").one().id


def test_a_doubtful_ticket_says_where_it_may_belong_and_is_joined(reception: Desk, doubtful: tuple[str, str]) -> None:
    ticket, doubt = doubtful
    assert f"{ticket} De put" in reception.page(f"/tickets/{doubt}")

    assert reception.post(f"/tickets/{doubt}/joining").location == f"/tickets/{ticket}"

    page = reception.page(f"/tickets/{ticket}")
    assert "Van de man" in page
    assert f"Anna Claes took in what was said in {doubt}" in page
    assert f'id="joined">{ticket}' in reception.page(f"/tickets/{doubt}")


def test_a_doubtful_ticket_may_stay_apart(reception: Desk, doubtful: tuple[str, str]) -> None:
    ticket, doubt = doubtful
    reception.post(f"/tickets/{doubt}/keeping-apart")

    page = reception.page(f"/tickets/{doubt}")
    assert 'id="perhaps"' not in page
    assert f"does not belong to {ticket}" in page
    assert reception.post(f"/tickets/{doubt}/joining").status_code == 409


def test_who_may_not_see_the_other_ticket_learns_nothing_of_it(reception: Desk, app: Flask) -> None:
    ticket = came_in(message_id="q@x", message="ombudsman", subject="Geheim")
    doubt = came_in("man@example.net", answers=("q@x",))

    page = reception.page(f"/tickets/{doubt}")

    assert ticket not in page
    assert "Geheim" not in page
    assert reception.post(f"/tickets/{doubt}/joining").status_code == 409


def test_a_message_is_taken_out_of_the_ticket(reception: Desk, mixed: tuple[str, int]) -> None:
    reference, number = mixed
    assert f"not-this-{number}" in reception.page(f"/tickets/{reference}")

    reception.post(f"/tickets/{reference}/splits", **{f"message-{number}": "on"})

    page = reception.page(f"/tickets/{reference}")
    with Session() as session:
        new = session.query(Ticket).filter(Ticket.split_from_id.is_not(None)).one()
    assert new.queue_id == "wegen"
    assert f'id="related-{new.reference}"' in page
    assert "not-this-" not in page
    assert f'id="related-{reference}"' in reception.page(f"/tickets/{new.reference}")


def test_several_messages_are_split_off_and_stay_in_the_queue(reception: Desk, mixed: tuple[str, int]) -> None:
    reference, number = mixed
    reception.post(f"/tickets/{reference}/splits", where="stay", **{f"message-{number}": "on"})
    with Session() as session:
        assert session.query(Ticket).filter(Ticket.split_from_id.is_not(None)).one().queue_id == "onthaal"


@pytest.mark.parametrize("form", [{}, {"message-x": "on"}, {"message-99999999999999999999": "on"}])
def test_a_split_of_nothing_is_refused_in_words(reception: Desk, mixed: tuple[str, int], form: dict[str, str]) -> None:
    answer = reception.post(f"/tickets/{mixed[0]}/splits", **form)
    assert answer.status_code == 409
    assert "Choose at least one message of the citizen" in answer.text


def test_the_citizen_in_a_mail_passed_on_is_offered_and_answered(reception: Desk, app: Flask) -> None:
    reference = came_in("schepen@lindervelde.example", forwarded_from="roos@example.org", forwarded_name="Roos Peeters")
    assert "The citizen is Roos Peeters" in reception.page(f"/tickets/{reference}")

    reception.post(f"/tickets/{reference}/citizen", address="roos@example.org", name="Roos Peeters")

    page = reception.page(f"/tickets/{reference}")
    assert "by mail to roos@example.org" in page
    assert "Answers go to roos@example.org." in page
    with Session() as session:
        person = the_ticket(session, reference).person_id
        assert session.query(Address).filter_by(person_id=person, value="roos@example.org").count() == 1
    assert reception.post(f"/tickets/{reference}/citizen", address="nowhere").status_code == 409


def test_who_does_not_see_a_ticket_changes_nothing_in_it(sign_in: SignIn, mixed: tuple[str, int]) -> None:
    reference, number = mixed
    answer = sign_in("back_office", "groen").post(f"/tickets/{reference}/splits", **{f"message-{number}": "on"})
    assert answer.status_code == 404


def test_a_mail_that_came_back_shows_on_the_ticket_and_in_the_list(reception: Desk, app: Flask) -> None:
    reference = came_in()
    with Session() as session:
        receipt = session.query(Message).filter_by(kind="receipt").one().message_id or ""
    came_in("", answers=(receipt,), automatic="bounce", failure="5.1.1 no such user")

    page = reception.page(f"/tickets/{reference}")
    assert "The citizen did not get our mail" in page
    assert "5.1.1 no such user" in page
    assert "Not delivered" in reception.page("/desk?queue=onthaal")


def test_a_ticket_is_linked_merged_and_parted_by_its_reference(reception: Desk, app: Flask) -> None:
    here, there = came_in(subject="Een lamp"), came_in("jan@example.org", subject="Dezelfde lamp", message="Nog stuk")

    reception.post(f"/tickets/{there}/links", other=here.lower())
    assert "Linked with" in reception.page(f"/tickets/{here}")
    reception.post(f"/tickets/{here}/unlinking", other=there)
    assert "Linked with" not in reception.page(f"/tickets/{here}")

    assert reception.post(f"/tickets/{there}/merging", other=here, sure="yes").location == f"/tickets/{here}"
    page = reception.page(f"/tickets/{here}")
    assert "Nog stuk" in page
    assert page.count(f'action="/tickets/{there}/parting"') == 2, "where it was said that it was done, and beside the ticket"
    reception.post(f"/tickets/{there}/parting")
    assert "Nog stuk" in reception.page(f"/tickets/{there}")
    assert "Nog stuk" not in reception.page(f"/tickets/{here}")


def test_before_it_is_merged_into_another_a_ticket_shows_which_and_of_whom(reception: Desk, app: Flask) -> None:
    here, hers = came_in(subject="Een lamp"), came_in(subject="Dezelfde lamp")
    his = came_in("jan@example.org", sender_name="Jan Claes", subject="Een put", message="pothole")

    field = re.search(r'<input id="together-other"[^>]*>', reception.page(f"/tickets/{here}"))
    assert field
    assert here not in field[0].replace(f"/tickets/{here}/", ""), "no ticket goes with itself"
    shown = reception.page(f"/tickets/{here}/together?other={hers.lower()}")
    assert "Dezelfde lamp" in shown
    assert "Two persons" not in shown
    shown = reception.page(f"/tickets/{here}/together?other={his}")
    assert "Two persons: Roos Peeters here, Jan Claes there" in shown
    assert "Roads" in shown

    refused = reception.post(f"/tickets/{here}/merging", other=his)
    assert refused.status_code == 409
    assert "of another person" in refused.text
    assert 'id="together-sure"' in refused.text
    assert reception.post(f"/tickets/{here}/merging", other=hers).status_code == 303
    assert "Dezelfde lamp" in reception.page(f"/tickets/{his}/together?other={here}"), "where it went on itself"


@pytest.mark.parametrize("typed", ["", "26-0", "x"])
def test_a_reference_half_typed_is_not_called_wrong(reception: Desk, reference: str, typed: str) -> None:
    assert "no such ticket" not in reception.page(f"/tickets/{reference}/together?other={typed}")


@pytest.mark.parametrize("verb", ["links", "merging"])
def test_nothing_is_tied_to_a_ticket_out_of_sight(reception: Desk, app: Flask, verb: str) -> None:
    here, secret = came_in(), came_in(message="ombudsman")
    for other in (secret, "26-999999-X", ""):
        answer = reception.post(f"/tickets/{here}/{verb}", other=other)
        assert answer.status_code == 409
        assert "none that you see" in answer.text


def test_nothing_is_taken_back_from_a_ticket_out_of_sight(reception: Desk, app: Flask) -> None:
    first, second, last = came_in(), came_in(), came_in()
    reception.post(f"/tickets/{first}/merging", other=second)
    reception.post(f"/tickets/{second}/merging", other=last)
    with Session.begin() as session:
        the_ticket(session, last).queue_id = "ombuds"

    assert reception.post(f"/tickets/{first}/parting").status_code == 409
    with Session() as session:
        assert the_ticket(session, first).joined_id is not None


def test_the_person_is_put_right_on_the_page(reception: Desk, app: Flask) -> None:
    reference = came_in()
    reception.post(f"/tickets/{reference}/person", name="Roos Claes", phone="0471 23 45 67", language="fr", door="phone")

    page = reception.page(f"/tickets/{reference}")
    assert "Roos Claes" in page
    assert "+32471234567" in page
    assert "<dd>Phone</dd>" in page
    refused = reception.post(f"/tickets/{reference}/person", name="Roos Claes", phone="12")
    assert refused.status_code == 409
    assert "This is no telephone number" in refused.text


def test_what_was_typed_of_a_person_stands_in_the_form_when_it_is_refused(reception: Desk, app: Flask) -> None:
    reference = came_in()
    action = f"/tickets/{reference}/person"
    reception.post(action, name="Roos Claes", language="fr", door="phone", on_behalf_of="Een buur")
    typed = {"name": "", "mail": "", "phone": "12", "language": "de", "door": "", "on_behalf_of": "De school"}
    opened = values(reception.page(f"/tickets/{reference}"), action)

    refused = reception.post(action, **typed).text

    assert opened.items() >= {"language": "fr", "door": "phone", "on_behalf_of": "Een buur"}.items()
    assert values(refused, action).items() >= typed.items()
    assert f'action="{action}" data-draft="person" data-typed' in refused


def test_a_namesake_is_offered_as_the_same_only_to_who_may_know_of_them(reception: Desk, app: Flask) -> None:
    reference = came_in()
    came_in("secret@example.org", message="ombudsman")
    assert "Perhaps the same person" not in reception.page(f"/tickets/{reference}")
    with Session() as session:
        secret = session.query(Address).filter_by(value="secret@example.org").one().person_id
    assert reception.post(f"/tickets/{reference}/same-person", person=f"{secret}").status_code == 409

    came_in("0471234567", channel="phone")
    assert "Perhaps the same person" in reception.page(f"/tickets/{reference}")


def test_who_asks_how_it_stands_is_offered_their_open_ticket_and_counts_as_chasing(reception: Desk) -> None:
    with Session.begin() as session:
        ticket = builders.a_ticket(session, sender="roos@example.org", subject="pothole").reference
        builders.a_ticket(session, sender="jan@example.org")
        text = "Beste, ik heb nog geen antwoord gekregen op mijn melding van vorige week. Wanneer komt iemand kijken?"
        chasing = builders.a_ticket(session, sender="roos@example.org", subject="Putje", message=text).reference
        other = builders.a_ticket(session, sender="roos@example.org", subject="Nog iets", message="Een andere vraag.").reference
    page = reception.page(f"/tickets/{chasing}")
    assert (f'id="perhaps-ticket">{ticket}' in page, '"chasing" selected' in page) == (True, True)
    assert 'id="perhaps"' not in reception.page(f"/tickets/{other}")

    assert reception.post(f"/tickets/{chasing}/joining", reason="chasing").location == f"/tickets/{ticket}"

    with Session() as session:
        assert [each.reason for each in session.query(TakenContact).order_by(TakenContact.id)] == ["", "", "chasing", ""]


def test_who_asks_how_it_stands_is_offered_a_ticket_that_the_same_people_read(reception: Desk, app: Flask) -> None:
    plain, secret = came_in(), came_in(message="ombudsman")

    asks = came_in(message="Waar blijft mijn aanvraag?")
    asks_there = came_in(message="Waar blijft mijn aanvraag bij de ombudsman?")

    assert f'href="/tickets/{plain}" id="perhaps-ticket"' in reception.page(f"/tickets/{asks}")
    with Session() as session:
        perhaps = the_ticket(session, asks_there).perhaps
        assert perhaps
        assert perhaps.reference == secret
