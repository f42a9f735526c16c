"""What somebody does with a ticket at work: answering, passing on, resolving, and what lies between."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from contact_hub import answers, asking, editions, manners, mentions, pauses, receipts, search, sharing_out, slips, unsent
from contact_hub.agents import Agent
from contact_hub.days import day_in, moment_in
from contact_hub.marks import Marks, mark_anew
from contact_hub.meanwhile import MOVED, OWNED
from contact_hub.queues import Queue
from contact_hub.tickets import Refused, Ticket
from contact_hub.web import answer_box, in_sight, names
from contact_hub.web import verb_schemas as schemas
from contact_hub.web.addresses import id_in
from contact_hub.web.verb import Form, Verb

DAYS_END = time(17)
LONGEST_REFERENCE = 200  # characters of that of another authority


def answer(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Answers the citizen, by chat at once, by mail ten seconds later; and resolves the ticket where that is asked for too."""
    kept = answer_box.brought_back(ticket, form.get("kept", "").split())
    answers.send(
        session,
        ticket,
        form.get("text", ""),
        by=by,
        language=form.get("language", ""),
        files=answer_box.attachments_of(session, kept),
        seen=id_in(form.get("seen", "")),
    )
    mentions.write(session, ticket, by)
    if form.get("outcome"):
        _must_know_what_is_left(session, ticket, by, form, sent="answers")
        end(session, ticket, by, form["outcome"], form.get("elsewhere", ""))


