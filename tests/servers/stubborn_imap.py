"""An IMAP server that lists mails it does not give: what a mail server does whose storage is damaged."""

import re
import socket
import socketserver
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

from tests.servers.listening import Listening

DATE = '"23-Nov-2026 10:00:00 +0000"'


Manner = Literal["refuses", "leaves out", "hangs up"]


class StubbornImap(Listening):
    """Holds one INBOX of `mails`, numbered from 1; a mail that is None is listed and not given.

    Asked for such a mail it refuses, or answers as if it had not been asked for it, or hangs up. `size` is what it says of
    every mail; None: it says nothing of it.
    """

    def __init__(self, mails: Sequence[bytes | None], manner: Manner, *, size: int | None = 100) -> None:
        super().__init__(_Conversation)
        self.mails = dict(enumerate(mails, 1))
        self.manner = manner
        self.size = size

    @property
    def url(self) -> str:
        return f"imap://roos:secret@127.0.0.1:{self.port}/INBOX?poll=1"


class _Conversation(socketserver.StreamRequestHandler):
    server: StubbornImap

    def handle(self) -> None:
        with suppress(ConnectionError):  # whoever was killed amid a word
            self._say(b"* OK ready")
            for line in self.rfile:
                tag, _, command = line.strip().decode().partition(" ")
                state = "NO damaged" if self._answer(command.upper()) else "OK done"
                self._say(f"{tag} {state}".encode())

    def _answer(self, command: str) -> bool:
        """Says what belongs to the command; True when it is refused."""
        if command.startswith("CAPABILITY"):
            self._say(b"* CAPABILITY IMAP4rev1")
        elif command.startswith("SELECT"):
            self._say(f"* {len(self.server.mails)} EXISTS\r\n* OK [UIDVALIDITY 7] valid".encode())
        elif command.startswith("UID SEARCH"):
            self._say(f"* SEARCH {' '.join(map(str, self._asked(command.rpartition('UID ')[2])))}".encode())
        elif command.startswith("UID FETCH"):
            refused = [self._give(uid, command) for uid in self._asked(command.split()[2])]
            return any(refused)
        return False

    def _give(self, uid: int, command: str) -> bool:
        mail = self.server.mails[uid]
        if "BODY.PEEK" not in command:
            size = "" if self.server.size is None else f"RFC822.SIZE {self.server.size} "
            self._say(f"* {uid} FETCH (UID {uid} {size}INTERNALDATE {DATE})".encode())
            return False
        if mail is not None:
            slice_of = "<0>" if "<" in command else ""
            self._say(f"* {uid} FETCH (UID {uid} BODY[]{slice_of} {{{len(mail)}}}".encode() + b"\r\n" + mail + b")")
        elif self.server.manner == "hangs up":
            self._say(b"* BYE internal error")
            self.connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionAbortedError
        return mail is None and self.server.manner == "refuses"

    def _asked(self, uids: str) -> list[int]:
        """The mails within a set such as 1:3,5 or 2:*."""
        last = max(self.server.mails)
        bounds = [re.sub(r"\*", str(last), part).partition(":") for part in uids.split(",")]
        return [uid for uid in self.server.mails if any(int(low) <= uid <= int(high or low) for low, _, high in bounds)]

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
