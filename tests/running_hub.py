"""Starts `contact-hub run` as anybody would, in a folder of its own, and looks at its processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil

from tests.servers.processes import free_port, wait_until

START = 90.0  # seconds a whole hub may take to start on a busy machine
SOON = 60.0


class RunningHub:
    """A `contact-hub run` in a folder of its own."""

    def __init__(self, folder: Path, *options: str, **settings: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.said = folder / "said.txt"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CONTACT_HUB_")}
        environment |= {f"CONTACT_HUB_{name.upper()}": value for name, value in settings.items()}
        with self.said.open("wb") as said:
            self.parent = subprocess.Popen(
                [sys.executable, "-m", "contact_hub.cli", "run", "--port", str(self.port), *options],
                env=environment | {"CONTACT_HUB_VAR": str(folder / "var")},
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def until_it_says(self, words: str) -> None:
        """Waits for these words; the process must not end before."""
        wait_until(lambda: words in self._heard(words), seconds=START, otherwise=self.silent)

    def children(self) -> list[psutil.Process]:
        """Its processes, and theirs."""
        return psutil.Process(self.parent.pid).children(recursive=True)

    def child(self, name: str) -> psutil.Process:
        """The process that runs `contact-hub <name>`, once there is one."""
        wait_until(lambda: self._named(name) is not None, seconds=START, otherwise=self.silent)
        found = self._named(name)
        assert found is not None
        return found

    def answers(self) -> bool:
        """Whether the pages answer."""
        try:
            with urlopen(f"{self.url}/health/live", timeout=5) as page:
                return bool(page.status == 200)
        except OSError:
            return False

    def end(self, number: int) -> int:
        """Sends a signal to the parent alone and gives its exit code."""
        self.parent.send_signal(number)
        return self.parent.wait(10)

    def _named(self, name: str) -> psutil.Process | None:
        return next((each for each in self.children() if name in command_of(each)), None)

    def _heard(self, words: str) -> str:
        text = self.said.read_text("utf-8")
        if words not in text and self.parent.poll() is not None:
            raise self.silent()
        return text

    def silent(self) -> AssertionError:
        logs = "\n".join(f"{path.name}: {path.read_text()[-1000:]}" for path in (self.folder / "var/log").glob("*.log"))
        return AssertionError(f"it said: {self.said.read_text('utf-8')}\n{logs}")


def command_of(process: psutil.Process) -> list[str]:
    """The words it was started with, after the name of its program."""
    try:
        return [process.name(), *process.cmdline()]
    except psutil.Error:
        return []


@contextmanager
def running(folder: Path, *options: str, **settings: str) -> Iterator[RunningHub]:
    """A hub that is gone afterwards, with all its processes."""
    hub = RunningHub(folder, *options, **settings)
    try:
        yield hub
    finally:
        if hub.parent.poll() is None:
            hub.parent.kill()
            hub.parent.wait()


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them have ended."""
    return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)
