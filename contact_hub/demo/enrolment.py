"""Gives the invented people of Lindervelde their accounts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub import agents
from contact_hub.agents import Agent, Membership
from contact_hub.demo.people import PEOPLE
from contact_hub.queues import Queue


def enrol_all(session: Session) -> None:
    """Makes an account for each of them who has none yet, and members of those of their queues that the rules name."""
    known = {agent.email: agent for agent in session.scalars(select(Agent))}
    queues = set(session.scalars(select(Queue.id)))
    for each in PEOPLE:
        agent = known.get(each.email) or agents.enrol(
            session, email=each.email, name=each.name, password=each.password, role=each.role
        )
        missing = [queue for queue in each.queues if queue in queues - agent.queue_ids]
        agent.memberships.extend(Membership(queue_id=queue) for queue in missing)
