"""Files that come with a form: kept among the blobs at once, so that a page without scripts needs them only once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from channels.web_form import tokens
from contact_hub import blobs, submissions
from contact_hub.contact import Attachment
from contact_hub.database import Session, reading
from contact_hub.forms import Form
from contact_hub.submissions import LARGEST_FILE


@dataclass(frozen=True)
class Upload:
    """A file of a field; `token` brings it back on the next page, empty for one too large to keep."""

    field: str
    attachment: Attachment
    token: str = ""


def gather(form: Form, sent: Iterable[tuple[str, FileStorage]], kept: Iterable[str], submission: str) -> list[Upload]:
    """The files of this submission: those of earlier pages first, then those sent now, which are stored."""
    names = {field.name for field in form.file_fields}
    fresh = [
        Upload(field, submissions.attachment(file.filename, file.mimetype, file.read()))
        for field, file in sent
        if file.filename and field in names
    ]
    small = {blobs.digest(each.attachment.content): each.attachment.content for each in fresh if _fits(each)}
    if small:
        with Session.begin() as session:
            blobs.store(session, dict(small))
    return [*_brought_back(kept, submission), *(_with_token(each, submission) for each in fresh)]


def _fits(upload: Upload) -> bool:
    return len(upload.attachment.content) <= LARGEST_FILE


def _with_token(upload: Upload, submission: str) -> Upload:
    if not _fits(upload):
        return upload
    attachment = upload.attachment
    claims = {
        "of": submission,
        "field": upload.field,
        "name": attachment.name,
        "type": attachment.content_type,
        "sha256": blobs.digest(attachment.content),
    }
    return Upload(upload.field, attachment, tokens.sign_file(claims))


def _brought_back(kept: Iterable[str], submission: str) -> Iterator[Upload]:
    with reading() as session:
        for token in dict.fromkeys(kept):
            claims = tokens.read_file(token)
            if claims is None or claims["of"] != submission:
                continue
            content = b"".join(blobs.load(session, claims["sha256"]))
            yield Upload(claims["field"], Attachment(claims["name"], claims["type"], content), token)
