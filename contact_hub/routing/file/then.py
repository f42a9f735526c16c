"""Reads what a rule says: the block behind `then`, and the default."""

from collections.abc import Iterator, Mapping
from typing import cast

from contact_hub.routing.decisions import PRIORITIES, RECEIPTS, Action, Also, Priority
from contact_hub.routing.file.desk import LANGUAGE, DeskSchema
from contact_hub.routing.file.marked import Block, Items, Node, Scalar
from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.rules import Queue, Section, Topic
from contact_hub.routing.said import said

_SAYINGS = ("priority", "topic", "tags", "due", "note", "language", "receipt", "also", "confidential")


class ThenSchema(DeskSchema):
    """Reads actions."""

    def __init__(self, mistakes: list[Mistake], queues: Mapping[str, Queue], topics: Mapping[str, Topic]) -> None:
        super().__init__(mistakes)
        self._queues = queues
        self._topics = topics

    def action(self, node: Node, what: str, section: Section) -> Action:
        """What a rule of this section says; a label sets no queue, all others must."""
        known = _SAYINGS if section == "label" else ("queue", *_SAYINGS)
        if isinstance(node, Block) and section == "label" and any(key.value == "queue" for key, _ in node.pairs):
            self.wrong(node, said("A label cannot set a queue."), said("Move this rule to `route`, or take the queue out."))
            known = ("queue", *_SAYINGS)
        given = self.block(node, what, known)
        topic = self.one_of(given["topic"], "topic", self._topics) if "topic" in given else ""
        queue = self._queue_of(node, given, topic) if section != "label" else ""
        return Action(
            queue=queue,
            priority=self._priority(given.get("priority")),
            topic=topic,
            tags=tuple(item.value.strip() for item in self.words(given["tags"], "tags")) if "tags" in given else (),
            due=self.due(given["due"]) if "due" in given else "",
            note=self.word(given["note"], "note") if "note" in given else "",
            language=self._language_of(given.get("language")),
            receipt=self.one_of(given["receipt"], "receipt", (*RECEIPTS, "none")) if "receipt" in given else "",
            also=self._also(given["also"], section, Also(queue, topic)) if "also" in given else (),
            confidential=self.yes_or_no(given["confidential"], "confidential") if "confidential" in given else False,
        )

    def due(self, node: Node) -> str:
        """A span of time such as `3 working days`; empty for `none`."""
        clock = self.clock(node, "due")
        return f"{clock.amount} {clock.unit}" if clock else ""

    def _queue_of(self, node: Node, given: Mapping[str, Node], topic: str) -> str:
        if "queue" in given:
            return self.one_of(given["queue"], "queue", self._queues)
        if topic:
            return self._topics[topic].queue
        if "topic" not in given and isinstance(node, Block):
            self.wrong(node, said("This says no queue."), said("Add `queue: …`, or a topic, which has one."))
        return ""

    def _priority(self, node: Node | None) -> Priority | None:
        chosen = self.one_of(node, "priority", PRIORITIES) if node else ""
        return cast(Priority, chosen) if chosen else None

    def _language_of(self, node: Node | None) -> str:
        value = self.word(node, "language") if node else ""
        if node and value and not LANGUAGE.fullmatch(value):
            self.wrong(
                node,
                said("“%(written)s” is no language.", written=value[:80]),
                said("Use two small letters, such as nl or fr."),
            )
        return value

    def _also(self, node: Node, section: Section, first: Also) -> tuple[Also, ...]:
        """Second tickets: {queue: …}, {topic: …}, {queue: …, topic: …}, the name of a queue or topic, or a list of those."""
        if section == "screen":
            self.wrong(
                node, said("What is set aside gets no second ticket."), said("Move this rule to `route`, or take `also` out.")
            )
            return ()
        asked = []
        for item in node.items if isinstance(node, Items) else [node]:
            for also in self._second(item):
                if also.queue == first.queue and also.topic in ("", first.topic):
                    self.wrong(
                        item,
                        said("The second ticket would stand in the queue “%(queue)s” beside the first.", queue=also.queue),
                        said("Name another queue or topic under `also`."),
                    )
                asked.append(also)
        return tuple(dict.fromkeys(asked))

    def _second(self, node: Node) -> Iterator[Also]:
        if isinstance(node, Scalar):
            name = self.one_of(node, "also", (*self._queues, *self._topics))
            if name in self._queues:
                yield Also(name)
            elif name:
                yield Also(self._topics[name].queue, name)
            return
        given = self.block(node, "also", ("queue", "topic"))
        topic = self.one_of(given["topic"], "topic", self._topics) if "topic" in given else ""
        queue = self._queue_of(node, given, topic)
        if queue:
            yield Also(queue, topic)
