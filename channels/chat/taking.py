"""What a visitor says, as a contact: the first opens a ticket, later ones join it; and the keys that prove whose chat it is."""

import json
import re
from collections.abc import Mapping, Sequence

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from contact_hub import blobs, chats, intake, texts
from contact_hub.contact import Attachment, Contact
from contact_hub.database import now, reading
from contact_hub.messages import Message

CHANNEL = "chat"
MOST_NAME = 80
ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class Keys:
    """Signs what a visitor's page keeps to come back to its chat, and to have the files that stand in it."""

    def __init__(self, secret: str) -> None:
        self._chats = URLSafeSerializer(secret, salt="chat session")
        self._files = URLSafeSerializer(secret, salt="file of a chat")

    def of_chat(self, chat: str) -> str:
        """The key with which a page comes back to this chat."""
        return str(self._chats.dumps(chat))

    def chat_in(self, key: object) -> str:
        """The chat of this key; empty where it is none of ours."""
        try:
            return str(self._chats.loads(key)) if isinstance(key, str) else ""
        except BadData:
            return ""

    def of_file(self, number: int) -> str:
        """The key of a file, which only pages that show its chat are told."""
        return str(self._files.dumps(number))

    def file_in(self, key: str) -> int:
        """The file of this key; 0 where it is none of ours."""
        try:
            return int(self._files.loads(key))
        except (BadData, ValueError, TypeError):
            return 0


def contact_of(said: Mapping[str, str], files: Sequence[Attachment] = ()) -> Contact:
    """The contact that one message of a visitor is."""
    chat = said["chat"]
    told = {**said, "files": [blobs.digest(each.content) for each in files]} if files else dict(said)
    return Contact(
        channel=CHANNEL,
        external_id=f"{chat}/{said['id']}",
        received=now(),
        subject=texts.first_line(said["text"]) or next((each.name for each in files), ""),
        message=said["text"],
        sender=chat,
        sender_name=said["name"] or f"Chat {chat[:4]}",
        language=said["language"],
        message_id=chats.key_of(chat),
        answers=(chats.key_of(chat),),
        attachments=tuple(files),
        raw=json.dumps(told, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"),
        raw_type="application/json",
    )


def take_in(said: Mapping[str, str], files: Sequence[Attachment] = ()) -> int:
    """The number of the message; 0 where it is kept but somebody has to look at it by hand first."""
    contact = contact_of(said, files)
    arrivals = intake.receive([contact], channel=CHANNEL, also=lambda session: chats.tell(session, said["chat"]))
    if not arrivals:
        return 0
    with reading() as session:
        taken = select(Message.id).filter_by(contact_id=arrivals[0].contact_id)
        return session.scalar(taken.order_by(Message.id).limit(1)) or 0


def cleaned(text: object) -> str:
    """What can be stored of a text; nothing where it is none."""
    return texts.storable(text).strip() if isinstance(text, str) else ""
