"""What the processes of one machine share: a folder of their own, ports, secrets, and the settings made of them."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from contact_hub.cli.plainly import Stop
from contact_hub.demo.mailboxes import TOWN, address_of
from contact_hub.settings import PREFIX, Settings

FIRST_PORT = 8080
SETTINGS = "settings.json"
PORTS = 50  # tried one after the other while they are busy
# What a demo takes from nobody but itself.
SEALED = tuple(f"{PREFIX}{name}" for name in ("DATABASE_URL", "REDIS_URL", "MAILBOXES", "SMTP_URL"))


@dataclass(frozen=True)
class Ports:
    """Where the processes listen, on the loopback address."""

    web: int
    valkey: int
    imap: int
    smtp: int


@dataclass(frozen=True)
class Surroundings:
    """One hub on one machine: `var` is its folder, `settings` the environment of its processes."""

    demo: bool
    var: Path
    ports: Ports
    valkey_password: str
    settings: Mapping[str, str]

    @property
    def url(self) -> str:
        """The address of the pages on this machine."""
        return f"http://127.0.0.1:{self.ports.web}"

    @property
    def logs(self) -> Path:
        """The folder with a log for each process."""
        return self.var / "log"

    @property
    def embeds_valkey(self) -> bool:
        """Whether the news server is one of its processes."""
        return self.settings.get(f"{PREFIX}REDIS_URL") == _valkey_url(self.ports, self.valkey_password)

    @property
    def watches_mailboxes(self) -> bool:
        """Whether there is any mailbox to watch."""
        return _is_set(self.settings, "MAILBOXES")


def prepare(*, demo: bool, port: int | None) -> Surroundings:
    """Makes the folder, chooses the ports, and fills in every setting that the environment leaves open."""
    var = _var(os.environ)
    kept = var / "demo" if demo else var
    try:
        for folder in (var / "log", kept):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"The folder {var} can't be made: {error.strerror}. Name another in {PREFIX}VAR.") from error
    ports = Ports(_web_port(port), *_free_ports(3))
    password = secrets.token_urlsafe(24)
    own = {
        "VAR": str(var),
        "DATABASE_URL": f"sqlite:///{kept / 'contact-hub.db'}",
        "REDIS_URL": _valkey_url(ports, password),
        "SECRET_KEY": _secret_key(var / "secret"),
        "PUBLIC_URL": f"http://127.0.0.1:{ports.web}",
    }
    settings = dict(os.environ)
    if demo:
        own |= _demo_settings(ports)
        settings = {key: value for key, value in settings.items() if key.removesuffix("_FILE") not in SEALED}
    settings |= {f"{PREFIX}{name}": value for name, value in own.items() if not _is_set(settings, name)}
    return Surroundings(demo, var, ports, password, settings)


@contextmanager
def alone_in(surroundings: Surroundings) -> Iterator[None]:
    """Holds the folder for this process; says who has it when another one does."""
    with (surroundings.var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            where = lock.read().strip() or "it is just starting"
            raise Stop(f"Contact Hub runs in {surroundings.var} already: {where}. Stop that one first.") from error
        lock.truncate(0)
        lock.write(surroundings.url)
        lock.flush()
        _write_for_us(surroundings.var / SETTINGS, json.dumps(_ours(surroundings.settings)))
        yield


def settings_of_hub_here(environment: Mapping[str, str]) -> Mapping[str, str]:
    """`environment`, and where it names no database, the settings of the hub that runs, or ran last, in this folder.

    So `contact-hub tally` beside `contact-hub run` looks at that very hub.
    """
    kept = _var(environment) / SETTINGS
    if _is_set(environment, "DATABASE_URL") or not kept.exists():
        return environment
    settings: dict[str, str] = json.loads(kept.read_text("utf-8"))
    return settings | _ours(environment)


def _var(environment: Mapping[str, str]) -> Path:
    return Path(environment.get(f"{PREFIX}VAR") or Settings.var).absolute()


def _ours(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(PREFIX)}


def _demo_settings(ports: Ports) -> dict[str, str]:
    return {
        "MAILBOXES": address_of(TOWN, ports.imap),
        "SMTP_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "DEMO": "1",
    }


def _valkey_url(ports: Ports, password: str) -> str:
    return f"redis://:{password}@127.0.0.1:{ports.valkey}/0"


def _is_set(settings: Mapping[str, str], name: str) -> bool:
    return bool(settings.get(f"{PREFIX}{name}") or settings.get(f"{PREFIX}{name}_FILE"))


def _secret_key(path: Path) -> str:
    """The key that signs sessions: made once."""
    if not path.exists():
        _write_for_us(path, secrets.token_urlsafe(48))
    return path.read_text("utf-8").strip()


def _write_for_us(path: Path, text: str) -> None:
    """Writes what no other user may read."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)


def _web_port(wanted: int | None) -> int:
    """The port somebody wants, or the first free one from 8080."""
    if wanted is not None:
        if not _is_free(wanted):
            raise Stop(f"Port {wanted} is in use. Choose another with --port, or leave --port out.")
        return wanted
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        if _is_free(port):
            return port
    raise Stop(f"The ports {FIRST_PORT} to {FIRST_PORT + PORTS - 1} are all in use. Choose a free one with --port.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()
