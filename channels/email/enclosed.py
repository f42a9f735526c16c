"""Makes readable what came along as a mail of its own: mails passed on as files, and those a delivery report gives back."""

from collections.abc import Iterable

from channels.email.bodies import read_body
from channels.email.headers import Headers, read_block
from channels.email.splitting import split
from contact_hub.contact import Attachment

_MAILS = frozenset({"message/rfc822", "message/global"})
_HEADERS = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
_MOST = 20
_DEEPEST = 3
_SHOWN = ("From", "Date", "To", "Cc", "Subject")


def text_of_enclosed(files: Iterable[Attachment], room: int, depth: int = 0) -> str:
    """Sender, date, recipients, subject and text of each mail among the files, in at most about `room` characters."""
    texts: list[str] = []
    for file in [file for file in files if file.content_type in _MAILS | _HEADERS][:_MOST]:
        if room <= 0:
            break
        texts.append(_text(file, room, depth))
        room -= len(texts[-1])
    return "\n\n".join(text for text in texts if text)


def _text(file: Attachment, room: int, depth: int) -> str:
    if file.content_type in _HEADERS:
        return _head(read_block(file.content, 0, len(file.content))[0])
    root = split(file.content)
    body = read_body(root, room)
    inner = text_of_enclosed(body.attachments, body.room, depth + 1) if depth < _DEEPEST else ""
    return "\n\n".join(text for text in (_head(root.headers), body.text.strip(), inner) if text)


def _head(headers: Headers) -> str:
    lines = ((name, headers.text(name.lower())[:1_000]) for name in _SHOWN)
    return "\n".join(f"{name}: {value}" for name, value in lines if value)
