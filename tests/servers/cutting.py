"""A line to a server that breaks: each connection is cut after so many bytes of what the server says."""

import socket
import socketserver
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread

from tests.servers.listening import Listening


class CuttingLine(Listening):
    """Stands before the server at `port`; the next number of `cuts` says when to cut, none is left: no more cuts."""

    def __init__(self, port: int, cuts: Iterator[int]) -> None:
        super().__init__(_Connection)
        self.behind = port
        self.cuts = cuts
        self.made = 0


class _Connection(socketserver.BaseRequestHandler):
    server: CuttingLine

    def handle(self) -> None:
        limit = next(self.server.cuts, None)
        with socket.create_connection(("127.0.0.1", self.server.behind)) as behind:
            Thread(target=_carry, args=(self.request, behind), daemon=True).start()
            while limit is None or limit > 0:
                said = behind.recv(65536 if limit is None else min(limit, 65536))
                if not said:
                    break
                limit = None if limit is None else limit - len(said)
                with suppress(OSError):
                    self.request.sendall(said)
            self.server.made += limit == 0
        with suppress(OSError):
            self.request.shutdown(socket.SHUT_RDWR)


def _carry(source: socket.socket, goal: socket.socket) -> None:
    with suppress(OSError):
        while said := source.recv(65536):
            goal.sendall(said)
        goal.shutdown(socket.SHUT_WR)
