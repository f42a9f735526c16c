"""The one way in which a verb of a ticket is done, from a page or over the API: in one transaction, or refused."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from sqlalchemy.orm import Session

from contact_hub import live, meanwhile, unsent
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import Sight, sight_of
from contact_hub.web import found_wrong, regrouping, verbs, whose
from contact_hub.web.people_at_work import me
from contact_hub.web.verb import Form, Verb
from contact_hub.web.verb_schemas import MOST_TEXT

VERBS: Mapping[str, Verb] = {**verbs.VERBS, **regrouping.VERBS, **whose.VERBS, **found_wrong.VERBS}
"""Every verb of a ticket, by the resource that is posted to."""

Told = TypeVar("Told")


def do(reference: str, name: str, form: Form, *, seen: int | None, tell: Callable[[Session, Ticket, Sight], Told]) -> Told:
    """Does it for whoever asks, and gives what `tell` says of the ticket in which things go on, and of what they see of it.

    `seen` is the last event they know. Raises Refused; answers 404 and 403 as the ticket's page does.
    """
    verb, agent = VERBS[name], me()
    must_fit(form)
    with live.change() as session:
        ticket = verb.finds(session, reference, agent)
        kinds = verb.held_by - meanwhile.SAID if form.get("seen") else verb.held_by  # what was said is held for by itself
        meanwhile.must_be_known(session, ticket, seen, kinds, by=agent)
        goes_on_in = verb.does(session, ticket, agent, form) or ticket
        unsent.forget(session, agent.id, ticket.id, name)
        session.flush()
        session.refresh(goes_on_in)
        return tell(session, goes_on_in, sight_of(agent, goes_on_in))


def must_fit(form: Form) -> None:
    """Refuses a text without end."""
    if any(len(text) > MOST_TEXT for text in form.values()):
        raise Refused("too_long", most=f"{MOST_TEXT}")
