"""What an agent does with a ticket: each verb, and what it refuses in words."""

from datetime import date

import pytest

from contact_hub import live
from contact_hub.database import Session
from contact_hub.history import Cycle, Event, Segment
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from tests import builders
from tests.application import values
from tests.web.conftest import Desk, SignIn, the_ticket

pytestmark = pytest.mark.either_database


def test_taking_a_ticket_makes_it_ones_own_and_tells_the_other_desks(
    reception: Desk, reference: str, news: live.Silence
) -> None:
    assert reception.post(f"/tickets/{reference}/claim").location == f"/tickets/{reference}"
    with Session() as session:
        assert the_ticket(session, reference).owner_id == reception.agent.id
    assert {"ticket": reference, "kind": "claimed", "number": 2, "queues": ["onthaal"]} in news.told


def test_a_colleagues_ticket_cannot_be_taken(reception: Desk, reference: str, sign_in: SignIn) -> None:
    sign_in("agent", "onthaal", name="Bram Maes").post(f"/tickets/{reference}/claim")
    answer = reception.post(f"/tickets/{reference}/claim")
    assert answer.status_code == 409
    assert "Bram Maes is already working on this ticket." in answer.text


def test_a_ticket_given_back_is_nobodys(reception: Desk, reference: str) -> None:
    reception.post(f"/tickets/{reference}/claim")
    reception.post(f"/tickets/{reference}/release")
    with Session() as session:
        assert the_ticket(session, reference).owner_id is None


def test_an_answer_goes_to_the_citizen_and_threads_there(reception: Desk, reference: str, news: live.Silence) -> None:
    reception.post(f"/tickets/{reference}/answers", text="Dat kan morgen.")
    with Session() as session:
        mail = session.query(Outgoing).join(Message).filter(Message.kind == "answer").one()
        assert mail.recipient == "roos@example.org"
        assert mail.subject == f"Re: [{reference}] Een vraag"
        assert mail.answers[-1] == "vraag@example.org"
        assert mail.message.text == "Dat kan morgen."
        assert mail.message.message_id not in mail.answers
    assert "send_outbox" in news.woken


def test_an_answer_may_resolve_in_one_go(reception: Desk, reference: str) -> None:
    reception.post(f"/tickets/{reference}/answers", text="Dat kan.", outcome="resolved_first_line")
    with Session() as session:
        assert the_ticket(session, reference).outcome == "resolved_first_line"


def test_an_answer_whose_outcome_is_refused_is_not_sent_either(reception: Desk, reference: str) -> None:
    answer = reception.post(f"/tickets/{reference}/answers", text="Hier is <b>alles</b>", outcome="nonsense")
    assert answer.status_code == 409
    assert "Hier is &lt;b&gt;alles&lt;/b&gt;" in answer.text
    with Session() as session:
        assert session.query(Message).filter_by(kind="answer").count() == 0


def test_without_an_address_the_page_says_how_to_go_on(sign_in: SignIn) -> None:
    with Session.begin() as session:
        anonymous = builders.a_ticket(session, channel="counter", sender="", message_id="").reference
    desk = sign_in("agent", "onthaal")
    assert "left no address to answer to, and no number" in desk.page(f"/tickets/{anonymous}")
    answer = desk.post(f"/tickets/{anonymous}/answers", text="Een lang antwoord")
    assert answer.status_code == 409
    assert "We know no address" in answer.text
    assert "Een lang antwoord" in answer.text


def test_where_there_is_a_number_the_page_says_which_one_to_call(sign_in: SignIn) -> None:
    with Session.begin() as session:
        caller = builders.a_ticket(session, channel="phone", sender="014 55 66 77", message_id="").reference
    page = sign_in("agent", "onthaal").page(f"/tickets/{caller}")
    assert "Call back on +3214556677" in page
    assert 'href="tel:+3214556677"' in page


def test_a_caller_with_a_known_mail_address_is_answered_by_mail(sign_in: SignIn) -> None:
    with Session.begin() as session:
        called = builders.a_ticket(session, channel="phone", sender="roos@example.org").reference
    sign_in("agent", "onthaal").post(f"/tickets/{called}/answers", text="Zoals beloofd.")
    with Session() as session:
        mail = session.query(Outgoing).join(Message).filter(Message.kind == "answer").one()
    assert mail.recipient == "roos@example.org"


