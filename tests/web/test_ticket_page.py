"""The page of a ticket: what it shows of the conversation and of how the ticket came here."""

import re

import lxml.html
import pytest

from contact_hub import intake, live, threads
from contact_hub.database import Session, now
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.web.marking import marked
from tests import builders
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database


def a_ticket(**contact: object) -> str:
    with Session.begin() as session:
        return builders.a_ticket(session, **contact).reference


def test_the_words_that_decided_are_marked_where_they_stand(sign_in: SignIn) -> None:
    reference = a_ticket(subject="Er is een pothole", message="Naast nummer 4 is een pothole & meer")
    page = sign_in("back_office", "wegen").page(f"/tickets/{reference}")
    assert "Er is een <mark>pothole</mark>" in page
    assert "Naast nummer 4 is een <mark>pothole</mark> &amp; meer" in page
    assert "Roads mends them" in page


def test_why_here_says_the_words_as_the_citizen_wrote_them(sign_in: SignIn) -> None:
    reference = a_ticket(subject="", message="Weer een PotHole!")
    page = sign_in("back_office", "wegen").page(f"/tickets/{reference}")
    assert page.count("<mark>PotHole</mark>") == 2  # where it stands, and beside it
    assert "<mark>pothole</mark>" not in page


def test_what_a_rule_says_to_the_agent_stands_beside_its_ticket(sign_in: SignIn) -> None:
    reference = a_ticket(message="gevaar op de weg")
    assert "Bel eerst 112" in sign_in("back_office", "wegen").page(f"/tickets/{reference}")


def test_what_a_form_asked_is_shown_once_with_what_decided_marked_in_it(sign_in: SignIn) -> None:
    message = "Er is een pothole\n\nStraat: Potholestraat\nWat: pothole"
    fields = {"vraag": "Er is een pothole", "straat": "Potholestraat"}
    reference = a_ticket(channel="webform", form="melding", fields=fields, subject="", message=message)
    roads = sign_in("back_office", "wegen")
    page = roads.page(f"/tickets/{reference}")
    assert '<td class="words">Er is een <mark>pothole</mark></td>' in page
    assert '<td class="words">Potholestraat</td>' in page
    assert re.search(r'id="as-text-\d+" open', page), "what decided stands in no answer"

    fields["wat"] = "pothole"
    reference = a_ticket(channel="webform", form="melding", fields=fields, subject="", message=message)
    page = roads.page(f"/tickets/{reference}")
    assert '<td class="words"><mark>pothole</mark></td>' in page
    assert re.search(r'id="as-text-\d+"><summary>', page)


def test_marks_that_overlap_become_one_and_impossible_ones_vanish() -> None:
    assert marked("abcdef", [(1, 3), (2, 4), (9, 12), (3, 3)]) == "a<mark>bcd</mark>ef"
    assert marked("<b>", [(0, 1)]) == "<mark>&lt;</mark>b&gt;"


def test_a_ticket_that_no_rule_took_says_so(sign_in: SignIn) -> None:
    assert "No rule took it" in sign_in("agent", "onthaal").page(f"/tickets/{a_ticket()}")


def test_why_a_ticket_opened_again_by_itself_is_told_in_the_agents_language(sign_in: SignIn) -> None:
    with Session.begin() as session:
        ticket = builders.a_ticket(session, message_id="question@example.org", sender="roos@example.org")
        ticket.resolve(by=None, outcome="resolved_first_line")
        builders.a_ticket(session, answers=("question@example.org",), sender="roos@example.org")
        reference = ticket.reference
    desk = sign_in("agent", "onthaal")
    assert "the citizen answered" in desk.page(f"/tickets/{reference}")
    desk.post("/language", language="nl", next="/desk")
    assert "the citizen answered" not in desk.page(f"/tickets/{reference}")


def test_quoted_text_is_folded_but_there(sign_in: SignIn) -> None:
    page = sign_in("agent", "onthaal").page(f"/tickets/{a_ticket(quoted='> wat eerder stond')}")
    assert "&gt; wat eerder stond" in page[page.index("<details") :]


def test_form_fields_stand_in_a_table(sign_in: SignIn) -> None:
    reference = a_ticket(channel="webform", form="melding", fields={"straat_naam": "Molenweg", "nummer": "3"}, sender="")
    page = sign_in("agent", "onthaal").page(f"/tickets/{reference}")
    assert '<th scope="row">Straat naam</th><td class="words">Molenweg</td>' in page


def test_what_was_filled_in_stands_in_the_words_of_the_form(sign_in: SignIn) -> None:
    reference = a_ticket(channel="webform", form="street", fields={"place": "Molenweg 3", "what": "light"}, sender="")
    page = sign_in("agent", "onthaal").page(f"/tickets/{reference}")
    assert '<th scope="row">Where is it?</th><td class="words">Molenweg 3</td>' in page
    assert '<td class="words">Street lighting</td>' in page


