"""The files of a conversation: to download, or, for pictures that a browser shows safely and for pages of a PDF, to look at."""

import re
from collections.abc import Iterator

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from contact_hub import blobs, pdf_pages
from contact_hub.database import reading
from contact_hub.messages import StoredAttachment
from contact_hub.web import in_sight
from contact_hub.web.people_at_work import for_agents, me

blueprint = Blueprint("files", __name__)
NO_SCRIPTS = "default-src 'none'; sandbox"
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MOST_SHOWN = {"picture": 8_000_000, "pdf": 25_000_000}  # bytes of a file that is shown in the page
MOST_PAGES = 20  # of a PDF
PROGRAMS = frozenset(
    "apk app bat cmd com cpl dll docm exe hta htm html img iso jar js lnk msi ps1 pptm reg scr svg vbs wsf xlsm".split()  # noqa: SIM905
)
"""Endings of files that may run something where they are opened."""
_UNFIT = re.compile(r'[\x00-\x1f\x7f"\\/]')


@blueprint.get("/tickets/<reference>/attachments/<int:number>")
@for_agents
def attachment(reference: str, number: int) -> Response:
    """The file, streamed; `?inline` shows a picture in the page."""
    with reading() as session:
        file = _find(session, reference, number)
    shown = "inline" in request.args and file.content_type.lower() in PICTURES
    headers = Headers({"Content-Security-Policy": NO_SCRIPTS, "Content-Length": str(file.size)})
    headers.set("Content-Disposition", "inline" if shown else "attachment", filename=_UNFIT.sub("_", file.name) or "file")
    kind = file.content_type.lower() if shown else "application/octet-stream"
    return Response(streamed(file.sha256), content_type=kind, headers=headers)


@blueprint.get("/tickets/<reference>/attachments/<int:number>/pages")
@for_agents
def pages(reference: str, number: int) -> str:
    """The part of a page that shows the pages of a PDF, or says that they can't be shown."""
    with reading() as session:
        file = _find(session, reference, number)
        pdf = _pdf(session, file)
    try:
        count = pdf_pages.count(pdf)
    except pdf_pages.Unreadable:
        count = 0
    return render_template("desk/pdf_pages.html", reference=reference, file=file, count=count, most=MOST_PAGES)


@blueprint.get("/tickets/<reference>/attachments/<int:number>/pages/<int:page>")
@for_agents
def page(reference: str, number: int, page: int) -> Response:
    """A page of a PDF as a picture."""
    with reading() as session:
        pdf = _pdf(session, _find(session, reference, number))
    if not 1 <= page <= MOST_PAGES:
        abort(404)
    try:
        picture = pdf_pages.picture(pdf, page)
    except pdf_pages.Unreadable:
        abort(404)
    headers = {"Content-Security-Policy": NO_SCRIPTS, "Cache-Control": "private, max-age=3600, immutable"}
    return Response(picture, content_type="image/png", headers=headers)


@blueprint.app_template_filter()
def preview(file: StoredAttachment) -> str:
    """How a file can be looked at in the page: as a picture, as a pdf, or not."""
    is_pdf = file.content_type.lower() == "application/pdf" or file.name.lower().endswith(".pdf")
    kind = "picture" if file.content_type.lower() in PICTURES else "pdf" if is_pdf else ""
    return kind if file.size < MOST_SHOWN.get(kind, 0) else ""


@blueprint.app_template_test()
def program(file: StoredAttachment) -> bool:
    """Whether a file may run something where it is opened."""
    return file.name.rpartition(".")[2].lower() in PROGRAMS


def streamed(sha256: str) -> Iterator[bytes]:
    """A file piece by piece, in a transaction of its own: the request may be over when the last piece goes."""
    with reading() as session:
        yield from blobs.load(session, sha256)


def _find(session: Session, reference: str, number: int) -> StoredAttachment:
    """The file, for somebody who reads its message; answers 404 or 403 to others."""
    found = in_sight.find_readable(session, reference, me())
    file = session.get(StoredAttachment, number)
    if file is None or file.message.ticket_id != found.ticket.id or not found.holds(file.message_id):
        abort(404)
    return file


def _pdf(session: Session, file: StoredAttachment) -> bytes:
    if preview(file) != "pdf":
        abort(404)
    return b"".join(blobs.load(session, file.sha256))
