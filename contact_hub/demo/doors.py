"""Brings stories through the real doors of a running hub: mail by SMTP, forms and calls over HTTP, chats by Socket.IO."""

import re
import smtplib
from http import HTTPStatus
from typing import Protocol
from uuid import NAMESPACE_URL, uuid5

import requests
import socketio
from socketio.exceptions import SocketIOError

from contact_hub.demo.citizens import Story
from contact_hub.demo.files import content_of
from contact_hub.demo.letters import mail_of
from contact_hub.demo.people import DemoPerson

PATIENCE = 10  # seconds a door may take
CHAT = "/chat"
# What the subject and the text of a story become on a form, and which field takes files.
SUBJECT_OF = {"street": "place", "question": "subject", "move": "new_address"}
BODY_OF = {"street": "description", "question": "question", "move": "companions"}
FILES_OF = {"street": "photo", "question": "attachment", "move": "document"}

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Closed(Exception):
    """The door does not open now; later it may."""


class TurnedAway(Exception):
    """The door does not want this story, now or later."""


class Door(Protocol):
    """Takes stories in."""

    def bring(self, story: Story) -> None:
        """Brings one; to bring it again after the door was closed changes nothing. Raises Closed or TurnedAway."""


class MailDoor:
    """The town's mail server."""

    def __init__(self, port: int) -> None:
        self._port = port

    def bring(self, story: Story) -> None:
        """Sends it as a mail."""
        try:
            with smtplib.SMTP("127.0.0.1", self._port, timeout=PATIENCE) as server:
                server.send_message(mail_of(story))
        except OSError as error:
            raise Closed from error


class FormDoor:
    """The web forms, as a municipality's own site posts them."""

    def __init__(self, url: str) -> None:
        self._url = url

    def bring(self, story: Story) -> None:
        """Posts it; the key of the story tells the hub when it has it already."""
        field = FILES_OF[story.form]
        files = [(field, (name, content, kind)) for name in story.files for kind, content in [content_of(name)]]
        _send(
            requests.Session(),
            requests.Request(
                "POST",
                f"{self._url}/api/v1/forms/{story.form}",
                data=answers_of(story) | {"language": story.language},
                files=files,
                headers={"Idempotency-Key": story.key},
            ),
        )


class PhoneDoor:
    """The log of calls, filled in by somebody at the desk."""

    def __init__(self, url: str, agent: DemoPerson) -> None:
        self._url = url
        self._agent = agent
        self._browser = requests.Session()
        self._blank: dict[str, dict[str, str]] = {}  # the page of each story: sent twice, it is one call

    def bring(self, story: Story) -> None:
        """Logs it as a call; the rules decide who gets it."""
        if story.key not in self._blank:
            self._blank[story.key] = self._open("/calls/new")
        said = {"name": story.name, "address": story.sender, "text": f"{story.subject}\n{story.body}"}
        self._post("/calls", self._blank[story.key] | said | {"channel": "phone", "settlement": "rules"})
        del self._blank[story.key]

    def _open(self, path: str) -> dict[str, str]:
        """What the form of a page holds, after signing in where the desk asks for it."""
        page = _send(self._browser, requests.Request("GET", self._url + path))
        if "/sign-in" in page.url:
            who = {"email": self._agent.email, "password": self._agent.password}
            self._post("/sign-in", dict(_HIDDEN.findall(page.text)) | who)
            page = _send(self._browser, requests.Request("GET", self._url + path))
        return dict(_HIDDEN.findall(page.text))

    def _post(self, path: str, filled: dict[str, str]) -> None:
        _send(self._browser, requests.Request("POST", self._url + path, data=filled))


class ChatDoor:
    """The chat on the page of the town."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._sessions: dict[str, str] = {}  # the chat of each story, to be resumed after a break

    def bring(self, story: Story) -> None:
        """Says it line by line, as people do."""
        client = socketio.Client(reconnection=False)
        try:
            client.connect(self._url, transports=["websocket"], namespaces=[CHAT], wait_timeout=PATIENCE)
            visitor = {"name": story.name, "language": story.language, "session": self._sessions.get(story.key)}
            self._sessions[story.key] = self._call(client, "hello", visitor)["session"]
            for number, line in enumerate(story.body.splitlines()):
                said = self._call(client, "say", {"id": str(uuid5(NAMESPACE_URL, f"{story.key}/{number}")), "text": line})
                if "error" in said:
                    raise TurnedAway(said["error"])
        except (SocketIOError, OSError) as error:
            raise Closed from error
        finally:
            client.disconnect()

    def _call(self, client: socketio.Client, event: str, told: dict[str, str | None]) -> dict[str, str]:
        answer: dict[str, str] = client.call(event, told, namespace=CHAT, timeout=PATIENCE)
        return answer


def answers_of(story: Story) -> dict[str, str]:
    """What the citizen of a story fills in on its form."""
    told = {SUBJECT_OF[story.form]: story.subject, BODY_OF[story.form]: story.body, "name": story.name, "email": story.address}
    return {field: answer for field, answer in (told | dict(story.fields)).items() if answer}


def _send(browser: requests.Session, request: requests.Request) -> requests.Response:
    """The answer to a request; raises Closed where another try may help, TurnedAway where not."""
    try:
        answer = browser.send(browser.prepare_request(request), timeout=PATIENCE)
    except requests.RequestException as error:
        raise Closed from error
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Closed(answer.status_code)
    if not answer.ok:
        raise TurnedAway(answer.status_code)
    return answer
