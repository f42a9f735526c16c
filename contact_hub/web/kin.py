"""What a ticket says of the tickets around it: which it may belong to, came from or went to, and whose question it is."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from contact_hub import threads
from contact_hub.agents import Agent
from contact_hub.arrivals import TakenContact
from contact_hub.history import Event
from contact_hub.links import linked_by_hand
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, knows_queue, sight_of
from contact_hub.web.said import Said

FOLLOWS, FOLLOWED = _l("It follows"), _l("Followed by")
SPLIT_FROM, SPLIT = _l("Taken out of"), _l("Taken out into")
JOINED, TOOK_IN = _l("Went on in"), _l("Took in")
LINKED = _l("Linked with")

# What happened between tickets, in words; `who` did it, `to` is the reference of the other ticket.
HAPPENED: Mapping[str, object] = {
    "joined": _l("%(who)s found that it belongs to %(to)s"),
    "took_in": _l("%(who)s took in what was said in %(to)s"),
    "kept_apart": _l("%(who)s found that it does not belong to %(to)s"),
    "split": _l("%(who)s took messages out into %(to)s"),
    "split_from": _l("%(who)s took these messages out of %(to)s"),
    "follows": _l("It follows %(to)s, resolved long before"),
    "followed": _l("The citizen came back: %(to)s"),
    "parted": _l("%(who)s took it apart again from %(to)s"),
    "gave_back": _l("%(who)s gave back what belongs to %(to)s"),
    "linked": _l("%(who)s linked it with %(to)s"),
    "unlinked": _l("%(who)s took away its link with %(to)s"),
    "person_corrected": _l("%(who)s put right who it is from"),
    "persons_merged": _l("%(who)s found that two persons are one"),
    "persons_parted": _l("%(who)s found that two persons are not one"),
    "persons_kept_apart": _l("%(who)s found that two persons of one name are two"),
    "citizen_named": _l("%(who)s said who the citizen is"),
    "bounced": _l("A mail to the citizen came back"),
    "heard_delay": _l("A mail server reports a delay and keeps trying"),
    "heard_thanks": _l("The citizen said thank you"),
}


@dataclass(frozen=True)
class Relative:
    """Another ticket, how it is related, and whether it is seen whole."""

    relation: object
    ticket: Ticket
    whole: bool
    knows_queue: bool

    @property
    def was_taken_in(self) -> bool:
        """Whether all that was said in it stands here, and can go back."""
        return self.relation is TOOK_IN and self.whole

    @property
    def by_hand(self) -> bool:
        """Whether somebody linked them, who may think better of it."""
        return self.relation is LINKED and self.whole


@dataclass(frozen=True)
class Citizen:
    """Whose question it may be."""

    address: str
    name: str


@dataclass(frozen=True)
class Kin:
    """The tickets around one. `perhaps` is the one it may belong to, `joined` the one it went on in, if in sight.

    `chases` says that its person asks by it how that other one of theirs stands; `said` is how often citizens spoke in it.
    """

    perhaps: Ticket | None
    joined: Ticket | None
    relatives: Sequence[Relative]
    citizens: Sequence[Citizen]
    said: int
    chases: bool


def kin_of(session: Session, ticket: Ticket, agent: Agent, said: Sequence[Said], there: Container[str]) -> Kin:
    """What this person may know of it; citizens `said` that, and `there` names what it has of later tickets and of links."""
    perhaps = ticket.perhaps
    if perhaps and sight_of(agent, perhaps) != Sight.FULL:
        perhaps = None
    joined = ticket.joined if ticket.joined and sight_of(agent, ticket.joined) > Sight.NONE else None
    citizens = _citizens(ticket, sorted((turn.contact for turn in said if turn.contact), key=attrgetter("id")))
    chases = perhaps is not None and perhaps.person_id is not None and perhaps.person_id == ticket.person_id
    return Kin(perhaps, joined, _relatives(session, ticket, agent, there), citizens, len(said), chases)


def names_another(event: Event) -> bool:
    """Whether it says the reference of another ticket."""
    return event.kind in HAPPENED and "to" in event.data


def _relatives(session: Session, ticket: Ticket, agent: Agent, there: Container[str]) -> list[Relative]:
    among = or_(Ticket.follows_id == ticket.id, Ticket.split_from_id == ticket.id, Ticket.joined_id == ticket.id)
    later = session.scalars(select(Ticket).where(among).order_by(Ticket.id)).all() if "later" in there else []
    related = [
        *((relation, other) for relation, other in _before(ticket) if other),
        *((FOLLOWED, each) for each in later if each.follows_id == ticket.id),
        *((SPLIT, each) for each in later if each.split_from_id == ticket.id),
        *((TOOK_IN, each) for each in later if each.joined_id == ticket.id),
        *((LINKED, each) for each in (linked_by_hand(session, ticket) if "links" in there else ())),
    ]
    seen = ((relation, other, sight_of(agent, other)) for relation, other in related)
    return [
        Relative(relation, other, sees == Sight.FULL, knows_queue(agent, other))
        for relation, other, sees in seen
        if sees > Sight.NONE
    ]


def _before(ticket: Ticket) -> list[tuple[object, Ticket | None]]:
    return [(FOLLOWS, ticket.follows), (SPLIT_FROM, ticket.split_from), (JOINED, ticket.joined)]


def _citizens(ticket: Ticket, taken: Sequence[TakenContact]) -> list[Citizen]:
    """Who wrote what a sender passed on; and the sender, where somebody else was named."""
    offered = [Citizen(each.facts.get("forwarded_from", ""), each.facts.get("forwarded_name", "")) for each in taken]
    if taken and ticket.answer_to:
        offered.append(Citizen(taken[0].sender.lower(), taken[0].sender_name))
    first = taken[0].sender.lower() if taken else ""
    current = ticket.answer_to or first
    by_address = {each.address: each for each in offered if "@" in each.address and each.address != current}
    return [each for each in by_address.values() if not threads.is_own(each.address)]
