"""Brings stories through the real doors of a running hub: mail by SMTP, forms over HTTP."""

import smtplib
from typing import Protocol

import requests

from contact_hub.demo.citizens import Story
from contact_hub.demo.files import content_of
from contact_hub.demo.letters import mail_of

PATIENCE = 10  # seconds a door may take
# What the subject and the text of a story become, and where a form has a place for the sender.
ANSWERS = {
    "street": {"subject": "place", "body": "description"},
    "question": {"subject": "subject", "body": "question"},
    "move": {"subject": "new_address", "body": "companions"},
}
FILES = {"street": "photo", "question": "attachment", "move": "document"}


class Door(Protocol):
    """Takes a story in; raises OSError when it can't be reached (requests' errors are such)."""

    def bring(self, story: Story) -> None:
        """Brings it; to bring it twice changes nothing."""


class MailDoor:
    """The town's mail server."""

    def __init__(self, port: int) -> None:
        self._port = port

    def bring(self, story: Story) -> None:
        """Sends it as a mail."""
        with smtplib.SMTP("127.0.0.1", self._port, timeout=PATIENCE) as server:
            server.send_message(mail_of(story))


class FormDoor:
    """The web forms, as a municipality's own site posts them."""

    def __init__(self, url: str) -> None:
        self._url = url

    def bring(self, story: Story) -> None:
        """Posts it; the key of the story tells the hub when it has it already."""
        names = ANSWERS[story.form]
        answers = {names["subject"]: story.subject, names["body"]: story.body, "name": story.name, "email": story.address}
        posted = requests.post(
            f"{self._url}/api/v1/forms/{story.form}",
            data={key: value for key, value in (answers | dict(story.fields)).items() if value} | {"language": story.language},
            files=[(FILES[story.form], (name, content_of(name)[1], content_of(name)[0])) for name in story.files],
            headers={"Idempotency-Key": story.key},
            timeout=PATIENCE,
        )
        posted.raise_for_status()
