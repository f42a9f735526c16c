"""The hub's own processes, started as in production: by command and environment; every one of them may be killed."""

from collections.abc import Callable
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from sqlalchemy import func, select, update

from contact_hub.arrivals import SetAside, TakenContact, Tally
from contact_hub.database import Session, now, reading
from contact_hub.leases import Lease
from contact_hub.mailboxes import Mailbox
from tests import commands
from tests.builders import RULES
from tests.servers.processes import wait_until

START = 60  # seconds something may take on a busy machine


class Hub:
    """Starts processes of the hub on given settings; what still runs at the end is killed."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder = folder
        self._settings = {name.upper(): value for name, value in settings.items()}
        self._started: list[BaseProcess] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            kill(process)

    def start(self, *words: str) -> BaseProcess:
        """Starts `contact-hub <words>`; its log goes to a file in the test's folder."""
        log = self._folder / f"{words[0]}-{len(self._started) + 1}.log"
        process = commands.started(words, self._settings, said=log)
        self._started.append(process)
        return process

    def log(self) -> str:
        """The end of what every process said, for a failing test."""
        return "\n".join(f"{path.name}:\n{path.read_text()[-1500:]}" for path in sorted(self._folder.glob("*.log")))

    def until(self, true: Callable[[], bool], *, what: str, seconds: float = START) -> None:
        """Waits until something is so; fails with the logs when it does not become so in time."""
        wait_until(true, seconds=seconds, otherwise=lambda: AssertionError(f"waited in vain: {what}\n{self.log()}"))


def rules_file(folder: Path) -> Path:
    """The rules that are in force, as a file: a schedule finds it unchanged, and need not check what ships with the hub."""
    file = folder / "rules_in_force.yaml"
    file.write_text(RULES, "utf-8")
    return file


def kill(process: BaseProcess) -> None:
    """Ends a process as a power cut would."""
    process.kill()
    process.join()


def stop(process: BaseProcess) -> int | None:
    """Asks a process to stop and gives its exit code."""
    process.terminate()
    process.join(20)
    return process.exitcode


def contacts() -> int:
    """How many contacts the database holds."""
    with reading() as session:
        return session.scalar(select(func.count()).select_from(TakenContact)) or 0


def external_ids() -> list[str]:
    """What names the contacts in the database."""
    with reading() as session:
        return list(session.scalars(select(TakenContact.external_id)))


def set_aside() -> list[SetAside]:
    """What could not be read."""
    with reading() as session:
        return list(session.scalars(select(SetAside)))


def tally(channel: str = "email") -> dict[str, int]:
    """The counts of a door over all days: nobody's test should fail at midnight."""
    columns = ("offered", "taken", "known", "set_aside")
    with reading() as session:
        sums = session.execute(select(*(func.sum(getattr(Tally, each)) for each in columns)).filter_by(channel=channel)).one()
    return {name: value or 0 for name, value in zip(columns, sums, strict=True)}


def counts_close(channel: str = "email") -> bool:
    """Whether what was offered is what was taken, known or set aside."""
    counts = tally(channel)
    return counts["offered"] == counts["taken"] + counts["known"] + counts["set_aside"]


def mailbox() -> Mailbox | None:
    """The one mailbox of this test."""
    with reading() as session:
        return session.scalars(select(Mailbox)).one_or_none()


def holder() -> str:
    """Who holds a lease now; empty when nobody does."""
    with reading() as session:
        return session.scalar(select(Lease.holder).where(Lease.until > now()).limit(1)) or ""


def let_leases_run_out() -> None:
    """What happens by itself a little while after their holder died."""
    with Session.begin() as session:
        session.execute(update(Lease).values(until=now() - timedelta(seconds=1)))


def peak_memory(pid: int) -> int:
    """The most memory a process had at once, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))
