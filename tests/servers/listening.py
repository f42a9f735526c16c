"""A server of the tests' own that runs beside the test: its `with` is its life."""

import socketserver
from threading import Thread
from typing import Self


class Listening(socketserver.ThreadingTCPServer):
    """Answers each connection by a handler in a thread, on a free loopback port."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.shutdown()
        self.server_close()
