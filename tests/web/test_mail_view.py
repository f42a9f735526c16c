"""What is known of a sender, and the mail as it was sent, on the pages of a ticket."""

import pytest

from channels.email.reading import read_mail
from contact_hub import house, intake
from contact_hub.contact import FormMail, PersonFacts, Trust
from contact_hub.database import Session
from contact_hub.house import House
from contact_hub.messages import Message
from tests import builders
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.either_database

HTML = b"""\
From: An <an@post.example>
Subject: Put
MIME-Version: 1.0
Content-Type: multipart/related; boundary=b

--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain; charset=utf-8

Dag, een put.
--c
Content-Type: text/html; charset=utf-8

<p>Dag, <b>een put</b>.</p><img src="cid:put@post"><img src="https://post.example/logo.png">
<a href="https://evil.example/x">lindervelde.example</a><script>alert(1)</script>
--c--
--b
Content-Type: image/png
Content-ID: <put@post>
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--b--
"""


def a_mail(raw: bytes = HTML, **contact: object) -> str:
    """The address of the page that shows this mail."""
    with Session.begin() as session:
        ticket = builders.a_ticket(session, raw=raw, **contact)
        session.flush()
        said = session.query(Message).filter_by(ticket_id=ticket.id, kind="said").one()
        return f"/tickets/{ticket.reference}/mails/{said.id}"


def ticket_page(desk: Desk, mail: str) -> str:
    return desk.page(mail.partition("/mails/")[0])


def test_a_proved_sender_is_not_worth_a_word(sign_in: SignIn) -> None:
    page = ticket_page(sign_in("agent", "onthaal"), a_mail(trust=Trust("proved", {"dmarc": "pass"})))
    assert "Sender" not in page
    assert "sender-doubt" not in page


def test_a_sender_who_is_not_proved_is_told_calmly_and_why(sign_in: SignIn) -> None:
    page = ticket_page(sign_in("agent", "onthaal"), a_mail(trust=Trust("unproved", {"spf": "none", "dkim": "fail"})))
    assert "Sender not proved" in page
    assert "by itself means no harm" in page
    assert "SPF: none, DKIM: fail" in page
    assert "sender-warned" not in page


def test_a_look_alike_is_told_at_once(sign_in: SignIn) -> None:
    trust = Trust("proved", {"dmarc": "pass"}, {"look_alike": "lindervelde.example"})
    page = ticket_page(sign_in("agent", "onthaal"), a_mail(trust=trust))
    assert "looks like lindervelde.example and is another one" in page
    assert "sender-warned" in page


def test_what_our_own_server_wrote_comes_through_to_the_page(sign_in: SignIn) -> None:
    house.is_ours(House(("lindervelde.example",), "Gemeente Lindervelde", ("mx.lindervelde.example",)))
    found = b"Authentication-Results: mx.lindervelde.example; spf=softfail smtp.mailfrom=post.example\n"
    contact = read_mail(found + HTML, builders.MONDAY)
    house.is_ours(House())
    with Session.begin() as session:
        reference = intake.take_in(session, [contact])[0].ticket.reference
    page = sign_in("agent", "onthaal").page(f"/tickets/{reference}")
    assert "Sender not proved" in page
    assert "SPF: softfail" in page


def test_a_form_mail_that_fits_no_more_says_what_is_missing(sign_in: SignIn) -> None:
    mail = a_mail(form_mail=FormMail("old", ("Soort", "Naam")))
    desk = sign_in("agent", "onthaal")
    assert "its template “old” did not find Soort, Naam" in ticket_page(desk, mail)
    assert "no longer fit" not in desk.page("/desk/inbox")
    assert "1 template of form mails no longer fits" in sign_in("supervisor").page("/desk/inbox")


def test_the_first_message_from_an_address_says_so(sign_in: SignIn) -> None:
    desk = sign_in("agent", "onthaal")
    first, second = a_mail(sender="new@post.example"), a_mail(sender="new@post.example")
    assert "First message from this address" in ticket_page(desk, first)
    assert "First message from this address" not in ticket_page(desk, second)


def test_a_mail_is_shown_as_it_was_sent_with_its_own_pictures_only(sign_in: SignIn) -> None:
    desk, mail = sign_in("agent", "onthaal"), a_mail()
    assert f'href="{mail}"' in ticket_page(desk, mail)
    page = desk.page(mail)
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "1 picture from elsewhere is left out" in page
    shown = desk.get(f"{mail}/body")
    assert "<b>een put</b>" in shown.text
    assert "data:image/png;base64,iVBORw0KGgo=" in shown.text
    assert "post.example/logo" not in shown.text
    assert "[evil.example]" in shown.text
    assert "script>" not in shown.text


def test_the_frame_has_a_policy_of_its_own(sign_in: SignIn) -> None:
    headers = sign_in("agent", "onthaal").get(f"{a_mail()}/body").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "img-src data:;" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "allow-scripts" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"


def test_pictures_from_elsewhere_come_on_request(sign_in: SignIn) -> None:
    desk, mail = sign_in("agent", "onthaal"), a_mail()
    assert f"{mail}/body?images=yes" in desk.page(f"{mail}?images=yes")
    shown = desk.get(f"{mail}/body?images=yes")
    assert 'src="https://post.example/logo.png"' in shown.text
    assert "img-src data: https: http:;" in shown.headers["Content-Security-Policy"]


def test_a_suspect_mail_has_no_links_and_no_pictures_from_elsewhere(sign_in: SignIn) -> None:
    desk, mail = sign_in("agent", "onthaal"), a_mail(trust=Trust("unproved", {"dmarc": "fail"}))
    assert "cannot be clicked" in desk.page(mail)
    shown = desk.get(f"{mail}/body?images=yes").text
    assert "href=" not in shown
    assert "[https://evil.example/x]" in shown
    assert "post.example/logo" not in shown


def test_a_mail_of_plain_text_is_shown_as_it_is(sign_in: SignIn) -> None:
    mail = a_mail(b"From: an@post.example\nSubject: x\n\nDag <script>\n  ingesprongen\n")
    assert "<pre>Dag &lt;script&gt;\n  ingesprongen\n</pre>" in sign_in("agent", "onthaal").get(f"{mail}/body").text


def test_the_original_can_be_kept(sign_in: SignIn) -> None:
    answer = sign_in("agent", "onthaal").get(f"{a_mail()}/original")
    assert answer.data == HTML
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_mail_is_seen_by_those_who_see_its_ticket_whole(sign_in: SignIn) -> None:
    mail = a_mail(message="over mijn belasting")
    for place in ("", "/body", "/original"):
        assert sign_in("back_office", "groen").get(mail + place).status_code == 404
        assert sign_in("agent", "onthaal").get(mail + place).status_code == 403
        assert sign_in("back_office", "belastingen").get(mail + place).status_code == 200


def test_a_mail_stands_under_its_own_ticket_alone(sign_in: SignIn) -> None:
    mine, other = a_mail(), a_mail()
    crossed = mine.partition("/mails/")[0] + "/mails/" + other.rpartition("/")[2]
    desk = sign_in("agent", "onthaal")
    assert desk.get(crossed).status_code == 404
    assert desk.get(mine.rpartition("/")[0] + f"/{2**40}").status_code == 404


def test_what_is_no_mail_is_not_shown_as_one(sign_in: SignIn) -> None:
    chat = a_mail(channel="chat", raw=b"{}", raw_type="application/json", person=PersonFacts(known=True))
    desk = sign_in("agent", "onthaal")
    assert desk.get(chat).status_code == 404
    assert "/mails/" not in ticket_page(desk, chat)
