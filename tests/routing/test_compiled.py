"""A rulebook that went through bytes decides as the one that was read."""

import os
import pickle
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings

from contact_hub.contact import Contact
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.index.compiled import OtherVersion, dumps, loads
from contact_hub.routing.rules import Rulebook
from contact_hub.settings import HERE
from tests.routing import random_rules
from tests.routing.rulebooks import contact, rulebook

RULES = """
route:
  - id: smell
    until: 2027-01-01
    when:
      text: [gas, {pattern: "gas(lek|geur)"}, {at least: 2, of: ["ruik*", "stink*", geur]}]
      postcode: "9000-9099"
      received: {inside: office, weekday: [mon], hours: "08:00-18:00"}
      not: {sender domain: spam.example}
    then: {queue: waste, also: [{queue: complaints}]}
    examples: {yes: ["Ik ruik gas, het stinkt"]}
"""
SIGNATURE = 32  # bytes of a SHA-256


def shipped() -> str:
    return (HERE / "routing_rules.yaml").read_text()


def test_the_shipped_rules_come_back_as_they_were() -> None:
    read = read_rulebook(shipped())
    assert loads(dumps(read)) == read


@settings(max_examples=40)
@given(random_rules.rulebooks, random_rules.contacts)
def test_decisions_are_the_same_after_the_way_through_bytes(read: Rulebook, contact: Contact) -> None:
    assert loads(dumps(read)).decide(contact) == read.decide(contact)


def test_all_kinds_of_conditions_are_kept() -> None:
    read = rulebook(RULES)
    loaded = loads(dumps(read))
    smell = contact("Ik ruik gas, wat een geur", postcode="9050")
    assert loaded == read
    assert loaded.decide(smell).rule == "smell"
    assert loaded.examples_astray() == read.examples_astray()


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_what_another_version_made_is_refused(damage: bytes | None) -> None:
    data = bytearray(dumps(rulebook(RULES)))
    data[len(data) // 2] ^= 1
    with pytest.raises(OtherVersion):
        loads(bytes(data) if damage is None else damage)


def test_what_is_compiled_makes_nothing_but_rules(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(tmp_path / "made"),)

    data, evil = dumps(rulebook(RULES)), pickle.dumps(Evil())
    head = data.index(b"\n") + 1 + SIGNATURE
    with pytest.raises(OtherVersion):
        loads(data[:head] + sha256(evil).digest() + evil)
    assert not (tmp_path / "made").exists()
