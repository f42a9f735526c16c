"""What a verb is: one thing that somebody does with a ticket, by page or by API, as one line of one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from flask_babel import LazyString
from marshmallow import Schema
from sqlalchemy.orm import Session

from contact_hub.agents import Agent
from contact_hub.meanwhile import CHANGED
from contact_hub.tickets import Ticket
from contact_hub.web import in_sight

Form = Mapping[str, str]
Finds = Callable[[Session, str, Agent], Ticket]
Does = Callable[[Session, Ticket, Agent, Form], Ticket | None]
WHOLE: Finds = partial(in_sight.find_whole, to_change=True)


@dataclass(frozen=True)
class Verb:
    """Done by whoever `finds` the ticket, as a rule who sees it whole; raises Refused where it can't be done.

    `does` gives the ticket in which things go on, where that is another one; `takes` is what the API takes for it, as the
    form of the page has it; `done` is what the page says then. It is held where
    something of `held_by` happened that whoever does it does not know.
    """

    does: Does
    takes: type[Schema]
    done: LazyString
    held_by: frozenset[str] = CHANGED
    finds: Finds = WHOLE
