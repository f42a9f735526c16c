"""What somebody says about the person of a ticket: who it is, how to reach them, and which persons are one."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub import identity
from contact_hub.agents import Agent
from contact_hub.identity import Details, PersonMerge
from contact_hub.people import Person
from contact_hub.tickets import Refused, Ticket
from contact_hub.visibility import readable
from contact_hub.web import languages
from contact_hub.web import verb_schemas as schemas
from contact_hub.web.addresses import id_in
from contact_hub.web.verb import Form, Verb
from contact_hub.web.words import DOORS

KNOWN = "address-"  # and the number of an address the person has


def name_citizen(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Says whose question it is."""
    identity.citizen_is(session, ticket, form.get("address", ""), by=by, name=form.get("name", ""))
    return ticket


def correct(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Puts right who it is from."""
    known = {id_in(name.removeprefix(KNOWN)) or 0: form[name] for name in form if name.startswith(KNOWN)}
    plain = {name: form.get(name, "") for name in ("name", "mail", "phone", "on_behalf_of")}
    language, door = form.get("language", ""), form.get("door", "")
    details = Details(
        **plain,
        language=language if language in languages.NAMES else "",
        door=door if door in DOORS else "",
        addresses=known,
    )
    identity.correct(session, ticket, details, by=by)
    return ticket


def same_person(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Makes two persons one."""
    person = ticket.person
    alike = {each.id: each for each in look_alikes(session, person, by)} if person else {}
    identity.merge(session, ticket, alike.get(id_in(form.get("person", "")) or 0), by=by)
    return ticket


def not_same_person(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Says that two persons of one name are two; they are not proposed again."""
    alike = {each.id: each for each in look_alikes(session, ticket.person, by)} if ticket.person else {}
    identity.keep_apart(session, ticket, alike.get(id_in(form.get("person", "")) or 0), by=by)
    return ticket


def other_person(session: Session, ticket: Ticket, by: Agent, form: Form) -> Ticket:
    """Makes them two again."""
    number = id_in(form.get("merge", "")) or 0
    if ticket.person is None or number not in {merge.id for merge, _ in parted_again(session, ticket.person, by)}:
        raise Refused("person_missing")
    identity.part(session, ticket, number, by=by)
    return ticket


def look_alikes(session: Session, person: Person, agent: Agent) -> list[Person]:
    """Who is perhaps the same person, as far as this agent may know of them: by a ticket that they see whole."""
    return identity.perhaps_the_same(session, person, readable(session, agent))


def parted_again(session: Session, person: Person, agent: Agent) -> list[tuple[PersonMerge, Person]]:
    """Who was found to be this person: by the agent, or with a ticket that they see whole."""

    def may_know(merge: PersonMerge) -> bool:
        theirs = select(Ticket.id).where(Ticket.id.in_(merge.moved[Ticket.__tablename__]), readable(session, agent)).limit(1)
        return merge.by_id == agent.id or session.scalar(theirs) is not None

    return [(merge, gone) for merge, gone in identity.merged_into(session, person) if may_know(merge)]


NAMED = frozenset({"citizen_named", "person_corrected", "persons_merged", "persons_parted"})

VERBS: Mapping[str, Verb] = {
    "citizen": Verb(name_citizen, schemas.CitizenSchema, _l("Answers go to this citizen now."), held_by=NAMED),
    "person": Verb(correct, schemas.PersonDetailsSchema, _l("Put right."), held_by=NAMED),
    "same-person": Verb(same_person, schemas.SamePersonSchema, _l("They are one person now."), held_by=NAMED),
    "not-same-person": Verb(
        not_same_person, schemas.SamePersonSchema, _l("Two persons. This is not asked again."), held_by=NAMED
    ),
    "other-person": Verb(other_person, schemas.OtherPersonSchema, _l("They are two persons again."), held_by=NAMED),
}
