"""`contact-hub run`: the whole hub under one parent that starts again what dies and leaves nobody behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from contact_hub.settings import HERE
from tests.servers.processes import free_port, wait_until

START = 90.0  # seconds a whole hub may take to start on a busy machine
SOON = 60.0


class RunningHub:
    """A `contact-hub run` in a folder of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.said = folder / "said.txt"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CONTACT_HUB_")}
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
        return next((each for each in self.children() if name in _command(each)), None)

    def _heard(self, words: str) -> str:
        text = self.said.read_text("utf-8")
        if words not in text and self.parent.poll() is not None:
            raise self.silent()
        return text

    def silent(self) -> AssertionError:
        logs = "\n".join(f"{path.name}: {path.read_text()[-1000:]}" for path in (self.folder / "var/log").glob("*.log"))
        return AssertionError(f"it said: {self.said.read_text('utf-8')}\n{logs}")


def _command(process: psutil.Process) -> list[str]:
    """The words it was started with, after the name of its program."""
    try:
        return [process.name(), *process.cmdline()]
    except psutil.Error:
        return []


@contextmanager
def running(folder: Path, *options: str) -> Iterator[RunningHub]:
    """A hub that is gone afterwards, with all its processes."""
    hub = RunningHub(folder, *options)
    try:
        yield hub
    finally:
        if hub.parent.poll() is None:
            hub.parent.kill()
            hub.parent.wait()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub of this test alone, on an empty database, whose pages answer."""
    with running(tmp_path) as started:
        started.until_it_says(started.url)
        yield started


@pytest.fixture(scope="module")
def lasting_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub for the tests that leave it as it is."""
    with running(tmp_path_factory.mktemp("hub")) as started:
        started.until_it_says(started.url)
        yield started


def gone(processes: list[psutil.Process]) -> bool:
    """Whether all of them have ended."""
    return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)


def test_what_is_killed_runs_again_until_a_stop_ends_every_process(hub: RunningHub) -> None:
    killed = [hub.child(name) for name in ("web", "valkey-server", "worker")]
    for each in killed:
        each.kill()
    for name in ("web", "valkey", "worker"):
        hub.until_it_says(f"{name} was ended by SIGKILL")
    wait_until(hub.answers, seconds=SOON, otherwise=hub.silent)
    processes = [hub.child(name) for name in ("web", "valkey-server", "worker", "schedule")]
    assert not {each.pid for each in killed} & {each.pid for each in processes}
    assert hub.end(signal.SIGINT) == 0
    assert gone(processes)


@pytest.mark.skipif(sys.platform != "linux", reason="other kernels have no way to end the children of a killed parent")
def test_nobody_outlives_a_killed_parent(hub: RunningHub) -> None:
    hub.child("schedule")
    processes = hub.children()
    hub.parent.kill()
    hub.parent.wait()
    wait_until(lambda: gone(processes), seconds=SOON, otherwise=lambda: AssertionError([_command(each) for each in processes]))


def test_a_second_hub_in_the_same_folder_says_so_and_leaves_the_first_alone(lasting_hub: RunningHub) -> None:
    environment = os.environ | {"CONTACT_HUB_VAR": str(lasting_hub.folder / "var")}
    command = [sys.executable, "-m", "contact_hub.cli", "run"]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 2
    assert lasting_hub.url in second.stderr
    wait_until(lasting_hub.answers, seconds=SOON, otherwise=lasting_hub.silent)


def test_a_port_in_use_is_said_in_one_sentence(lasting_hub: RunningHub, tmp_path: Path) -> None:
    environment = os.environ | {"CONTACT_HUB_VAR": str(tmp_path)}
    command = [sys.executable, "-m", "contact_hub.cli", "run", "--port", str(lasting_hub.port)]
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 2
    assert f"Port {lasting_hub.port} is in use" in second.stderr


def test_secrets_are_kept_from_other_users(lasting_hub: RunningHub) -> None:
    secret = lasting_hub.folder / "var/secret"
    assert secret.stat().st_mode & 0o077 == 0
    commands = " ".join(word for each in lasting_hub.children() for word in _command(each))
    assert "requirepass" not in commands


def test_the_rules_that_ship_decide_from_the_first_start(lasting_hub: RunningHub) -> None:
    assert (HERE / "routing_rules.yaml").exists()
    assert "mistakes" not in lasting_hub.said.read_text("utf-8")