def test_a_note_stays_in_the_house(reception: Desk, reference: str) -> None:
    kept = reception.post(f"/tickets/{reference}/notes", text="Gebeld met Jan.")
    page = reception.page(f"/tickets/{reference}")
    assert "Gebeld met Jan." in page
    assert f'id="{(kept.location or "").split("#")[1]}"' in page, "where one goes on"
    with Session() as session:
        assert session.query(Outgoing).join(Message).filter(Message.kind != "receipt").count() == 0


@pytest.mark.parametrize(("verb", "field"), [("answers", "text"), ("notes", "text"), ("hand-overs", "reason")])
def test_a_text_without_end_is_refused_in_words(reception: Desk, reference: str, verb: str, field: str) -> None:
    refused = reception.post(f"/tickets/{reference}/{verb}", queue="wegen", **{field: "x" * 60_000})
    assert refused.status_code == 409
    assert "This is too long." in refused.text


@pytest.mark.parametrize("verb", ["answers", "notes"])
def test_saying_nothing_is_refused(reception: Desk, reference: str, verb: str) -> None:
    assert reception.post(f"/tickets/{reference}/{verb}", text="  ").status_code == 409


def test_a_hand_over_needs_a_reason_and_keeps_what_was_typed(reception: Desk, reference: str) -> None:
    answer = reception.post(f"/tickets/{reference}/hand-overs", queue="wegen", reason=" ", promise="binnen een week")
    assert answer.status_code == 409
    assert 'value="binnen een week"' in answer.text
    assert '<option value="wegen" selected>' in answer.text


def test_a_hand_over_moves_the_ticket_with_its_reason_and_promise(reception: Desk, reference: str, sign_in: SignIn) -> None:
    reception.post(f"/tickets/{reference}/hand-overs", queue="wegen", reason="Voor de ploeg", promise="deze week")
    page = sign_in("back_office", "wegen").page(f"/tickets/{reference}")
    assert "Voor de ploeg" in page
    assert "deze week" in page
    with Session() as session:
        assert [segment.queue_id for segment in session.query(Segment).order_by(Segment.id)] == ["onthaal", "wegen"]


def test_a_hand_over_out_of_ones_sight_ends_with_ones_own_part(reception: Desk, reference: str) -> None:
    answer = reception.post(f"/tickets/{reference}/hand-overs", queue="ombuds", reason="Een klacht", promise="u hoort van ons")
    assert answer.status_code == 303
    page = reception.page(f"/tickets/{reference}")
    assert "what was there when it left you" in page
    assert "Een klacht" in page


def test_a_hand_over_to_nowhere_is_refused(reception: Desk, reference: str) -> None:
    for nowhere in ("", "no-such-queue", "onthaal"):
        answer = reception.post(f"/tickets/{reference}/hand-overs", queue=nowhere, reason="Zomaar", promise="u hoort van ons")
        assert answer.status_code == 409


def test_the_back_office_sends_back_with_a_reason(reception: Desk, reference: str, sign_in: SignIn) -> None:
    reception.post(f"/tickets/{reference}/hand-overs", queue="wegen", reason="Voor de ploeg", promise="u hoort van ons")
    roads = sign_in("back_office", "wegen")
    assert roads.post(f"/tickets/{reference}/returns", reason="").status_code == 409
    assert "left your desk" in roads.post(f"/tickets/{reference}/returns", reason="Gewestweg").text
    assert "Gewestweg" in reception.page(f"/tickets/{reference}")


def test_what_nobody_handed_over_cannot_be_sent_back(reception: Desk, reference: str) -> None:
    assert reception.post(f"/tickets/{reference}/returns", reason="Niet van ons").status_code == 409


def test_the_first_line_is_offered_its_own_outcomes_only_while_no_back_office_held_the_ticket(
    reception: Desk, reference: str, sign_in: SignIn
) -> None:
    assert 'value="resolved_first_line"' in reception.page(f"/tickets/{reference}")
    reception.post(f"/tickets/{reference}/hand-overs", queue="wegen", reason="Voor de ploeg", promise="u hoort van ons")
    page = sign_in("supervisor").page(f"/tickets/{reference}")
    assert 'value="resolved_first_line"' not in page
    assert 'value="resolved_back_office"' in page
    assert sign_in("supervisor").post(f"/tickets/{reference}/resolution", outcome="resolved_first_line").status_code == 409


