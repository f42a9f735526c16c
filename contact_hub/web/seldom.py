"""What most tickets do not have, asked for all at once: their page looks only for what is there."""

from sqlalchemy import Integer, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from contact_hub.agents import Agent
from contact_hub.calls import CallBack
from contact_hub.identity import PersonMerge
from contact_hub.links import TicketLink
from contact_hub.mentions import Mention
from contact_hub.slips import Slip
from contact_hub.tickets import Ticket
from contact_hub.unsent import Unsent
from contact_hub.wrong_decisions import WrongDecision

_OTHER = aliased(Ticket)
_TICKET, _FIRST, _PERSON, _AGENT = (bindparam(name, type_=Integer) for name in ("ticket", "first", "person", "agent"))
_CONDITIONS = {
    "mentions": Mention.ticket_id == _TICKET,
    "call_back": CallBack.ticket_id == _TICKET,
    "slip": Slip.ticket_id == _TICKET,
    "unsent": and_(Unsent.ticket_id == _TICKET, Unsent.agent_id == _AGENT),
    "found_wrong": WrongDecision.ticket_id == _TICKET,
    "merges": PersonMerge.kept_id == _PERSON,
    "links": or_(TicketLink.low_id == _TICKET, TicketLink.high_id == _TICKET),
    "linked": and_(or_(_OTHER.id == _FIRST, _OTHER.linked_to_id == _FIRST), _OTHER.id != _TICKET),
    "later": or_(_OTHER.follows_id == _TICKET, _OTHER.split_from_id == _TICKET, _OTHER.joined_id == _TICKET),
}
_ASKED = select(*(exists().where(condition).label(name) for name, condition in _CONDITIONS.items()))  # made once


def there(session: Session, ticket: Ticket, agent: Agent) -> frozenset[str]:
    """Which of the names above this ticket has; what is `unsent` is this person's."""
    first = ticket.linked_to_id or ticket.id
    about = {"ticket": ticket.id, "first": first, "person": ticket.person_id, "agent": agent.id}
    return frozenset(name for name, is_there in session.execute(_ASKED, about).one()._mapping.items() if is_there)
