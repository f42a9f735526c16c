"""Writes the mails of invented citizens as their programs would."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from html import escape

from contact_hub.demo.citizens import Story
from contact_hub.demo.files import content_of
from contact_hub.demo.mailboxes import TOWN


def mail_of(story: Story) -> EmailMessage:
    """The mail that tells a story: the same one each time it is written, but for its date."""
    mail = EmailMessage()
    mail["From"] = formataddr((story.name, story.address))
    mail["To"] = TOWN
    mail["Subject"] = story.subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = _message_id(story.key)
    if story.answers:
        mail["In-Reply-To"] = mail["References"] = _message_id(f"{story.answers}.{story.round}")
    for name, value in story.headers.items():
        mail[name] = value
    mail.set_content(story.body)
    if story.html:
        mail.add_alternative(_as_html(story.body), subtype="html")
    for name in story.files:
        content_type, content = content_of(name)
        kind, _, subtype = content_type.partition("/")
        mail.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{story.key}_{number}")
    return mail


def _message_id(key: str) -> str:
    return f"<{key}@mail.citizens.example>"


def _as_html(text: str) -> str:
    paragraphs = "".join(f"<p>{escape(each).replace(chr(10), '<br>')}</p>" for each in text.split("\n\n"))
    return f'<html><body style="font-family: Calibri">{paragraphs}</body></html>'
