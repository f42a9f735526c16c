"""A mail as it was sent: its HTML made safe, in a frame in which nothing runs, and its original to keep."""

from collections.abc import Iterator
from html import escape

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from channels.email.bodies import read_body
from channels.email.safe_html import SafeHtml, made_safe
from channels.email.splitting import Part, split
from channels.email.versions import richest
from contact_hub import blobs
from contact_hub.arrivals import TakenContact
from contact_hub.database import reading
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from contact_hub.web import in_sight
from contact_hub.web.files import NO_SCRIPTS, streamed
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.senders import MAIL, sender_of

blueprint = Blueprint("mail_view", __name__)
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
_LOOK = """\
html { color-scheme: light; background: #fff; }
body { margin: 1rem; color: #1b2320; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; font: inherit; }
a[href] { color: #0b5f8a; }
.address { margin-left: 0.3em; color: #586159; font: 12px/1.4 ui-monospace, monospace; }
.picture { padding: 0 0.3em; border: 1px dashed #85847a; color: #586159; }
"""


@blueprint.get("/tickets/<reference>/mails/<int:message>")
@for_agents
def page(reference: str, message: int) -> str:
    """The mail as it was sent, beneath what is known of its sender."""
    with reading() as session:
        ticket, contact = _found(session, reference, message)
        sender = sender_of(contact)
        remote = "images" in request.args and not sender.trust.suspect
        blocked = _safe(_original(session, contact), suspect=sender.trust.suspect, remote=False).blocked
        return render_template(
            "desk/mail.html",
            ticket=ticket,
            message=message,
            contact=contact,
            sender=sender,
            blocked=blocked,
            remote=remote,
        )


@blueprint.get("/tickets/<reference>/mails/<int:message>/body")
@for_agents
def body(reference: str, message: int) -> Response:
    """What stands in the frame; `?images` lets pictures from elsewhere in, unless the mail is suspect."""
    with reading() as session:
        _ticket, contact = _found(session, reference, message)
        suspect = sender_of(contact).trust.suspect
        remote = "images" in request.args and not suspect
        safe = _safe(_original(session, contact), suspect=suspect, remote=remote)
    shown = f"<!doctype html><meta charset=utf-8><title>{escape(_('The mail as it was sent'))}</title><style>{_LOOK}</style>"
    policy = _POLICY.format(pictures="data: https: http:" if remote else "data:")
    headers = {"Content-Security-Policy": policy, "X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "no-referrer"}
    return Response(f"{shown}<body>{safe.html}", content_type="text/html; charset=utf-8", headers=headers)


@blueprint.get("/tickets/<reference>/mails/<int:message>/original")
@for_agents
def original(reference: str, message: int) -> Response:
    """The raw mail, to keep or to hand on."""
    with reading() as session:
        ticket, contact = _found(session, reference, message)
    headers = Headers({"Content-Security-Policy": NO_SCRIPTS})
    headers.set("Content-Disposition", "attachment", filename=f"{ticket.reference}-{message}.eml")
    return Response(streamed(contact.raw_sha256), content_type="application/octet-stream", headers=headers)


def _found(session: Session, reference: str, number: int) -> tuple[Ticket, TakenContact]:
    """The ticket and the mail of this message; answers 404 where it is none."""
    found = in_sight.find_readable(session, reference, me())
    ticket = found.ticket
    message = session.get(Message, number)
    if message is None or message.ticket_id != ticket.id or message.contact_id is None or not found.holds(number):
        abort(404)
    contact = session.get_one(TakenContact, message.contact_id)
    if contact.raw_type != MAIL:
        abort(404)
    return ticket, contact


def _original(session: Session, contact: TakenContact) -> Part:
    return split(b"".join(blobs.load(session, contact.raw_sha256)))


def _safe(root: Part, *, suspect: bool, remote: bool) -> SafeHtml:
    """All stretches of the mail, one beneath the other."""
    pictures = {file.content_id: file for file in read_body(root).attachments if file.content_id}
    stretches = richest(root)

    def each() -> Iterator[SafeHtml]:
        for stretch in stretches:
            html = stretch.text if stretch.is_html else f"<pre>{escape(stretch.text)}</pre>"
            yield made_safe(html, pictures=pictures, suspect=suspect, remote=remote)

    safe = list(each())
    return SafeHtml("<hr>".join(one.html for one in safe), sum(one.blocked for one in safe))
