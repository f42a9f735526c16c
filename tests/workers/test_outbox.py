"""What the hub writes leaves once, whoever dies or refuses meanwhile, and its state can be seen."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from contact_hub import live, outbox
from contact_hub.database import Session, now, reading
from contact_hub.outbox import Outgoing
from tests.servers import SmtpSink, ValkeyServer
from tests.workers import hub as seen
from tests.workers.answers import ids, states, write_answers
from tests.workers.conftest import StartHub

pytestmark = [pytest.mark.faults, pytest.mark.timeout(200)]


def test_an_answer_leaves_at_once_and_threads(hub: StartHub, smtp: SmtpSink) -> None:
    sending = hub(smtp_url=smtp.url)
    sending.start("worker")
    sending.start("schedule")
    [wanted] = write_answers(1)
    [mail] = smtp.wait_for(1, seconds=60)
    assert mail.recipients == ("roos@example.org",)
    assert mail.message["Message-ID"] == f"<{wanted}>"
    assert mail.message["In-Reply-To"] == "<question@example.org>"
    sending.until(lambda: states() == ["sent"], what="its state is kept")


@pytest.mark.either_database
def test_a_wake_up_sends_without_waiting_for_the_sweep(hub: StartHub, smtp: SmtpSink, redis_url: str) -> None:
    hub(smtp_url=smtp.url).start("worker")
    live.connect(redis_url)
    try:
        write_answers(1)
        smtp.wait_for(1, seconds=60)
    finally:
        live.connect(None)


@pytest.mark.either_database
def test_refused_and_then_accepted_an_answer_leaves_once(hub: StartHub, smtp: SmtpSink) -> None:
    smtp.refuse(450, "mailbox busy")
    sending = hub(smtp_url=smtp.url)
    sending.start("worker")
    sending.start("schedule")
    write_answers(1)
    sending.until(lambda: reasons() == ["450 mailbox busy"], what="the reason can be seen")
    assert states() == ["waiting"]
    smtp.accept()
    let_waiting_end()
    sending.until(lambda: states() == ["sent"], what="the answer leaves after all")
    assert reasons() == [""]
    assert len(smtp.received) == 1


@pytest.mark.either_database
def test_refused_for_good_an_answer_fails_visibly_and_holds_up_no_other(hub: StartHub, smtp: SmtpSink) -> None:
    smtp.refuse(550, "no such user")
    sending = hub(smtp_url=smtp.url)
    sending.start("worker")
    sending.start("schedule")
    write_answers(1)
    sending.until(lambda: states() == ["failed"], what="it fails")
    assert reasons() == ["550 no such user"]
    smtp.accept()
    write_answers(1)
    sending.until(lambda: sorted(states()) == ["failed", "sent"], what="the next one leaves")
    assert len(smtp.received) == 1


@pytest.mark.either_database
def test_without_a_mail_server_the_reason_can_be_seen_and_mail_waits(hub: StartHub, smtp: SmtpSink) -> None:
    lost = hub()
    worker = lost.start("worker")
    lost.start("schedule")
    write_answers(1)
    lost.until(lambda: "CONTACT_HUB_SMTP_URL" in reasons()[0], what="the reason can be seen")
    seen.kill(worker)
    hub(smtp_url=smtp.url).start("worker")
    lost.until(lambda: states() == ["sent"], what="the mail leaves once there is a server")


@pytest.mark.either_database
def test_a_mail_server_that_was_gone_gets_every_mail_once(hub: StartHub, smtp: SmtpSink) -> None:
    smtp.stop()
    sending = hub(smtp_url=smtp.url)
    sending.start("worker")
    sending.start("schedule")
    wanted = write_answers(5)
    sending.until(lambda: any("can't be reached" in each for each in reasons()), what="the reason can be seen")
    smtp.start()
    let_waiting_end()
    sending.until(lambda: set(states()) == {"sent"}, what="all mails leave")
    assert sorted(ids(smtp)) == sorted(wanted)


def test_a_sender_killed_after_its_claim_loses_and_doubles_nothing(hub: StartHub, smtp: SmtpSink) -> None:
    [wanted] = write_answers(1)
    with Session.begin() as session:
        assert outbox.claim_next(session, outbox.accounts[0]) is not None  # and the one who claimed it is never heard of again
    sending = hub(smtp_url=smtp.url)
    sending.start("worker")
    sending.start("schedule")
    write_answers(1)
    sending.until(lambda: sorted(states()) == ["sending", "sent"], what="others leave, the claimed one does not")
    let_waiting_end()
    sending.until(lambda: states() == ["sent", "sent"], what="the claim is taken over")
    assert sorted(ids(smtp)).count(wanted) == 1
    assert len(smtp.received) == 2


def test_workers_killed_at_any_moment_leave_nothing_behind(hub: StartHub, smtp: SmtpSink) -> None:
    sending = hub(smtp_url=smtp.url)
    sending.start("schedule")
    wanted = write_answers(30)
    for taken in (1, 8, 15):
        worker = sending.start("worker")
        smtp.wait_for(taken, seconds=60)
        seen.kill(worker)
    sending.start("worker")
    sending.until(lambda: states().count("sent") >= 27, what="what nobody had claimed leaves")
    let_waiting_end()
    sending.until(lambda: set(states()) == {"sent"}, what="what had been claimed leaves too")
    assert set(ids(smtp)) == set(wanted)
    assert len(smtp.received) <= len(wanted) + 3  # only a mail in the very moment of a kill may go again, under the same id


@pytest.mark.either_database
def test_the_news_server_emptied_and_gone_amid_the_work_costs_nothing(
    hub: StartHub, smtp: SmtpSink, valkey: ValkeyServer
) -> None:
    sending = hub(smtp_url=smtp.url)
    sending.start("worker")
    sending.start("schedule")
    wanted = write_answers(3)
    smtp.wait_for(3, seconds=60)
    valkey.flush()
    wanted += write_answers(3)
    smtp.wait_for(6, seconds=60)
    valkey.kill()
    wanted += write_answers(3)
    sending.until(lambda: "gone" in sending.log() or "could not connect" in sending.log(), what="it is missed")
    valkey.start()
    wanted += write_answers(3)
    sending.until(lambda: set(states()) == {"sent"}, what="all is caught up", seconds=60)
    assert sorted(ids(smtp)) == sorted(wanted)


def reasons() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Outgoing.reason).order_by(Outgoing.message_id)))


def let_waiting_end() -> None:
    """What happens by itself after a while: what was put off or claimed is due again."""
    with Session.begin() as session:
        waiting = Outgoing.state.in_(("waiting", "sending"))
        session.execute(update(Outgoing).where(waiting).values(due_at=now() - timedelta(seconds=1)))
