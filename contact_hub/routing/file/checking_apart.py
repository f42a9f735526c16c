"""Checks a long text in another process, at low priority, so that decisions in this one keep their pace."""

import os
import pickle
import subprocess
import sys
from datetime import datetime

from contact_hub.routing.file.checking import Checked, checked
from contact_hub.routing.index import compiled

SHORT = 20_000
"""Characters of a text that is checked here, before another process would have started."""


class NotChecked(Exception):
    """The process that was to check the rules ended before it was done; says what it left on its standard error."""


def checked_apart(text: str, at: datetime) -> Checked:
    """What `checked` says of the text. Raises NotChecked."""
    if len(text) <= SHORT:
        return checked(text, at)
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", __name__, at.isoformat()],
        input=text.encode(errors="surrogatepass"),
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
        return checked(text, at)
    return Checked(text, rulebook, mistakes, astray, findings, packed)


def _check_apart() -> None:
    """What the other process does: the text comes in by standard input, what is to be said of it leaves by standard output."""
    os.nice(10)
    text = sys.stdin.buffer.read().decode(errors="surrogatepass")
    found = checked(text, datetime.fromisoformat(sys.argv[1]))
    packed = compiled.dumps(found.rulebook) if found.rulebook else b""
    sys.stdout.buffer.write(pickle.dumps((packed, found.mistakes, found.astray, found.findings)))


if __name__ == "__main__":
    _check_apart()
