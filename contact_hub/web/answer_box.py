"""The box in which an agent answers: what a letter may begin with, in which languages, and the files that go along."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from contact_hub import answer_templates, answers, blobs, editions, manners, submissions, unsent
from contact_hub.answer_templates import AnswerTemplate
from contact_hub.answers import MOST_BYTES
from contact_hub.contact import Attachment
from contact_hub.letters import beginnings
from contact_hub.letters.beginnings import Writing
from contact_hub.messages import Message, StoredAttachment
from contact_hub.routing.rules import Rulebook
from contact_hub.tickets import Refused, Ticket
from contact_hub.web.people_at_work import me

BEGINNINGS = {
    "answer": _l("Answer, with salutation and signature"),
    "question": _l("Ask for information"),
    "closing": _l("Close the question"),
}


@dataclass(frozen=True)
class Kept:
    """A file that was sent already; `token` brings it back with the next page."""

    name: str
    content_type: str
    size: int
    sha256: str
    token: str


@dataclass(frozen=True)
class Box:
    """What the page offers: the first of `languages` is the municipality's choice for this ticket."""

    languages: Sequence[str]
    kept: Sequence[Kept] = ()
    templates: Sequence[AnswerTemplate] = ()
    most: int = MOST_BYTES


def box_for(session: Session, ticket: Ticket, before: str, kept: Sequence[Kept] = ()) -> Box:
    """The box under a ticket that was answered in the language `before`."""
    languages = manners.languages_of(session, _rulebook(session), ticket, before=before)
    return Box(languages, kept, answer_templates.for_ticket(session, ticket))


def with_template(session: Session, ticket: Ticket, form: Mapping[str, str]) -> str:
    """What was typed so far and the chosen template behind it; in a letter that was begun, before its end. Raises Refused."""
    number = form.get("template", "")
    chosen = {str(each.id): each for each in answer_templates.for_ticket(session, ticket)}.get(number)
    if chosen is None:
        raise Refused("template_missing")
    writing, language, text = writing_of(session, ticket), form.get("language", ""), form.get("text", "")
    values = {
        "name": writing.citizen,
        "reference": ticket.reference,
        "queue": ticket.queue.name(language),
        "agent": writing.agent,
        "municipality": writing.municipality,
    }
    own = beginnings.own_words(text, writing)
    both = f"{own}\n\n{answer_templates.filled(chosen, language, values)}".strip()
    is_letter = own != text.replace("\r\n", "\n").strip()
    return beginnings.begin(form.get("letter", ""), language, both, writing) if is_letter else both


def writing_of(session: Session, ticket: Ticket) -> Writing:
    """Who writes to whom in this ticket."""
    said = select(Message.author_name).where(Message.ticket_id == ticket.id, Message.kind == "said")
    name = session.scalar(said.order_by(Message.id).limit(1)) or ""
    return Writing("" if "@" in name else name, me().name, _rulebook(session).municipality.name, ticket.reference)


def keep(session: Session, ticket: Ticket, files: Iterable[FileStorage]) -> list[Kept]:
    """Keeps what was just sent, so that no page asks for it twice. Raises Refused for what is too large for any mail."""
    sent = [submissions.attachment(each.filename or "", each.mimetype, each.read()) for each in files if each.filename]
    if any(len(each.content) > MOST_BYTES for each in sent):
        raise Refused("files_too_large", most=str(MOST_BYTES // 1_000_000))
    digests = [blobs.digest(each.content) for each in sent]
    blobs.store(session, {digest: each.content for digest, each in zip(digests, sent, strict=True)})
    facts = zip(sent, digests, strict=True)
    return [_signed(ticket, each.name, each.content_type, len(each.content), digest) for each, digest in facts]


def take_back(session: Session, ticket: Ticket, number: int) -> dict[str, str]:
    """Takes an answer back before it leaves; its text and files are a draft again, which it gives. Raises Refused."""
    taken = answers.take_back(session, ticket, number, by=me())
    files = [each.token for each in _keep_again(ticket, taken.files)]
    return unsent.bring_back(session, me().id, ticket.id, taken.text, taken.language, files)


def brought_back(ticket: Ticket, tokens: Iterable[str]) -> list[Kept]:
    """The files that the page carried; what was not signed for this ticket is left out."""
    found = []
    for token in dict.fromkeys(tokens):
        try:
            reference, name, content_type, size, sha256 = _serializer().loads(token)
        except (BadData, ValueError):
            continue
        if reference == ticket.reference:
            found.append(Kept(name, content_type, size, sha256, token))
    return found


def attachments_of(session: Session, kept: Iterable[Kept]) -> list[Attachment]:
    """The files with their bytes."""
    return [Attachment(each.name, each.content_type, b"".join(blobs.load(session, each.sha256))) for each in kept]


def _keep_again(ticket: Ticket, files: Iterable[StoredAttachment]) -> list[Kept]:
    """The files of an answer that was taken back."""
    return [_signed(ticket, each.name, each.content_type, each.size, each.sha256) for each in files]


def _signed(ticket: Ticket, name: str, content_type: str, size: int, sha256: str) -> Kept:
    token = _serializer().dumps([ticket.reference, name, content_type, size, sha256])
    return Kept(name, content_type, size, sha256, str(token))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="file of an answer")


def _rulebook(session: Session) -> Rulebook:
    return editions.deciding(session).rulebook
