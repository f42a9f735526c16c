"""Who the municipality is to the outside: its domains, its name, the servers whose word about a mail counts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class House:
    """What tells our own from what only looks like it.

    `domains` in lower case, `name` as our mail bears it. `judges` are the names (authserv-id) under which our own mail servers
    write what they found out about a sender; `form_mails` is the folder of the templates for mails of older web forms.
    """

    domains: tuple[str, ...] = ()
    name: str = ""
    judges: tuple[str, ...] = ()
    form_mails: Path | None = None


_house = House()


def is_ours(house: House) -> None:
    """Settles for this process whose mail it reads."""
    global _house
    _house = house


def ours() -> House:
    """Whose mail this process reads."""
    return _house
