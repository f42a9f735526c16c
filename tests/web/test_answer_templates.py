"""Templates of answers: kept by supervisors, filled in from the ticket, and never sent with a blank."""

import re

import pytest

from contact_hub.database import Session
from contact_hub.messages import Message
from tests import builders
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database

TEXT = "Dag {{name}}, je melding {{reference}} over de {{?straat}} staat bij {{queue}}. {{agent}}, {{municipality}}"


@pytest.fixture
def reference(app: object) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, sender_name="Roos Peeters").reference


def kept(sign_in: SignIn, **form: str) -> Desk:
    sofie = sign_in("supervisor", name="Sofie Maes")
    answer = sofie.post("/templates", **{"name": "Melding", "text-nl": TEXT, "text-fr": "Bonjour {{name}}"} | form)
    assert answer.status_code == 303, answer.text
    return sofie


def box_of(page: str) -> str:
    found = re.search(r'<textarea id="answer-text"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1]


def test_a_template_is_filled_in_from_the_ticket_behind_what_was_typed(
    reception: Desk, reference: str, sign_in: SignIn
) -> None:
    kept(sign_in)
    page = reception.post(f"/tickets/{reference}/template", template="1", language="nl", text="Eerst dit.").text

    assert box_of(page) == (
        f"Eerst dit.\n\nDag Roos Peeters, je melding {reference} over de [[straat]] staat bij Onthaal. Anna Claes, Lindervelde"
    )


def test_a_letter_that_was_begun_stays_a_letter(reception: Desk, reference: str, sign_in: SignIn) -> None:
    kept(sign_in)
    begun = box_of(reception.post(f"/tickets/{reference}/letter", letter="answer", language="fr", text="").text)
    page = reception.post(f"/tickets/{reference}/template", template="1", letter="answer", language="fr", text=begun).text

    assert re.match(r"Bonjour.*Bonjour Roos Peeters.*Anna Claes", box_of(page), re.DOTALL)


def test_no_answer_leaves_with_a_blank(reception: Desk, reference: str) -> None:
    held = reception.post(f"/tickets/{reference}/answers", text="Over de [[straat]].")

    assert held.status_code == 409
    assert "Fill in “straat” first" in held.text
    assert "Over de [[straat]]." in box_of(held.text)
    with Session() as session:
        assert session.query(Message).filter_by(kind="answer").count() == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Give the template a name."),
        ({"text-nl": "", "text-fr": ""}, "Write its text in at least one language."),
        ({"text-nl": "een\n{{moon}}"}, "Line 2: nobody knows “moon”."),
        ({"queue": "moon"}, "Choose the queue"),
    ],
)
def test_what_will_not_do_is_said_and_what_was_typed_stays(sign_in: SignIn, wrong: dict[str, str], said: str) -> None:
    sofie = sign_in("supervisor")
    answer = sofie.post("/templates", **{"name": "Melding", "text-nl": TEXT, "text-fr": "Bonjour"} | wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert "No templates yet" in sofie.page("/templates")


def test_a_template_of_another_queue_or_a_retired_one_is_not_offered(reception: Desk, reference: str, sign_in: SignIn) -> None:
    sofie = kept(sign_in, queue="wegen")
    assert "Melding" not in reception.page(f"/tickets/{reference}")
    assert reception.post(f"/tickets/{reference}/template", template="1", text="x").status_code == 409
    sofie.post("/templates/1", **{"name": "Melding", "text-nl": TEXT})
    assert "Melding" in reception.page(f"/tickets/{reference}")
    sofie.post("/templates/1", do="retire")
    assert "Melding" not in reception.page(f"/tickets/{reference}")


def test_agents_only_use_them(reception: Desk) -> None:
    assert reception.get("/templates").status_code == 403
    assert reception.post("/templates", name="x").status_code == 403
