"""Links to choose a password leave by mail, once, in the language of who gets them."""

import re

import pytest

from contact_hub import live, passwords
from contact_hub.database import Session
from contact_hub.passwords import SignInLink
from tests.builders import an_agent
from tests.servers import SmtpSink
from tests.workers.conftest import StartHub


@pytest.mark.either_database
def test_a_link_is_mailed_once_and_is_good(hub: StartHub, smtp: SmtpSink) -> None:
    with live.change() as session:
        agent = an_agent(session, name="Anna Claes")
        agent.language = "nl"
        passwords.ask_for_link(session, agent.email)
    running = hub(smtp_url=smtp.url, public_url="https://hub.lindervelde.example")
    running.start("worker")
    running.start("schedule")

    [mail] = smtp.wait_for(1, seconds=60)

    assert mail.recipients == (agent.email,)
    text = mail.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Dag Anna Claes" in text
    found = re.search(r"https://hub\.lindervelde\.example/sign-in/password/(\S+)", text.replace("=\n", ""))
    assert found
    with Session() as session:
        link = session.query(SignInLink).one()
        running.until(lambda: session.refresh(link) or link.sent_at is not None, what="it is known as sent")  # type: ignore[func-returns-value]
        assert passwords.link_of(session, found[1], "k" * 40) is link
        assert found[1] not in running.log()
    assert agent.email not in running.log()
