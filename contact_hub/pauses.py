"""When a ticket rests: it waits for its citizen, whose time is not ours, or is put off until a moment somebody chose."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_

from contact_hub.agents import Agent
from contact_hub.conditions import this_moment
from contact_hub.database import now
from contact_hub.holding import accept
from contact_hub.slips import may_be_undone
from contact_hub.tickets import Refused, Ticket

LONGEST = timedelta(days=366)  # a ticket may be put off


@may_be_undone
def wait(ticket: Ticket, *, by: Agent, because: str) -> None:
    """Its clock stands still until the citizen says something or somebody goes on. Raises Refused."""
    ticket.must_be_open()
    if ticket.status == "waiting":
        raise Refused("waits_already")
    if not because.strip():
        raise Refused("why_waiting")
    accept(ticket, by)
    ticket.begin_pause()
    ticket.record("waits", by=by, because=because.strip())


@may_be_undone
def put_off(ticket: Ticket, *, until: datetime, by: Agent) -> None:
    """Takes it out of the lists of work until then, or until the citizen says something; its clock runs on. Raises Refused."""
    ticket.must_be_open()
    if not now() < until <= now() + LONGEST:
        raise Refused("moment_past")
    accept(ticket, by)
    ticket.end_pause()
    ticket.snoozed_until = until
    ticket.record("put_off", by=by, until=until.isoformat())


@may_be_undone
def go_on(ticket: Ticket, *, by: Agent) -> None:
    """Back into the lists of work. Raises Refused."""
    if not is_resting(ticket):
        raise Refused("rests_not")
    ticket.end_pause()
    ticket.record("went_on", by=by)


def is_resting(ticket: Ticket) -> bool:
    """Whether nobody has to do anything with it now."""
    return ticket.status == "waiting" or (ticket.snoozed_until is not None and ticket.snoozed_until > now())


def resting() -> ColumnElement[bool]:
    """The same as a condition for a query; of tickets that are open."""
    return or_(Ticket.status == "waiting", put_off_still())


def put_off_still() -> ColumnElement[bool]:
    """Whether its moment is still to come: never NULL, to be turned round."""
    return and_(Ticket.snoozed_until.is_not(None), Ticket.snoozed_until > this_moment())


def at_work() -> ColumnElement[bool]:
    """The other open ones."""
    return ~resting()
