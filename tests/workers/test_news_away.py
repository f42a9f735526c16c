"""The news server is gone while every process works, and comes back empty: nothing is lost, doubled, or left undone."""

import time

import pytest
import requests

from tests.servers import ImapServer, SmtpSink, ValkeyServer, free_port
from tests.servers.processes import port_answers
from tests.workers import hub as seen
from tests.workers.answers import ids, states, write_answers
from tests.workers.conftest import StartHub
from tests.workers.mails import a_mail

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

CAUGHT_UP = 60  # seconds after the return
ROUNDS = 6  # in each a mail comes, a form is posted and an answer is written


@pytest.mark.parametrize(("database_url", "away"), [("sqlite", 60), ("postgresql", 12)], indirect=["database_url"])
def test_the_news_server_gone_while_all_work_and_back_empty_costs_nothing(
    hub: StartHub, imap: ImapServer, smtp: SmtpSink, valkey: ValkeyServer, away: int
) -> None:
    port = free_port()
    working = hub(mailboxes=imap.url, smtp_url=smtp.url)
    for words in (["mailbox"], ["worker"], ["schedule"], ["web", "--port", str(port)]):
        working.start(*words)
    working.until(lambda: port_answers(port), what="the web process answers")
    wanted = [*a_round(0, imap, port)]
    smtp.wait_for(1, seconds=60)
    valkey.kill()
    gone_until = time.monotonic() + away
    for number in range(1, ROUNDS):
        wanted += a_round(number, imap, port)
        time.sleep(away / ROUNDS)  # the time it is away is what this test is about
    working.until(lambda: mails() == ROUNDS, what="mails are taken in without it")
    time.sleep(max(0, gone_until - time.monotonic()))
    valkey.start()
    wanted += a_round(ROUNDS, imap, port)
    working.until(lambda: mails() == ROUNDS + 1, what="all mails are taken in", seconds=CAUGHT_UP)
    working.until(lambda: set(states()) == {"sent"}, what="all answers and receipts leave", seconds=CAUGHT_UP)
    assert set(wanted) <= set(ids(smtp))
    assert len(ids(smtp)) == len(set(ids(smtp))) == len(states())
    counts = seen.tally()
    assert (counts["offered"], counts["known"], counts["set_aside"]) == (ROUNDS + 1, 0, 0)
    assert seen.tally("webform") == {"offered": ROUNDS + 1, "taken": ROUNDS + 1, "known": 0, "set_aside": 0}


def a_round(number: int, imap: ImapServer, port: int) -> list[str]:
    """A mail comes, a form is posted and acknowledged, an answer is written; gives the id of the answer's mail."""
    imap.append(a_mail(number))
    form = {"fields": {"subject": f"Vraag {number}", "question": "Wanneer is het loket open?"}}
    address = f"http://127.0.0.1:{port}/api/v1/forms/question"
    answer = requests.post(address, json=form, headers={"Idempotency-Key": f"form-{number}"}, timeout=30)
    assert answer.status_code == 201, answer.text
    return list(write_answers(1))


def mails() -> int:
    """How many of the citizens' mails were taken in; what agents answer here are tickets of the test's own making."""
    return sum(name.startswith("mail-") for name in seen.external_ids())
