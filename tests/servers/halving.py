"""A line to an IMAP server on which what the server says to one who idles comes in two pieces."""

import select
import socket
import socketserver
from contextlib import suppress
from threading import Event

from tests.servers.listening import Listening

PATIENCE = 1.0  # seconds the second piece may stay away, for one who waits for it


class HalvingLine(Listening):
    """Stands before the server at `port`; `idles` is set while somebody idles, `halved` counts the words cut in two."""

    def __init__(self, port: int) -> None:
        super().__init__(_Connection)
        self.behind = port
        self.idles = Event()
        self.halved = 0


class _Connection(socketserver.BaseRequestHandler):
    server: HalvingLine

    def handle(self) -> None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.behind)) as behind:
            while True:
                ready, _, _ = select.select([self.request, behind], [], [])
                if self.request in ready:
                    if not (asked := self.request.recv(65536)):
                        return
                    self.server.idles.clear()
                    behind.sendall(asked)
                    continue
                if not (said := behind.recv(65536)):
                    return
                if self.server.idles.is_set() and b" EXISTS" in said:
                    said = self._say_half(said)
                self.request.sendall(said)
                if said.startswith(b"+"):
                    self.server.idles.set()

    def _say_half(self, said: bytes) -> bytes:
        """Gives the other half, when it is time for it."""
        self.server.halved += 1
        half = said.index(b" EXISTS") + 3
        self.request.sendall(said[:half])
        select.select([self.request], [], [], PATIENCE)
        return said[half:]
