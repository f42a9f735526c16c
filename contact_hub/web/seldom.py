"""What most tickets do not have, asked for all at once: their page looks only for what is there."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, exists, or_, select
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


def there(session: Session, ticket: Ticket, agent: Agent) -> frozenset[str]:
    """Which of the names below this ticket has; what is `unsent` is this person's."""
    asked = select(*(exists().where(condition).label(name) for name, condition in _conditions(ticket, agent).items()))
    return frozenset(name for name, is_there in session.execute(asked).one()._mapping.items() if is_there)


def _conditions(ticket: Ticket, agent: Agent) -> Mapping[str, ColumnElement[bool]]:
    other, first = aliased(Ticket), ticket.linked_to_id or ticket.id
    return {
        "mentions": Mention.ticket_id == ticket.id,
        "call_back": CallBack.ticket_id == ticket.id,
        "slip": Slip.ticket_id == ticket.id,
        "unsent": and_(Unsent.ticket_id == ticket.id, Unsent.agent_id == agent.id),
        "found_wrong": WrongDecision.ticket_id == ticket.id,
        "merges": PersonMerge.kept_id == ticket.person_id,
        "links": or_(TicketLink.low_id == ticket.id, TicketLink.high_id == ticket.id),
        "linked": and_(or_(other.id == first, other.linked_to_id == first), other.id != ticket.id),
        "later": or_(other.follows_id == ticket.id, other.split_from_id == ticket.id, other.joined_id == ticket.id),
    }