def test_the_state_and_reason_of_an_outgoing_mail_stand_on_its_message(sign_in: SignIn) -> None:
    reference = a_ticket(sender="roos@example.org")
    desk = sign_in("agent", "onthaal")
    assert "Waiting to be sent" in desk.page(f"/tickets/{reference}")
    with Session.begin() as session:
        mail = session.query(Outgoing).join(Message).one()
        mail.attempts = 1
        mail.mark_refused("550 no such mailbox", for_good=True)
    page = desk.page(f"/tickets/{reference}")
    assert "Not delivered" in page
    assert "550 no such mailbox" in page


def test_an_anonymous_ticket_is_a_normal_ticket(sign_in: SignIn) -> None:
    reference = a_ticket(sender="", sender_name="", subject="", message="")
    page = sign_in("agent", "onthaal").page(f"/tickets/{reference}")
    assert "Anonymous" in page
    assert "(no subject)" in page


def test_a_reference_is_found_however_it_is_written(sign_in: SignIn) -> None:
    reference = a_ticket()
    desk = sign_in("agent", "onthaal")
    assert desk.get(f"/tickets/{reference.lower().replace('-', '')}").status_code == 200
    assert desk.get("/tickets", query_string={"reference": f" {reference} "}).status_code == 200
    assert desk.get("/tickets", query_string={"reference": "//evil.example"}).status_code == 404
    assert desk.get("/tickets/26-000001-X").status_code == 404
    assert desk.get("/tickets/nonsense").status_code == 404


def opens_at(desk: Desk, reference: str) -> tuple[str, str]:
    """What a page marks as new, and the words of the message at which it opens; the first of all needs no mark."""
    page = lxml.html.fromstring(desk.page(f"/tickets/{reference}"))
    [place] = page.xpath("//*[@id='new']") or [None]
    if place is None:
        return "", ""
    message = place.getnext() if place.tag == "li" else place.getparent()
    return place.text_content().partition(" since ")[0].strip(), message.xpath("string(.//div[@class='words'])")


def test_a_ticket_opens_at_the_first_that_nobody_here_has_read(reception: Desk, reference: str) -> None:
    def comes(message: str, **more: str) -> None:
        with live.change() as session:
            answers = {"sender": "roos@example.org", "answers": ("vraag@example.org",), "received": now()}
            intake.take_in(session, [builders.a_contact(message=message, **answers, **more)])

    assert opens_at(reception, reference) == ("", "")
    reception.post(f"/tickets/{reference}/claim")
    comes("Een eerste vraag")
    comes("Een tweede vraag")
    assert opens_at(reception, reference) == ("New", "Een eerste vraag")
    comes("Ik ben afwezig", automatic="out-of-office")
    assert opens_at(reception, reference) == ("New", "Een eerste vraag")
    reception.post(f"/tickets/{reference}/answers", text="Dat kan.")
    assert opens_at(reception, reference) == ("", "Dat kan.")
    comes("Een derde vraag")
    for number in range(20):
        reception.post(f"/tickets/{reference}/notes", text=f"note {number}")
    assert opens_at(reception, reference) == ("New", "Een derde vraag")


def test_what_was_taken_by_mistake_is_unread_again(reception: Desk, reference: str) -> None:
    with live.change() as session:
        again = builders.a_contact(message="Nog iets", sender="roos@example.org", answers=("vraag@example.org",))
        intake.take_in(session, [again])
    reception.post(f"/tickets/{reference}/claim")
    assert opens_at(reception, reference) == ("", "Nog iets")
    reception.post(f"/tickets/{reference}/undo")
    assert opens_at(reception, reference) == ("", "")


def test_a_long_conversation_folds_what_lies_between(reception: Desk, reference: str) -> None:
    def says(words: str) -> None:
        reception.post(f"/tickets/{reference}/notes", text=words)

    says("the first note")
    assert "conversation-fold" not in reception.page(f"/tickets/{reference}")
    for number in range(20):
        says(f"note {number}")
    page = reception.page(f"/tickets/{reference}")
    assert "Show all" in page
    assert ("the first note" in page, "note 2<" in page, "note 19<" in page) == (False, False, True)
    whole = reception.page(f"/tickets/{reference}?all=1")
    folded = whole[whole.index("conversation-fold") : whole.index("</details></li>", whole.index("conversation-fold"))]
    assert ("the first note" in folded, "note 2<" in folded, "note 19<" in folded) == (True, True, False)
    assert "note 19<" in whole


def test_the_fold_of_an_open_page_holds_what_it_folded_and_nothing_it_shows(reception: Desk, reference: str) -> None:
    for number in range(10):
        reception.post(f"/tickets/{reference}/notes", text=f"note {number}")
    seen = re.search(r'id="answer-seen" value="(\d+)"', reception.page(f"/tickets/{reference}"))
    assert seen
    for number in range(10):
        a_ticket(answers=(threads.token_for(reference),), received=now(), message=f"nog iets {number}")
    page = reception.post(f"/tickets/{reference}/answers", text="Dat kan.", seen=seen[1]).text
    assert "nog iets 0" in page, "what the citizen said meanwhile stands open"

    [address] = set(re.findall(r'data-all="([^"]+)"', page))
    whole = reception.page(address)
    fold = whole[whole.index('id="conversation-fold"') : whole.index("</details></li>", whole.index("conversation-fold"))]
    assert ("note 0<" in fold, "nog iets" in fold) == (True, False)
