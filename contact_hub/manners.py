"""How the municipality writes about a ticket: in which language, by which account, and above what it answers."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from contact_hub import mail_accounts, outbox, receipts
from contact_hub.arrivals import TakenContact
from contact_hub.letters import beginnings
from contact_hub.mail_accounts import Account
from contact_hub.messages import Message
from contact_hub.outbox import Outgoing
from contact_hub.routing.rules import Rulebook
from contact_hub.tickets import Ticket

QUOTED_DOORS = ("email", "webform")  # what was said elsewhere an agent wrote down, not the citizen
MOST_QUOTED = 20_000  # characters


def languages_of(session: Session, rulebook: Rulebook, ticket: Ticket, *, before: str | None = None) -> tuple[str, ...]:
    """The languages an answer may be in, the first choice first: never what the citizen seems to speak.

    First the one an agent chose for this ticket `before`, then the one its person likes best, then the one a rule said, then
    those of the municipality in its order. What was chosen before is looked up where it is not given.
    """
    decided = ticket.decision
    rules = (decided.rule, *decided.record.get("labels", ())) if decided else ()
    likes = ticket.person.language if ticket.person else ""
    wanted = [_chosen_before(session, ticket) if before is None else before, likes, *receipts.languages_said(rulebook, rules)]
    return beginnings.languages(tuple(dict.fromkeys(filter(None, wanted))))


def account_of(session: Session, ticket: Ticket) -> Account:
    """The account that writes: that of its queue, else of the mailbox the citizen wrote to first."""
    first = (
        select(TakenContact.facts).join(Message, Message.contact_id == TakenContact.id).where(Message.ticket_id == ticket.id)
    )
    facts = session.scalar(first.order_by(Message.id).limit(1)) or {}
    return mail_accounts.choose(outbox.accounts, queue=ticket.queue_id, mailboxes=facts.get("recipients", ()))


def quoted_for(session: Session, rulebook: Rulebook, ticket: Ticket, *, recipient: str, language: str) -> str:
    """What this recipient wrote last in the ticket, as a mail quotes it; nothing that somebody else said."""
    said = select(Message).join(TakenContact, TakenContact.id == Message.contact_id).order_by(Message.id.desc()).limit(1)
    said = said.where(Message.ticket_id == ticket.id, Message.kind == "said", Message.channel.in_(QUOTED_DOORS))
    last = session.scalars(said.where(TakenContact.sender.ilike(_literally(recipient), escape="\\"))).first()
    if last is None or not last.text.strip():
        return ""
    above = beginnings.attribution(language, last.author_name, last.at.astimezone(rulebook.municipality.zone))
    return "\n".join([above, *_behind_marks(last.text[:MOST_QUOTED].strip().splitlines())])


_ANSWERED_IN = (
    select(Outgoing.language)
    .join(Message, Message.id == Outgoing.message_id)
    .where(Message.ticket_id == bindparam("of_ticket"), Message.kind == "answer")
    .order_by(Message.id.desc())
    .limit(1)
)


def _chosen_before(session: Session, ticket: Ticket) -> str:
    return session.scalar(_ANSWERED_IN, {"of_ticket": ticket.id}) or ""


def _behind_marks(lines: Iterable[str]) -> list[str]:
    return [f"> {line}".rstrip() for line in lines]


def _literally(address: str) -> str:
    return address.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
