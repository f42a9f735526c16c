"""Answers that agents write, and what became of them."""

from collections.abc import Sequence

from sqlalchemy import select

from contact_hub import live, outbox
from contact_hub.database import now, reading
from contact_hub.outbox import Outgoing
from tests.builders import a_ticket, an_agent, an_answer
from tests.servers import SmtpSink


def write_answers(count: int) -> Sequence[str]:
    """Agents answer so many questions; gives the ids of the mails. Usually nobody wakes a worker, and a sweep finds them."""
    written = []
    with live.change() as session:
        agent = an_agent(session)
        for _ in range(count):
            ticket = a_ticket(session, sender="", external_id=f"question-{now().timestamp()}-{len(written)}")
            message = an_answer()
            ticket.answer(message, by=agent)
            mail = outbox.write(
                session,
                message,
                reference=ticket.reference,
                recipient="roos@example.org",
                subject="Uw vraag",
                answers=["question@example.org"],
            )
            written.append(str(mail.message.message_id))
    return written


def ids(smtp: SmtpSink) -> list[str]:
    return [each.message["Message-ID"].strip("<>") for each in smtp.received]


def states() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Outgoing.state).order_by(Outgoing.message_id)))