def claim(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Takes the ticket."""
    ticket.claim(by)


def release(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Gives it back to its queue."""
    ticket.release(by)


def note(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Leaves a note for colleagues."""
    asking.note(session, ticket, form.get("text", ""), by=by)


def ask(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Asks a colleague or a team, and keeps the ticket."""
    kind, _colon, name = form.get("whom", "").partition(":")
    whom = session.get(Queue, name) if kind == "queue" else _agent(session, name)
    asking.ask(session, ticket, whom, form.get("question", ""), by=by)


def advise(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Answers what a colleague asked."""
    asking.advise(session, ticket, form.get("text", ""), by=by)


def hand_over(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Passes it to another queue."""
    to = session.get(Queue, form.get("queue", ""))
    if to is None:
        raise Refused("queue_missing")
    ticket.hand_over(to=to, by=by, because=form.get("reason", ""), promise=form.get("promise", "").strip())
    if form.get("tell"):
        _tell_of_hand_over(session, ticket)


def _tell_of_hand_over(session: Session, ticket: Ticket) -> None:
    way = answers.way_of(session, ticket)
    if way is None or not way.recipient:
        raise Refused("no_address")
    rulebook = editions.deciding(session).rulebook
    language = manners.languages_of(session, rulebook, ticket)[0]
    receipts.tell_of_hand_over(session, rulebook, ticket, recipient=way.recipient, language=language)


def send_back(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Returns it to the queue it came from."""
    ticket.send_back(by=by, because=form.get("reason", ""))


def resolve(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Closes it with an outcome."""
    _must_know_what_is_left(session, ticket, by, form, sent="resolution")
    end(session, ticket, by, form.get("outcome", ""), form.get("elsewhere", ""))


def end(session: Session, ticket: Ticket, by: Agent, outcome: str, elsewhere: str) -> None:
    """With this outcome; the reference under which another authority has it now is kept as a note, to be found."""
    ticket.resolve(by=by, outcome=outcome, note=passed_on(outcome, elsewhere))


def passed_on(outcome: str, elsewhere: str) -> str:
    """The note of a ticket that ended so: the reference at the authority that has it now; empty where none is known."""
    reference = elsewhere.strip()[:LONGEST_REFERENCE]
    if outcome != "informed_external" or not reference:
        return ""
    return str(_("Passed on to another authority, reference there: %(reference)s", reference=reference))


def _must_know_what_is_left(session: Session, ticket: Ticket, by: Agent, form: Form, *, sent: str) -> None:
    """Asks once more where words of theirs were not sent, or a colleague did not answer yet. Raises Refused."""
    if form.get("sure"):
        return
    begun = unsent.of_ticket(session, by.id, ticket.id).keys() - {sent}
    asked = ", ".join(map(names.called, asking.asked_yet(session, ticket)))
    if begun and asked:
        raise Refused("draft_and_question_left", names=asked)
    if begun or asked:
        raise Refused("draft_left") if begun else Refused("question_left", names=asked)


def reopen(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Begins anew, with a reason."""
    reason = form.get("reason", "").strip()
    if not reason:
        raise Refused("reason_missing")
    ticket.reopen(because=reason, by=by)


def mark(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Changes its topic, priority, tags or due date, with a reason."""
    tags = dict.fromkeys(filter(None, map(str.strip, form.get("tags", "").split(","))))
    due = _due(form.get("due", ""), ticket, editions.deciding(session).rulebook.municipality.zone)
    wanted = Marks(topic=form.get("topic", ""), priority=form.get("priority", ""), tags=tuple(tags), due=due)
    mark_anew(ticket, wanted, by=by, because=form.get("reason", ""))


def wait(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Stops its clock until the citizen says something."""
    pauses.wait(ticket, by=by, because=form.get("reason", ""))


def put_off(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Takes it out of the lists of work until a moment."""
    try:
        chosen = moment_in(form.get("moment") or form.get("until", ""))
    except ValueError:
        raise Refused("moment_wrong") from None
    zone = editions.deciding(session).rulebook.municipality.zone
    pauses.put_off(ticket, until=chosen.replace(tzinfo=zone).astimezone(UTC), by=by)


def go_on(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Puts it back into the lists of work."""
    pauses.go_on(ticket, by=by)


def undo(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Undoes what one did to it last, within ten minutes, where nothing else happened since."""
    slips.undo(ticket, by=by)
    search.renew(session, [ticket.id])


def assign(session: Session, ticket: Ticket, by: Agent, form: Form) -> None:
    """Gives it to a colleague."""
    sharing_out.assign(ticket, _agent(session, form.get("agent", "")), by=by)


def _agent(session: Session, number: str) -> Agent | None:
    return session.get(Agent, id_in(number) or 0)


def _due(day: str, ticket: Ticket, zone: ZoneInfo) -> datetime | None:
    """The day somebody chose, at the time of day at which it was due before, else at the end of an ordinary working day."""
    if not day:
        return None
    before = ticket.due_at.astimezone(zone) if ticket.due_at else None
    try:
        chosen = day_in(day)
    except ValueError:
        raise Refused("day_wrong") from None
    if before and before.date() == chosen:
        return ticket.due_at
    return datetime.combine(chosen, before.time() if before else DAYS_END, zone).astimezone(UTC)


ALWAYS: frozenset[str] = frozenset()

VERBS: Mapping[str, Verb] = {
    "answers": Verb(answer, schemas.AnswerSchema, _l("Your answer is on its way.")),
    "claim": Verb(claim, schemas.NothingSchema, _l("This ticket is yours."), held_by=MOVED),
    "release": Verb(release, schemas.NothingSchema, _l("Back in the queue."), held_by=MOVED | OWNED),
    "notes": Verb(note, schemas.NoteSchema, _l("Your note is kept."), held_by=ALWAYS),
    "consultations": Verb(ask, schemas.ConsultationSchema, _l("Asked. The ticket stays where it is."), held_by=MOVED),
    "advice": Verb(advise, schemas.NoteSchema, _l("Your colleague can go on."), held_by=ALWAYS),
    "hand-overs": Verb(hand_over, schemas.HandOverSchema, _l("Handed over.")),
    "returns": Verb(send_back, schemas.ReasonSchema, _l("Sent back.")),
    "resolution": Verb(resolve, schemas.ResolutionSchema, _l("Resolved.")),
    "reopening": Verb(reopen, schemas.ReasonSchema, _l("Open again.")),
    "marks": Verb(mark, schemas.MarksSchema, _l("Changed."), held_by=MOVED | {"marked"}),
    "waits": Verb(wait, schemas.ReasonSchema, _l("The clock stands still until the citizen writes.")),
    "snoozes": Verb(put_off, schemas.SnoozeSchema, _l("Put off.")),
    "resumption": Verb(go_on, schemas.NothingSchema, _l("Back in the lists of work."), held_by=MOVED | OWNED),
    "undo": Verb(undo, schemas.NothingSchema, _l("Undone."), held_by=ALWAYS, finds=in_sight.find_to_undo),
    "assignment": Verb(assign, schemas.AssignmentSchema, _l("Given to your colleague."), held_by=MOVED | OWNED),
}
