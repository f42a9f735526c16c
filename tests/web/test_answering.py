"""Answering at the desk: letters, files, ten seconds to think again, and what became of the mail."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy.orm import Session as SessionType

from contact_hub import intake, live, outbox, threads
from contact_hub.database import Session, now
from contact_hub.history import Cycle
from contact_hub.messages import Message, StoredAttachment
from contact_hub.outbox import Outgoing
from tests import builders
from tests.web.conftest import Desk, SignIn, the_ticket


def answers(session: SessionType) -> list[Outgoing]:
    return session.query(Outgoing).join(Message).filter(Message.kind == "answer").order_by(Outgoing.message_id).all()


def answered(desk: Desk, reference: str, **form: object) -> int:
    """The number of the answer that was just given."""
    assert desk.post(f"/tickets/{reference}/answers", **{"text": "Dat kan morgen.", **form}).status_code == 303
    with Session() as session:
        return answers(session)[-1].message_id


def box_of(page: str) -> str:
    found = re.search(r'<textarea id="answer-text"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.either_database
def test_an_answer_waits_ten_seconds_before_anybody_sends_it(reception: Desk, reference: str) -> None:
    number = answered(reception, reference)
    with Session.begin() as session:
        mail = session.get_one(Outgoing, number)
        assert timedelta(seconds=5) < mail.due_at - now() <= timedelta(seconds=10)
        claimed = outbox.claim_next(session, outbox.accounts[0])
        assert claimed is not None
        assert claimed.message.kind == "receipt"  # which left before it
        claimed.mark_sent()
        session.flush()
        assert outbox.claim_next(session, outbox.accounts[0]) is None
    assert "Take it back" in reception.page(f"/tickets/{reference}")


@pytest.mark.either_database
def test_an_answer_taken_back_is_in_the_box_again_and_was_never_given(reception: Desk, reference: str) -> None:
    number = answered(reception, reference, outcome="resolved_first_line", files=(BytesIO(b"plan"), "plan.pdf"), language="fr")
    page = reception.post(f"/tickets/{reference}/answers/{number}/taken-back")
    assert page.status_code == 200
    assert box_of(page.text) == "Dat kan morgen."
    assert re.search(r'name="kept" value="[^"]+" checked> plan.pdf', page.text)
    assert '<option value="fr" lang="fr" selected>' in page.text
    assert "Anna Claes took an answer back before it left" in page.text
    with Session() as session:
        assert answers(session) == []
        assert session.query(StoredAttachment).count() == 0
        assert (the_ticket(session, reference).status, the_ticket(session, reference).outcome) == ("new", "")
        cycle = session.query(Cycle).one()
        assert (cycle.first_response_at, cycle.resolved_at, cycle.outcome) == (None, None, "")


@pytest.mark.either_database
def test_an_answer_that_passes_the_question_on_keeps_the_reference_elsewhere(reception: Desk, reference: str) -> None:
    assert 'id="answer-elsewhere"' in reception.page(f"/tickets/{reference}")
    number = answered(reception, reference, outcome="informed_external", elsewhere="Fluvius 2026-77")
    page = reception.page(f"/tickets/{reference}")
    assert "reference there: Fluvius 2026-77" in page
    page = reception.post(f"/tickets/{reference}/answers/{number}/taken-back").text
    with Session() as session:
        assert the_ticket(session, reference).status == "new"
    assert "Fluvius 2026-77" not in page
    assert reference not in reception.page("/desk/search?q=Fluvius")


@pytest.mark.either_database
def test_an_answer_before_it_stays_the_first_response(reception: Desk, reference: str) -> None:
    answered(reception, reference)
    with Session() as session:
        first = session.query(Cycle).one().first_response_at
    reception.post(f"/tickets/{reference}/answers/{answered(reception, reference)}/taken-back")
    with Session() as session:
        assert session.query(Cycle).one().first_response_at == first


def test_what_somebody_is_sending_cannot_be_taken_back(reception: Desk, reference: str) -> None:
    number = answered(reception, reference)
    assert "Take it back" in reception.page(f"/tickets/{reference}")
    with Session.begin() as session:
        session.get_one(Outgoing, number).state, session.get_one(Outgoing, number).attempts = "sending", 1
    page = reception.post(f"/tickets/{reference}/answers/{number}/taken-back")
    assert page.status_code == 409
    assert "This answer has left already" in page.text
    assert "Being sent" in page.text
    assert "Take it back" not in page.text


def test_an_answer_is_taken_back_once(reception: Desk, reference: str) -> None:
    number = answered(reception, reference)
    reception.post(f"/tickets/{reference}/answers/{number}/taken-back")
    page = reception.post(f"/tickets/{reference}/answers/{number}/taken-back")
    assert page.status_code == 409
    assert "somebody took it back" in page.text


@pytest.mark.either_database
def test_the_answers_of_another_ticket_stay(reception: Desk, reference: str) -> None:
    number = answered(reception, reference)
    with Session.begin() as session:
        other = builders.a_ticket(session).reference
    assert reception.post(f"/tickets/{other}/answers/{number}/taken-back").status_code == 409
    assert reception.post(f"/tickets/{other}/answers/{number}/tries").status_code == 409
    with Session() as session:
        assert len(answers(session)) == 1


@pytest.mark.either_database
@pytest.mark.parametrize(("state", "words"), [("failed", "Not delivered"), ("bounced", "Came back")])
def test_what_did_not_arrive_says_why_and_is_tried_again(reception: Desk, reference: str, state: str, words: str) -> None:
    number = answered(reception, reference)
    with Session.begin() as session:
        mail = session.get_one(Outgoing, number)
        mail.state, mail.reason, mail.attempts = state, "550 mailbox full", 3
    page = reception.page(f"/tickets/{reference}")
    assert words in page
    assert "550 mailbox full" in page
    assert reception.post(f"/tickets/{reference}/answers/{number}/tries").status_code == 303
    with Session() as session:
        mail = session.get_one(Outgoing, number)
        assert (mail.state, mail.reason, mail.can_be_taken_back) == ("waiting", "", False)
    assert reception.post(f"/tickets/{reference}/answers/{number}/tries").status_code == 409


@pytest.mark.either_database
def test_files_go_along_with_their_names(reception: Desk, reference: str) -> None:
    number = answered(reception, reference, files=(BytesIO(b"%PDF"), "besluit café.pdf", "application/pdf"))
    with Session() as session:
        [file] = session.get_one(Message, number).attachments
        assert (file.name, file.content_type, file.size) == ("besluit café.pdf", "application/pdf", 4)
    assert "besluit café.pdf" in reception.page(f"/tickets/{reference}")


@pytest.mark.either_database
def test_files_survive_a_refusal_and_leave_when_unticked(reception: Desk, reference: str) -> None:
    refused = reception.post(f"/tickets/{reference}/answers", text=" ", files=(BytesIO(b"plan"), "plan.pdf"))
    assert refused.status_code == 409
    [token] = re.findall(r'name="kept" value="([^"]+)"', refused.text)
    number = answered(reception, reference, kept=token)
    with Session() as session:
        assert [file.name for file in session.get_one(Message, number).attachments] == ["plan.pdf"]
    assert answered(reception, reference, kept=token[:-2] + "xx") != number
    with Session() as session:
        assert answers(session)[-1].message.attachments == []


@pytest.mark.either_database
def test_files_too_large_for_a_mail_are_refused_with_the_text_kept(reception: Desk, reference: str) -> None:
    refused = reception.post(f"/tickets/{reference}/answers", text="Zie bijlage", files=(BytesIO(bytes(16 << 20)), "film.mp4"))
    assert refused.status_code == 409
    assert "At most 15 MB fit" in refused.text
    assert box_of(refused.text) == "Zie bijlage"


@pytest.mark.either_database
def test_a_letter_is_begun_around_what_was_typed(reception: Desk, reference: str) -> None:
    page = reception.post(f"/tickets/{reference}/letter", letter="question", language="fr", text="Votre adresse & votre rue ?")
    assert box_of(page.text).startswith("Bonjour Roos Peeters,\n\nPour vous aider")
    assert "Votre adresse &amp; votre rue ?" in box_of(page.text)
    assert box_of(page.text).endswith(f"Anna Claes\nLindervelde\nVotre référence : {reference}")
    with Session() as session:
        assert answers(session) == []


@pytest.mark.either_database
def test_the_language_is_the_municipalitys_first_until_an_agent_chooses(reception: Desk, reference: str) -> None:
    assert '<option value="nl" lang="nl" selected>' in reception.page(f"/tickets/{reference}")
    number = answered(reception, reference)
    with Session() as session:
        assert session.get_one(Outgoing, number).language == "nl"
    answered(reception, reference, language="de")
    assert '<option value="de" lang="de" selected>' in reception.page(f"/tickets/{reference}")
    number = answered(reception, reference, language="fi")
    with Session() as session:
        assert session.get_one(Outgoing, number).language == "de"


@pytest.mark.either_database
def test_an_answer_quotes_what_its_reader_wrote_and_nobody_else(reception: Desk, reference: str) -> None:
    with Session.begin() as session:
        builders.a_ticket(session, sender="buur@example.org", message="Geheim", answers=("vraag@example.org",))
    number = answered(reception, reference)
    with Session() as session:
        quoted = session.get_one(Message, number).quoted
    assert quoted == "Op 23 november 2026 om 10:00 schreef Roos Peeters:\n> Mag ik iets vragen?"


@pytest.mark.either_database
def test_what_an_agent_wrote_down_on_the_phone_is_never_quoted(reception: Desk, app: Flask) -> None:
    with Session.begin() as session:
        called = builders.a_ticket(session, channel="phone", sender="roos@example.org", message="Klonk boos").reference
    number = answered(reception, called)
    with Session() as session:
        assert session.get_one(Message, number).quoted == ""


@pytest.mark.either_database
@pytest.mark.parametrize(("queue", "named"), [("wegen", "de dienst Wegen"), ("belastingen", "de bevoegde dienst")])
def test_the_citizen_may_be_told_of_a_hand_over(reception: Desk, reference: str, queue: str, named: str) -> None:
    reception.post(f"/tickets/{reference}/hand-overs", queue=queue, reason="Voor hen", tell="yes", promise="u hoort van ons")
    with Session() as session:
        notice = session.query(Outgoing).join(Message).filter(Message.kind == "notice").one()
        assert (notice.recipient, notice.language) == ("roos@example.org", "nl")
        assert f"doorgegeven aan {named}." in notice.message.text
        assert "Voor hen" not in notice.message.text


@pytest.mark.either_database
def test_nobody_is_told_of_a_hand_over_unless_somebody_asks(reception: Desk, reference: str) -> None:
    reception.post(f"/tickets/{reference}/hand-overs", queue="wegen", reason="Voor hen", promise="u hoort van ons")
    with Session() as session:
        assert session.query(Message).filter_by(kind="notice").count() == 0


@pytest.mark.either_database
def test_the_hub_tells_nobody_more_than_five_times_an_hour(reception: Desk, reference: str) -> None:
    for _ in range(4):
        answered(reception, reference)
    refused = reception.post(
        f"/tickets/{reference}/hand-overs", queue="wegen", reason="Voor hen", tell="yes", promise="u hoort van ons"
    )
    assert refused.status_code == 409
    assert "Hand over without telling" in refused.text
    with Session() as session:
        assert the_ticket(session, reference).queue_id == "onthaal"


@pytest.mark.either_database
def test_an_answer_that_does_not_know_what_was_said_since_is_held(reception: Desk, reference: str) -> None:
    seen = re.search(r'name="seen" id="answer-seen" value="(\d+)"', reception.page(f"/tickets/{reference}"))
    assert seen
    with live.change() as session:
        mail = builders.a_contact(answers=(threads.token_for(reference),), message="Laat maar, het is opgelost.")
        intake.take_in(session, [mail])

    held = reception.post(f"/tickets/{reference}/answers", text="Wij komen morgen.", seen=seen[1])

    assert held.status_code == 409
    assert "Not sent yet" in held.text
    assert "while you wrote" in held.text
    assert "Wij komen morgen.</textarea>" in held.text
    assert answers_given() == []
    knows = re.search(r'name="seen" id="answer-seen" value="(\d+)"', held.text)
    assert knows
    reception.post(f"/tickets/{reference}/answers", text="Fijn.", seen=knows[1])
    assert answers_given() == ["Fijn."]


def test_two_agents_who_answer_at_once_do_not_both_write(reception: Desk, reference: str, sign_in: SignIn) -> None:
    seen = re.search(r'name="seen" id="answer-seen" value="(\d+)"', reception.page(f"/tickets/{reference}"))
    assert seen
    sign_in(name="Bram Maes").post(f"/tickets/{reference}/answers", text="Ja.", seen=seen[1])

    held = reception.post(f"/tickets/{reference}/answers", text="Nee.", seen=seen[1])

    assert held.status_code == 409
    assert answers_given() == ["Ja."]


@pytest.mark.either_database
def test_ones_own_words_hold_no_answer(reception: Desk, reference: str) -> None:
    seen = re.search(r'name="seen" id="answer-seen" value="(\d+)"', reception.page(f"/tickets/{reference}"))
    assert seen
    for text in ("Een.", "Twee."):
        reception.post(f"/tickets/{reference}/answers", text=text, seen=seen[1])

    assert answers_given() == ["Een.", "Twee."]


def answers_given() -> list[str]:
    with Session() as session:
        return [message.text for message in session.query(Message).filter_by(kind="answer").order_by(Message.id)]
