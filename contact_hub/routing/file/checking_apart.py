"""Reads and checks a long text in another process, at low priority, so that decisions in this one keep their pace."""

import os
import pickle
import subprocess
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from contact_hub.routing.file.checking import Checked, checked
from contact_hub.routing.file.mistakes import RulebookError
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.index import compiled
from contact_hub.routing.rules import Rulebook

if TYPE_CHECKING:
    from contact_hub.routing.doctor import Forms

SHORT = 20_000
"""Characters of a text that is checked here, before another process would have started."""


class NotChecked(Exception):
    """The process that was to check the rules ended before it was done; says what it left on its standard error."""


def checked_apart(text: str, at: datetime, forms: "Forms | None" = None) -> Checked:
    """What `checked` says of the text. Raises NotChecked."""
    found = _apart(text, at, forms) if len(text) > SHORT else None
    return found or checked(text, at, forms)


def read_apart(text: str) -> Rulebook:
    """The rulebook in the text, as `read_rulebook` gives it. Raises RulebookError and NotChecked."""
    found = _apart(text, None, None) if len(text) > SHORT else None
    if found is None:
        return read_rulebook(text)
    if found.rulebook is None:
        raise RulebookError(found.mistakes)
    return found.rulebook


def _apart(text: str, at: datetime | None, forms: "Forms | None") -> Checked | None:
    """What the other process finds; without a moment, it only reads. None when it has newer code than this one."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", __name__],
        input=pickle.dumps((text, at, forms)),
        capture_output=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    if done.returncode:
        raise NotChecked(done.stderr.decode(errors="replace")[-2000:])
    packed, mistakes, astray, findings = pickle.loads(done.stdout)  # noqa: S301
    try:
        rulebook = compiled.loads(packed) if packed else None
    except compiled.OtherVersion:  # the hub was renewed on disk, and this process was not started again yet
        return None
    return Checked(text, rulebook, mistakes, astray, findings, packed)


def _work_apart() -> None:
    """What the other process does: the text comes in by standard input, what is to be said of it leaves by standard output."""
    os.nice(10)
    text, at, forms = pickle.load(sys.stdin.buffer)  # noqa: S301
    found = checked(text, at, forms) if at else _read(text)
    packed = compiled.dumps(found.rulebook) if found.rulebook else b""
    sys.stdout.buffer.write(pickle.dumps((packed, found.mistakes, found.astray, found.findings)))


def _read(text: str) -> Checked:
    try:
        return Checked(text, read_rulebook(text))
    except RulebookError as error:
        return Checked(text, None, tuple(error.mistakes))


if __name__ == "__main__":
    _work_apart()
