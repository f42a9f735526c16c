"""Several accounts send side by side: one whose server is away stops no other, and what it should send waits."""

import pytest

from contact_hub import mail_accounts, outbox
from contact_hub.database import Session, reading
from contact_hub.outbox import Outgoing
from tests.builders import a_ticket, an_agent, an_answer
from tests.servers import SmtpSink
from tests.servers.processes import free_port
from tests.workers.answers import states
from tests.workers.conftest import StartHub

pytestmark = [pytest.mark.faults, pytest.mark.timeout(200)]


@pytest.mark.either_database
def test_an_account_whose_server_is_away_stops_no_other(hub: StartHub, smtp: SmtpSink) -> None:
    away = f"smtp://127.0.0.1:{free_port()}?name=away&from=weg@lindervelde.example"
    there = f"{smtp.url}?name=there&from=belastingen@lindervelde.example&reply-to=loket@lindervelde.example"
    sending = hub(smtp_url=f"{away} {there}")
    lost, found = mail_accounts.read([away, there], "Lindervelde <x@lindervelde.example>")
    with Session.begin() as session:
        agent = an_agent(session)
        for account in (lost, found):
            ticket, message = a_ticket(session, sender=""), an_answer()
            ticket.answer(message, by=agent)
            to = {"reference": ticket.reference, "recipient": "roos@example.org", "subject": "Uw vraag"}
            outbox.write(session, message, answers=[], account=account, language="nl", **to)
    sending.start("worker")
    sending.start("schedule")
    [mail] = smtp.wait_for(1, seconds=60)
    assert mail.sender == "belastingen@lindervelde.example"
    assert "<belastingen@lindervelde.example>" in mail.message["From"]
    assert mail.message["Message-ID"].endswith("@lindervelde.example>")
    assert (mail.message["Reply-To"], mail.message["Content-Language"]) == ("loket@lindervelde.example", "nl")
    assert mail.message.get_content_type() == "multipart/alternative"
    stand = [("waiting", "the mail server can't be reached"), ("sent", "")]
    sending.until(lambda: list(zip(states(), reasons(), strict=True)) == stand, what="the other waits with its reason")


def reasons() -> list[str]:
    with reading() as session:
        return [mail.reason for mail in session.query(Outgoing).order_by(Outgoing.message_id)]
