"""A hand-over is accepted, or it goes back where people see it."""

from datetime import timedelta

import pytest
from flask import Flask

from contact_hub import acceptance, live
from contact_hub.database import Session, now
from contact_hub.refused import Refused
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket


@pytest.fixture
def handed_over(reception: Desk, reference: str) -> str:
    """A ticket of the reception that waits at the roads to be accepted."""
    reception.post(f"/tickets/{reference}/hand-overs", queue="wegen", reason="Voor de ploeg", promise="deze week")
    return reference


def time_passes(reference: str) -> int:
    """The working day is over; how many tickets went back."""
    with Session.begin() as session:
        the_ticket(session, reference).segment.accept_by = now() - timedelta(minutes=1)
    with live.change() as session:
        return acceptance.return_overdue(session)


def test_a_hand_over_says_until_when_to_accept_it(handed_over: str, sign_in: SignIn) -> None:
    with Session() as session:
        accept_by = the_ticket(session, handed_over).segment.accept_by
    assert accept_by is not None
    assert timedelta() < accept_by - now() < timedelta(days=16)  # a working day, over whatever holidays there are
    roads = sign_in("back_office", "wegen")
    page = roads.page(f"/tickets/{handed_over}")
    assert "to accept by" in page
    why = page[page.index("<h2>Why here?</h2>") :]
    assert why.index("Anna Claes handed it over to Roads") < why.index("Voor de ploeg") < why.index("Before that, by the rules")
    roads.post(f"/tickets/{handed_over}/claim")
    assert "to accept by" not in roads.page(f"/tickets/{handed_over}")


def test_what_nobody_accepts_goes_back_and_is_seen(handed_over: str, reception: Desk, news: live.Silence) -> None:
    assert time_passes(handed_over) == 1
    with Session() as session:
        ticket = the_ticket(session, handed_over)
        assert (ticket.queue_id, ticket.segment.why, ticket.segment.by_id, ticket.unread) == ("onthaal", "returned", None, True)
    page = reception.page(f"/tickets/{handed_over}")
    assert "It went back to Reception" in page
    assert "nobody accepted it in time" in page
    assert "Nobody accepted it in time" in page
    assert "Not accepted" in reception.page("/desk/inbox")
    assert {"returned", "left"} <= {each["kind"] for each in news.told}
    assert time_passes(handed_over) == 0


def test_what_nobody_accepts_goes_to_the_first_line_whoever_handed_it_on(handed_over: str, sign_in: SignIn) -> None:
    sign_in("back_office", "wegen").post(
        f"/tickets/{handed_over}/hand-overs", queue="groen", reason="Een boom", promise="morgen"
    )

    assert time_passes(handed_over) == 1
    with Session.begin() as session:
        ticket = the_ticket(session, handed_over)
        assert (ticket.queue_id, ticket.segment.promise) == ("onthaal", "morgen")
        with pytest.raises(Refused, match="nowhere_to_return"):
            ticket.send_back(by=builders.an_agent(session), because="waarheen?")


def test_what_no_first_line_had_goes_back_to_who_handed_it_over(app: Flask, sign_in: SignIn) -> None:
    with Session.begin() as session:
        reference = builders.a_ticket(session, message="pothole").reference
    sign_in("back_office", "wegen").post(f"/tickets/{reference}/hand-overs", queue="groen", reason="Een boom", promise="morgen")

    assert time_passes(reference) == 1
    with Session() as session:
        assert the_ticket(session, reference).queue_id == "wegen"


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("claim", {}),
        ("answers", {"text": "Wij kijken ernaar."}),
        ("waits", {"reason": "een foto"}),
        ("snoozes", {"until": (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")}),
        ("resolution", {"outcome": "resolved_back_office"}),
        ("returns", {"reason": "niet van ons"}),
    ],
)
def test_what_somebody_works_on_stays(handed_over: str, sign_in: SignIn, verb: str, form: dict[str, str]) -> None:
    assert sign_in("back_office", "wegen").post(f"/tickets/{handed_over}/{verb}", **form).status_code < 400
    assert time_passes(handed_over) == 0


def test_what_still_has_time_stays(handed_over: str) -> None:
    with live.change() as session:
        assert acceptance.return_overdue(session) == 0
