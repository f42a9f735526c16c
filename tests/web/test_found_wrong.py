"""“This was wrong” at a ticket counts against the rule in its edition, where supervisors see it, until it is taken back."""

from contact_hub.database import Session
from contact_hub.wrong_decisions import WrongDecision
from tests import builders
from tests.web.conftest import Desk, SignIn


def pothole() -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, message="Een pothole").reference


def test_it_counts_once_against_the_rule_and_its_edition(reception: Desk, sign_in: SignIn) -> None:
    reference = pothole()
    assert "This was wrong" in reception.page(f"/tickets/{reference}")

    assert reception.post(f"/tickets/{reference}/found-wrong").status_code == 303

    page = reception.page(f"/tickets/{reference}")
    assert "Anna Claes said that this was wrong" in page
    assert "Anna Claes found that the rule potholes was wrong here" in page
    again = sign_in("agent", name="Bram Maes").post(f"/tickets/{reference}/found-wrong")
    assert again.status_code == 409
    assert "it counts once" in again.text
    with Session() as session:
        said = session.query(WrongDecision).one()
        assert (said.rule, said.edition_id) == ("potholes", 1)


def test_the_history_calls_the_rule_by_its_name(reception: Desk) -> None:
    named = builders.RULES.replace("{id: potholes,", '{id: potholes, name: "Putten in de weg",')
    with Session.begin() as session:
        builders.publish_rules(session, named)
    reference = pothole()
    reception.post(f"/tickets/{reference}/found-wrong")
    assert "Anna Claes found that the rule Putten in de weg was wrong here" in reception.page(f"/tickets/{reference}")


def test_supervisors_see_it_at_the_rule_and_in_the_list(reception: Desk, sign_in: SignIn) -> None:
    references = [pothole() for _ in range(2)]
    for reference in references:
        reception.post(f"/tickets/{reference}/found-wrong")
    sofie = sign_in("supervisor", name="Sofie Janssens")

    rule, rules = sofie.page("/rules/rule/potholes"), sofie.page("/rules")

    assert "Where people found it wrong" in rule
    assert all(reference in rule for reference in references)
    assert "found wrong 2 times" in rules
    assert sofie.client.get("/api/v1/rules/found-wrong").json == [{"rule": "potholes", "edition": 1, "count": 2}]
    assert reception.client.get("/api/v1/rules/found-wrong").status_code == 403


def test_it_can_be_taken_back(reception: Desk, sign_in: SignIn) -> None:
    reference = pothole()
    reception.post(f"/tickets/{reference}/found-wrong")
    assert reception.client.get(f"/api/v1/tickets/{reference}/why").json["found_wrong"][0]["by"] == "Anna Claes"

    assert reception.post(f"/tickets/{reference}/found-right").status_code == 303

    assert "found wrong" not in sign_in("supervisor").page("/rules")
    assert reception.post(f"/tickets/{reference}/found-right").status_code == 409


def test_a_rule_that_did_not_decide_here_is_not_to_blame(reception: Desk) -> None:
    assert reception.post(f"/tickets/{pothole()}/found-wrong", rule="trees").status_code == 409


def test_no_count_tells_of_what_a_supervisor_sees_nothing_of(sign_in: SignIn) -> None:
    reference = pothole()
    member = sign_in("back_office", "wegen")
    member.post(f"/tickets/{reference}/found-wrong")
    assert "Where people found it wrong" not in sign_in("administrator").page("/rules/rule/trees")
