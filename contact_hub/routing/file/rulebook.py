"""Reads a rules file whole, or says everything that is wrong with it."""

from collections.abc import Mapping
from typing import cast, get_args

from contact_hub.contact import Contact
from contact_hub.routing.conditions import Every
from contact_hub.routing.decisions import RECEIPTS
from contact_hub.routing.file.conflicts import conflicts_in
from contact_hub.routing.file.desk import DeskSchema
from contact_hub.routing.file.marked import Block, Node, Scalar, read_marked
from contact_hub.routing.file.mistakes import Mistake, RulebookError
from contact_hub.routing.file.samples import SAMPLE_KEYS, SampleSchema
from contact_hub.routing.file.schema import MISSING
from contact_hub.routing.file.then import ThenSchema
from contact_hub.routing.file.when import WhenSchema
from contact_hub.routing.file.wording import Wording
from contact_hub.routing.rules import (
    DEFAULT,
    PRIORITIES,
    SECTIONS,
    Action,
    Municipality,
    Promise,
    Queue,
    Rule,
    Rulebook,
    Section,
    Status,
    Topic,
)
from contact_hub.routing.said import said

__all__ = ["Mistake", "RulebookError", "read_rulebook"]

_PARTS = ("format", "municipality", "calendars", "queues", "topics", "lists", *SECTIONS, "default", "tests")
_RULE_KEYS = ("id", "name", "why", "owner", "status", "until", "when", "then", "examples")
_NAMED = ("tags", "labels", "shadows", "runners_up", "also")
_YES_OR_NO = ("screened", "confidential")
_EXPECTED = ("queue", "priority", "topic", "rule", "due", "note", "language", "receipt", *_NAMED, *_YES_OR_NO)


def read_rulebook(text: str) -> Rulebook:
    """The rulebook in this YAML. Raises RulebookError with all mistakes at once; while two changes meet in it, with these."""
    mistakes = conflicts_in(text)
    if mistakes:
        raise RulebookError(mistakes)
    root = read_marked(text, mistakes)
    rulebook = _Rulebook(mistakes).read(root) if root is not None else None
    if rulebook is None and not mistakes:
        mistakes.append(Mistake(1, 1, said("The file is empty."), said("Put the last good rules back.")))
    if mistakes or rulebook is None:
        raise RulebookError(mistakes)
    return rulebook


class _Rulebook(DeskSchema):
    def read(self, root: Node) -> Rulebook:
        parts = self.block(root, said("The file"), _PARTS, needed=("format", "municipality", "queues", "default"))
        if "format" in parts:
            self.one_of(parts["format"], "format", ("1",))
        municipality = Municipality("", "UTC", ())
        if "municipality" in parts:
            municipality = self.municipality(parts["municipality"])
        calendars = self.calendars(parts["calendars"]) if "calendars" in parts else {}
        queues = self.queues(parts["queues"], calendars) if "queues" in parts else {}
        topics = self.topics(parts["topics"], queues) if "topics" in parts else {}
        wording = Wording(self.mistakes)
        if "lists" in parts:
            wording.take_lists(parts["lists"])
        samples = SampleSchema(self.mistakes, municipality.zone)
        rules = _Rules(self.mistakes, WhenSchema(wording, self, topics, calendars), samples, queues, topics)
        return Rulebook(
            municipality=municipality,
            queues=queues,
            topics=topics,
            calendars=calendars,
            rules=tuple(rule for name in SECTIONS if name in parts for rule in rules.section(name, parts[name])),
            default=rules.default(parts["default"]) if "default" in parts else Action(),
            promises=rules.promises(parts["tests"]) if "tests" in parts else (),
            written=wording.written(),
        )


class _Rules(DeskSchema):
    def __init__(
        self,
        mistakes: list[Mistake],
        when: WhenSchema,
        samples: SampleSchema,
        queues: Mapping[str, Queue],
        topics: Mapping[str, Topic],
    ) -> None:
        super().__init__(mistakes)
        self._when = when
        self._queues = queues
        self._topics = topics
        self._then = ThenSchema(mistakes, queues, topics)
        self._samples = samples
        self._ids: set[str] = {DEFAULT}

    def section(self, section: Section, node: Node) -> list[Rule]:
        """The rules of one section, in their order."""
        return [self._rule(section, item) for item in self.items(node, section)]

    def default(self, node: Node) -> Action:
        """What holds when no rule does."""
        return self._then.action(node, "default", "route")

    def promises(self, node: Node) -> tuple[Promise, ...]:
        """The tests of the whole file."""
        return tuple(self._promise(item) for item in self.items(node, "tests"))

    def _rule(self, section: Section, node: Node) -> Rule:
        given = self.block(node, said("A rule"), _RULE_KEYS, needed=("id", "when", "then"))
        status = self.one_of(given["status"], "status", get_args(Status)) if "status" in given else ""
        examples = self.block(given["examples"], "examples", ("yes", "no")) if "examples" in given else {}
        return Rule(
            id=self._new_id(given["id"]) if "id" in given else "",
            section=section,
            when=self._when.condition(given["when"], "when") if "when" in given else Every(()),
            then=self._then.action(given["then"], "then", section) if "then" in given else Action(),
            name=self.word(given["name"], "name") if "name" in given else "",
            why=self.word(given["why"], "why") if "why" in given else "",
            owner=self.word(given["owner"], "owner") if "owner" in given else "",
            status=cast(Status, status or "active"),
            until=self.day(given["until"], "until") if "until" in given else None,
            yes=self._examples(examples.get("yes")),
            no=self._examples(examples.get("no")),
            line=node.line,
        )

    def _new_id(self, node: Node) -> str:
        name = self.identity(node, "id")
        if name in self._ids:
            self.wrong(node, said("There is a rule “%(name)s” already.", name=name), said("Give one of them another id."))
        self._ids.add(name)
        return name

    def _examples(self, node: Node | None) -> tuple[Contact, ...]:
        return tuple(self._example(item) for item in self.items(node, "examples")) if node else ()

    def _example(self, node: Node) -> Contact:
        if isinstance(node, Scalar):
            return self._samples.contact(node, {"message": node})
        return self._samples.contact(node, self.block(node, said("An example"), SAMPLE_KEYS))

    def _promise(self, node: Node) -> Promise:
        given = self.block(node, said("A test"), ("name", "contact", "expect"), needed=("name", "contact", "expect"))
        wanted = self.block(given["expect"], "expect", _EXPECTED) if "expect" in given else {}
        expect = given.get("expect")
        if isinstance(expect, Block) and not expect.pairs:
            self.wrong(expect, said("“%(what)s” is empty.", what="expect"), said("Write a value behind it."))
        return Promise(
            name=self.word(given["name"], "name") if "name" in given else "",
            contact=self._example(given.get("contact", MISSING)),
            expect={name: self._wanted(name, value) for name, value in wanted.items()},
            line=node.line,
        )

    def _wanted(self, name: str, node: Node) -> str | bool | tuple[str, ...]:
        if name in _YES_OR_NO:
            return self.yes_or_no(node, name)
        if name == "due":
            return self._then.due(node)
        known = {
            "queue": self._queues,
            "topic": self._topics,
            "priority": PRIORITIES,
            "receipt": (*RECEIPTS, "none"),
            "also": (*self._queues, *self._topics),
            **dict.fromkeys(("rule", "labels", "shadows", "runners_up"), self._ids),
        }.get(name)
        if name in _NAMED:
            return tuple(self.one_of(item, name, known) if known else item.value.strip() for item in self.words(node, name))
        return self.one_of(node, name, known) if known else self.word(node, name)
