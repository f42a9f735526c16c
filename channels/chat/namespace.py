"""The line to the pages of visitors: what they write is taken in, and what is new is told.

Every text has an id of the visitor's page, which keeps it until it is acknowledged, and that is only after the commit.
Events tell a page no more than that there is news; it then asks for everything after the last message it has.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import socketio
import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.chat.taking import ID, MOST_NAME, Keys, cleaned, take_in
from contact_hub import chats, live
from contact_hub.database import reading
from contact_hub.forms import LANGUAGES
from contact_hub.messages import Message
from contact_hub.settings import Settings

MOST_TEXT = 4_000  # characters of one message
OFTEN, A_WHILE = 30, 60.0  # messages that one page may send in so many seconds

Answer = dict[str, Any]
log = structlog.get_logger()


def listen(server: Any, settings: Settings) -> None:
    """Lets visitors in, beside the desks: from pages of the hub, and of sites that embed the chat (FORM_ORIGINS)."""

    def welcome(origin: str | None, environ: Mapping[str, str]) -> bool:
        return origin in settings.form_origins or urlsplit(origin or "").netloc == environ.get("HTTP_HOST", "")

    server.eio.cors_allowed_origins = welcome
    server.register_namespace(ChatNamespace(live.CHAT, settings.secret_key))


class ChatNamespace(socketio.AsyncNamespace):  # type: ignore[misc] # socketio has no types
    """The pages of visitors. Every event is answered, rubbish with the code of what is wrong with it."""

    def __init__(self, namespace: str, secret: str) -> None:
        super().__init__(namespace)
        self._keys = Keys(secret)
        self._lately: dict[str, deque[float]] = {}

    async def on_hello(self, sid: str, *given: object) -> Answer:
        """Begins a chat, or resumes the one whose signed session the page kept."""
        told = _told(given)
        chat = self._keys.chat_in(told.get("session")) or secrets.token_urlsafe(12)
        language = told.get("language")
        await self.save_session(sid, {"chat": chat, "language": language if language in LANGUAGES else ""})
        await self.enter_room(sid, f"{chats.PREFIX}{chat}")
        return {"session": self._keys.of_chat(chat)}

    async def on_say(self, sid: str, *given: object) -> Answer:
        """Takes a message in; acknowledged with its number once it is committed, and not before."""
        visitor, told = await self.get_session(sid), _told(given)
        text = cleaned(told.get("text"))
        wrong = self._wrong(sid, visitor, told, text)
        if wrong:
            return {"error": wrong}
        said = {**visitor, "id": str(told["id"]), "name": cleaned(told.get("name"))[:MOST_NAME], "text": text}
        try:
            return {"number": await asyncio.to_thread(take_in, said)}
        except SQLAlchemyError as error:
            log.warning("a chat message could not be stored", error=type(error).__name__)
            return {"error": "try_again"}

    async def on_since(self, sid: str, *given: object) -> Answer:
        """Everything said after the last message the page has."""
        visitor, after = await self.get_session(sid), _told(given).get("after", 0)
        if "chat" not in visitor:
            return {"error": "hello_first"}
        if not isinstance(after, int) or not 0 <= after < 1 << 62:
            return {"error": "malformed"}
        try:
            return await asyncio.to_thread(_since, visitor["chat"], after, self._keys)
        except SQLAlchemyError as error:
            log.warning("a chat could not be read", error=type(error).__name__)
            return {"error": "try_again"}

    async def on_disconnect(self, sid: str, *reason: object) -> None:
        """Forgets how often it wrote."""
        self._lately.pop(sid, None)

    def _wrong(self, sid: str, visitor: Mapping[str, str], told: Mapping[str, object], text: str) -> str:
        """The code of what keeps a message out; empty when nothing does."""
        if "chat" not in visitor:
            return "hello_first"
        if not isinstance(told.get("id"), str) or not ID.fullmatch(str(told["id"])) or not isinstance(told.get("text"), str):
            return "malformed"
        if not text:
            return "empty"
        if len(text) > MOST_TEXT:
            return "too_long"
        return "" if self._in_time(sid) else "too_fast"

    def _in_time(self, sid: str) -> bool:
        """Whether this page has not written too often lately."""
        moment, lately = time.monotonic(), self._lately.setdefault(sid, deque(maxlen=OFTEN))
        if len(lately) == OFTEN and moment - lately[0] < A_WHILE:
            return False
        lately.append(moment)
        return True


def _told(given: tuple[object, ...]) -> Mapping[str, object]:
    """What came with an event; nothing where that is no object."""
    told = given[0] if given else None
    return told if isinstance(told, Mapping) else {}


def _since(chat: str, after: int, keys: Keys) -> Answer:
    with reading() as session:
        found = chats.messages_since(session, chat, after)
    return {
        "messages": [_as_told(message, external_id, keys) for message, external_id in found],
        "more": len(found) == chats.MOST_AT_ONCE,
    }


def _as_told(message: Message, external_id: str, keys: Keys) -> Answer:
    mine = message.kind == "said"
    return {
        "number": message.id,
        "id": external_id.partition("/")[2],
        "mine": mine,
        "author": "" if mine else message.author_name,
        "text": message.text,
        "files": [{"name": file.name, "size": file.size, "key": keys.of_file(file.id)} for file in message.attachments],
        "at": message.at.isoformat(timespec="seconds"),
    }
