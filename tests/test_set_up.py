"""What the set-up and the containers rely on stays true as the code moves."""

import re
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Command

from contact_hub import settings
from contact_hub.cli import main

ROOT = Path(__file__).parent.parent
PYTHON_LOCKS = ["requirements.lock", "setup/installers.lock", "setup/node.lock"]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
MAKES_ENVIRONMENT = 'case "$*" in "-m venv"*) mkdir -p .venv/bin; cp /bin/true .venv/bin/python;; esac\n'
OURS = {name: service for name, service in COMPOSE["services"].items() if "contact-hub" in service.get("command", [])}


@pytest.mark.parametrize("name", [*PYTHON_LOCKS, "frontend/package-lock.json"])
def test_a_lock_names_no_registry(name: str) -> None:
    where_to_sponsor = re.compile(r'"funding": \{[^}]*\}')  # npm writes that down too
    assert "://" not in where_to_sponsor.sub("", (ROOT / name).read_text("utf-8"))


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_locked_package_has_its_hash(name: str) -> None:
    pinned = re.findall(r"^[a-z].*$(?:\n .*)*", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    assert pinned
    assert [entry for entry in pinned if "--hash=sha256:" not in entry] == []


def test_a_python_without_pip_of_its_own_is_taken_first_and_borrows_that_of_another(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    bare, lender = (a_python(tmp_path / name, asked) for name in ("bare", "lender"))
    bare.write_text(bare.read_text().replace("# lacks", 'case "$*" in *ensurepip*|*"import pip"*) exit 1;; esac'))
    command = ["sh", str(ROOT / "setup/python.sh")]
    subprocess.run(command, cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "PYTHON": f"{bare} {lender}"}, check=True)
    done = asked.read_text().splitlines()
    assert "bare -m venv --clear --without-pip .venv" in done
    assert any(line.startswith("lender -m pip --python .venv/bin/python install") for line in done)


def a_python(program: Path, asked: Path) -> Path:
    """Something that answers as a Python would, and writes down what it was asked."""
    program.write_text(f'#!/bin/sh\n# lacks\necho "{program.name} $*" >> {asked}\n{MAKES_ENVIRONMENT}')
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("service", OURS.values(), ids=OURS)
def test_a_container_runs_a_command_that_exists(service: dict[str, Any]) -> None:
    _, name, *arguments = service["command"]
    command: Command = main.commands[name]
    command.make_context(name, arguments)


@pytest.mark.parametrize("service", OURS.values(), ids=OURS)
def test_the_settings_of_a_container_are_enough(service: dict[str, Any], tmp_path: Path) -> None:
    environment = {name: plain(value) for name, value in service["environment"].items()}
    for name in [name for name in environment if name.endswith("_FILE")]:
        assert Path(environment[name]).name in service["secrets"]
        secret = tmp_path / name
        secret.write_text("x" * 40)
        environment[name] = str(secret)
    read = settings.read(environment)
    assert read.database_url == read.secret_key == "x" * 40
    assert read.redis_url == "redis://valkey:6379/0"


def test_every_setting_reaches_the_containers() -> None:
    left_out = {"VAR", "DEMO"}  # VAR is set in the Dockerfile
    written = {line.removeprefix("CONTACT_HUB_").removesuffix("_FILE") for line in COMPOSE["x-hub"]["environment"]}
    written |= {name.partition("_")[0] for name in written}  # some are several: OAUTH_CLIENT_ID and others beside it
    assert {name.name.upper() for name in fields(settings.Settings)} - left_out <= written


def test_every_secret_of_the_containers_is_made(tmp_path: Path) -> None:
    script = tmp_path / "make-secrets.sh"
    script.write_text((ROOT / "deploy/make-secrets.sh").read_text("utf-8"), "utf-8")
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    made = {file.name for file in (tmp_path / "secrets").iterdir()}
    assert made == {Path(secret["file"]).name for secret in COMPOSE["secrets"].values()}


def plain(value: str) -> str:
    """A value with the defaults filled in, as without an .env file."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
