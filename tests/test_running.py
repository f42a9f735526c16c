"""`contact-hub run`: the whole hub under one parent that starts again what dies and leaves nobody behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running_hub import SOON, RunningHub, command_of, gone, running
from tests.servers.processes import wait_until
from tests.workers.hub import rules_file


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub of this test alone."""
    with answering(tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def lasting_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub for the tests that leave it as it is."""
    with answering(tmp_path_factory.mktemp("hub")) as started:
        yield started


@contextmanager
def answering(folder: Path) -> Iterator[RunningHub]:
    """A hub on an empty database, whose pages answer; with few rules, which are soon checked."""
    with running(folder, rules=str(rules_file(folder))) as started:
        started.until_it_says(started.url)
        yield started


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
    wait_until(
        lambda: gone(processes), seconds=SOON, otherwise=lambda: AssertionError([command_of(each) for each in processes])
    )


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
    for name in ("secret", "settings.json"):
        assert (lasting_hub.folder / "var" / name).stat().st_mode & 0o077 == 0
    commands = " ".join(word for each in lasting_hub.children() for word in command_of(each))
    assert "requirepass" not in commands


def test_a_command_beside_it_looks_at_the_same_hub(lasting_hub: RunningHub) -> None:
    environment = os.environ | {"CONTACT_HUB_VAR": str(lasting_hub.folder / "var")}
    command = [sys.executable, "-m", "contact_hub.cli", "tally"]
    tally = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert tally.returncode == 0, tally.stderr
    assert "No door" in tally.stdout
