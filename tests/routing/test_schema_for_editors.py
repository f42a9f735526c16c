"""Editors complete and check the rules file by its JSON Schema, which knows what the hub's own reader knows."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from contact_hub.routing import file
from contact_hub.routing.file.rulebook import RulebookError, read_rulebook
from tests.routing.rulebooks import DESK

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads(Path(file.__file__).with_name("rules.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
KEYS = {  # where the schema lists keys, and a file whose one mistake is a key nobody knows in that place
    "": "nonsense: yes\n",
    "municipality": None,
    "$defs/queue": None,
    "$defs/topic": None,
    "$defs/rule": "route: [{id: a, nonsense: yes, when: {text: a}, then: {queue: waste}}]\n",
    "$defs/action": "route: [{id: a, when: {text: a}, then: {queue: waste, nonsense: yes}}]\n",
    "$defs/when": "route: [{id: a, when: {nonsense: yes}, then: {queue: waste}}]\n",
    "$defs/contact": "tests: [{name: a, contact: {nonsense: yes}, expect: {queue: waste}}]\n",
    "expect": "tests: [{name: a, contact: {text: a}, expect: {nonsense: yes}}]\n",
}
PLACES = {
    "": SCHEMA,
    "municipality": SCHEMA["properties"]["municipality"],
    "$defs/contact": SCHEMA["$defs"]["contact"]["anyOf"][1],
    "expect": SCHEMA["properties"]["tests"]["items"]["properties"]["expect"],
}
WRONG_PLACES = {
    "municipality": DESK.replace("{name: Lindervelde,", "{name: Lindervelde, nonsense: yes,"),
    "$defs/queue": DESK.replace("- {id: reception,", "- {id: reception, nonsense: yes,"),
    "$defs/topic": DESK.replace("- {id: collection,", "- {id: collection, nonsense: yes,"),
}


def faults(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(YAML(typ="safe", pure=True).load(text))]


def keys_of_the_schema(place: str) -> set[str]:
    found: dict[str, Any] = PLACES[place] if place in PLACES else SCHEMA["$defs"][place.removeprefix("$defs/")]
    return set(found["properties"])


def keys_of_the_reader(place: str) -> set[str]:
    """The keys the reader offers where somebody writes one it does not know."""
    with pytest.raises(RulebookError) as caught:
        read_rulebook(DESK + str(KEYS[place]) if KEYS[place] else WRONG_PLACES[place])
    (mistake,) = caught.value.mistakes
    offered = dict(mistake.mend.values)["names"]
    return {name for name in str(offered).split(", ") if "<" not in name}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_shipped_rules_fit_the_schema_whoever_reads_their_yaml() -> None:
    text = (ROOT / "routing_rules.yaml").read_text("utf-8")
    assert faults(text) == []
    assert not list(VALIDATOR.iter_errors(yaml.load(text, Loader=yaml.CBaseLoader)))


@pytest.mark.parametrize("place", KEYS)
def test_the_schema_knows_the_keys_the_reader_knows(place: str) -> None:
    assert keys_of_the_schema(place) == keys_of_the_reader(place)


@pytest.mark.parametrize(
    "rules",
    [
        "rout: []",
        "lists: {waste: []}",
        "route:\n  - {id: a, when: {channel: []}, then: {queue: waste}}",
        "route:\n  - {id: a, when: {received: {weekday: []}}, then: {queue: waste}}",
        "route:\n  - {id: a, when: {received: {hours: []}}, then: {queue: waste}}",
        "lists: {waste: [{pattern: a, list: b}]}",
        "route: [{id: A b, when: {text: x}, then: {queue: waste}}]",
        "route: [{id: a, then: {queue: waste}}]",
        "route: [{id: a, when: {}, then: {queue: waste}}]",
        "route: [{id: a, when: {txt: x}, then: {queue: waste}}]",
        "route: [{id: a, when: {text: x}, then: {queue: waste, priority: asap}}]",
        "route: [{id: a, when: {text: x}, then: {queue: waste, due: soon}}]",
        "route: [{id: a, when: {received: {weekday: monday}}, then: {queue: waste}}]",
        "label: [{id: a, when: {text: x}, then: {queue: waste}}]",
        "tests: [{name: a, contact: {txet: x}, expect: {queue: waste}}]",
    ],
)
def test_what_the_reader_refuses_an_editor_marks(rules: str) -> None:
    with pytest.raises(RulebookError):
        read_rulebook(DESK + rules)
    assert faults(DESK + rules)
