"""The files of a chat: sent by the visitor's page, and fetched by it; within the limits of the web forms.

Beside them the page of an invented town, which embeds the chat.
"""

from flask import Blueprint, Response, abort, current_app, render_template, request
from werkzeug.datastructures import Headers

from channels.chat.taking import ID, MOST_NAME, Keys, cleaned, take_in
from contact_hub import forms
from contact_hub.database import reading
from contact_hub.forms import LANGUAGES
from contact_hub.messages import StoredAttachment
from contact_hub.submissions import LARGEST_FILE, attachment
from contact_hub.web.files import NO_SCRIPTS, streamed
from contact_hub.web.security import limiter, settings_of

OFTEN = "10 per minute"
LARGEST_POST = LARGEST_FILE + (64 << 10)  # bytes: a file and what stands around it

Answer = tuple[dict[str, object], int]
blueprint = Blueprint("chat", __name__)


@blueprint.get("/demo/town")
def town() -> str:
    """The page of an invented town, with the chat on it as any town would embed it."""
    settings = settings_of(current_app)
    if not settings.demo:
        abort(404)
    return render_template("doors/town.html", forms=forms.published(settings.forms).values())


@blueprint.post("/chat/files")
@limiter.limit(OFTEN)
def send() -> Answer:
    """Takes in one file as a message of its own; answers with its number once it is committed, or with what is wrong."""
    request.max_content_length = LARGEST_POST
    form, sent = request.form, request.files.get("file")
    chat = Keys(settings_of(current_app).secret_key).chat_in(form.get("session"))
    if not chat or not ID.fullmatch(form.get("id", "")) or sent is None:
        return {"error": "malformed"}, 422
    file = attachment(sent.filename or "", sent.mimetype, sent.read())
    if not file.content:
        return {"error": "empty"}, 422
    if len(file.content) > LARGEST_FILE:
        return {"error": "too_large"}, 413
    language = form.get("language", "")
    said = {"chat": chat, "language": language if language in LANGUAGES else "", "id": form["id"], "text": ""}
    return {"number": take_in({**said, "name": cleaned(form.get("name"))[:MOST_NAME]}, [file])}, 200


send.without_token = True  # type: ignore[attr-defined] # the key of the chat proves who sends


@blueprint.get("/chat/files/<key>")
def fetch(key: str) -> Response:
    """A file of a chat, for whoever was told its key: to be kept, never shown as a page."""
    number = Keys(settings_of(current_app).secret_key).file_in(key)
    with reading() as session:
        file = session.get(StoredAttachment, number) or abort(404)
    headers = Headers({"Content-Security-Policy": NO_SCRIPTS, "Content-Length": str(file.size)})
    headers.set("Content-Disposition", "attachment", filename=file.name)
    return Response(streamed(file.sha256), content_type="application/octet-stream", headers=headers)


@blueprint.after_request
def let_sites_send(response: Response) -> Response:
    """Lets pages of the sites that embed the chat (CONTACT_HUB_FORM_ORIGINS) send files."""
    origin = request.headers.get("Origin", "")
    if origin in settings_of(current_app).form_origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.add("Vary", "Origin")
    return response
