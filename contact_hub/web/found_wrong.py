"""At "why here?": this was wrong, and it was right after all; one click each."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from contact_hub import wrong_decisions
from contact_hub.agents import Agent
from contact_hub.tickets import Ticket
from contact_hub.web import verb_schemas as schemas
from contact_hub.web.verb import Form, Verb


def found_wrong(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Says that a rule decided wrongly here; it counts against the rule."""
    wrong_decisions.say(session, ticket, form.get("rule", ""), by=by)


def found_right(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Takes that back."""
    wrong_decisions.take_back(session, ticket, form.get("rule", ""), by=by)


VERBS: Mapping[str, Verb] = {
    "found-wrong": Verb(
        found_wrong, schemas.RuleSchema, _l("Noted. It counts against the rule, and supervisors see it."), held_by=frozenset()
    ),
    "found-right": Verb(found_right, schemas.RuleSchema, _l("Taken back."), held_by=frozenset()),
}
