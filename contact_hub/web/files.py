"""The files of a conversation: to download, or, for pictures that a browser shows safely, to look at."""

import re
from collections.abc import Iterator

from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import Headers

from contact_hub import blobs
from contact_hub.database import reading
from contact_hub.messages import StoredAttachment
from contact_hub.web import in_sight
from contact_hub.web.people_at_work import for_agents, me
from contact_hub.web.ticket import INLINE

blueprint = Blueprint("files", __name__)
NO_SCRIPTS = "default-src 'none'; sandbox"
_UNFIT = re.compile(r'[\x00-\x1f\x7f"\\/]')


@blueprint.get("/tickets/<reference>/attachments/<int:number>")
@for_agents
def attachment(reference: str, number: int) -> Response:
    """The file, streamed; `?inline` shows a picture in the page."""
    with reading() as session:
        ticket = in_sight.find_whole(session, reference, me())
        file = session.get(StoredAttachment, number) if number < 2**31 else None
        if file is None or file.message.ticket_id != ticket.id:
            abort(404)
    shown = "inline" in request.args and file.content_type.lower() in INLINE
    headers = Headers({"Content-Security-Policy": NO_SCRIPTS, "Content-Length": str(file.size)})
    headers.set("Content-Disposition", "inline" if shown else "attachment", filename=_UNFIT.sub("_", file.name) or "file")
    kind = file.content_type.lower() if shown else "application/octet-stream"
    return Response(streamed(file.sha256), content_type=kind, headers=headers)


def streamed(sha256: str) -> Iterator[bytes]:
    """A file piece by piece, in a transaction of its own: the request may be over when the last piece goes."""
    with reading() as session:
        yield from blobs.load(session, sha256)