def test_resolving_and_reopening_begin_a_new_cycle(reception: Desk, reference: str) -> None:
    reception.post(f"/tickets/{reference}/resolution", outcome="resolved_first_line")
    assert reception.post(f"/tickets/{reference}/resolution", outcome="duplicate").status_code == 409
    assert reception.post(f"/tickets/{reference}/reopening", reason="").status_code == 409
    reception.post(f"/tickets/{reference}/reopening", reason="Toch niet opgelost")
    with Session() as session:
        assert the_ticket(session, reference).status == "new"
        assert session.query(Cycle).count() == 2
    assert "Toch niet opgelost" in reception.page(f"/tickets/{reference}")


def test_there_is_no_verb_but_those(reception: Desk, reference: str) -> None:
    assert reception.post(f"/tickets/{reference}/deletion").status_code == 404
    assert reception.client.get(f"/tickets/{reference}/claim").location == f"/tickets/{reference}"
    assert not the_ticket(Session(), reference).owner_id


def test_topic_priority_tags_and_due_date_are_changed_with_a_reason_that_stays(reception: Desk, reference: str) -> None:
    changed = {"topic": "put", "priority": "high", "tags": "school, gladheid, school", "due": "2027-01-15"}
    assert reception.post(f"/tickets/{reference}/marks", reason="Er wordt gebeld", **changed).status_code == 303
    with Session() as session:
        ticket = the_ticket(session, reference)
        assert (ticket.topic_id, ticket.priority, ticket.tags) == ("put", "high", ["school", "gladheid"])
        assert ticket.due_at
        assert ticket.due_at.date() == date(2027, 1, 15)
        told = session.query(Event).filter_by(kind="marked").one()
        assert told.data["changed"]["priority"] == {"from": "normal", "to": "high"}
    page = reception.page(f"/tickets/{reference}")
    assert "changed: topic, priority, tags, due date" in page
    assert "Er wordt gebeld" in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"reason": ""}, "Say why"),
        ({"priority": "huge"}, "Choose a topic and a priority"),
        ({"topic": "nothing"}, "Choose a topic and a priority"),
        ({"due": "soon"}, "This is no day"),
        ({"tags": "x" * 61}, "At most 20 tags"),
    ],
)
def test_what_can_not_be_marked_is_refused_and_nothing_changes(
    reception: Desk, reference: str, wrong: dict[str, str], told: str
) -> None:
    asked = {"topic": "put", "priority": "high", "tags": "", "due": "", "reason": "Daarom"} | wrong
    answer = reception.post(f"/tickets/{reference}/marks", **asked)
    assert answer.status_code == 409
    assert told in answer.text
    with Session() as session:
        ticket = the_ticket(session, reference)
        assert (ticket.topic_id, ticket.priority) == ("", "normal")


def test_a_field_that_was_emptied_stays_empty_after_a_refusal_and_in_a_draft(reception: Desk, reference: str) -> None:
    page, action = f"/tickets/{reference}", f"/tickets/{reference}/marks"
    marked = {"topic": "put", "priority": "high", "tags": "school", "due": "2027-01-15"}
    reception.post(action, reason="Er wordt gebeld", **marked)
    emptied = {"topic": "", "priority": "high", "tags": "", "due": ""}

    refused = values(reception.post(action, reason=" ", **emptied).text, action)
    reception.put(f"/tickets/{reference}/unsent/marks", reason="Toch niet", **emptied)
    kept = values(reception.page(page), action)

    assert refused.items() >= emptied.items()
    assert kept.items() >= {"reason": "Toch niet", **emptied}.items()
    reception.put(f"/tickets/{reference}/unsent/marks", reason=" ")
    assert values(reception.page(page), action).items() >= marked.items()


def test_nothing_changed_is_said(reception: Desk, reference: str) -> None:
    asked = values(reception.page(f"/tickets/{reference}"), f"/tickets/{reference}/marks") | {"reason": "Zomaar"}
    assert "Nothing is different" in reception.post(f"/tickets/{reference}/marks", **asked).text


def test_the_reference_at_another_authority_is_shown_and_found(reception: Desk, reference: str) -> None:
    form = {"outcome": "informed_external", "elsewhere": "Fluvius FLV-77120"}
    assert reception.post(f"/tickets/{reference}/resolution", **form).status_code == 303

    assert "reference there: Fluvius FLV-77120" in reception.page(f"/tickets/{reference}")
    assert reference in reception.page("/desk/search?q=FLV-77120")

    reception.post(f"/tickets/{reference}/undo")

    assert "FLV-77120" not in reception.page(f"/tickets/{reference}")
    assert reference not in reception.page("/desk/search?q=FLV-77120")
