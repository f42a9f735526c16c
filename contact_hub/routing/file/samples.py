"""Builds contacts out of a few written fields: for examples, tests and trials."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import cast, get_args

from contact_hub.contact import Attachment, Automatic, Contact, PersonFacts
from contact_hub.routing.file.marked import Block, Items, Node
from contact_hub.routing.file.mistakes import Mistake
from contact_hub.routing.file.schema import Schema
from contact_hub.routing.said import said

WORKING_MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
"""When a sample came in that does not say when: a Monday morning."""
EARLIEST, LATEST = 1970, 2200
"""Years in which a sample can have come in."""

_TEXTS = ("channel", "subject", "sender", "language", "form", "postcode", "topic", "quoted")
_OTHER_NAMES = {"from": "sender", "body": "message", "text": "message"}
SAMPLE_KEYS = (
    *_TEXTS,
    *_OTHER_NAMES,
    "message",
    "id",
    "recipient",
    "fields",
    "headers",
    "attachments",
    "attachment",
    "automatic",
    "received",
    "person",
)


class SampleSchema(Schema):
    """Reads contacts as people write them down; their times are those of `zone` where they name no other."""

    def __init__(self, mistakes: list[Mistake], zone: tzinfo = UTC) -> None:
        super().__init__(mistakes)
        self._zone = zone

    def contact(self, node: Node, given: Mapping[str, Node]) -> Contact:
        """A contact with these fields; an e-mail in the absence of a channel."""
        texts = {_OTHER_NAMES.get(name, name): self._text(value, name) for name, value in given.items() if name in _PLAIN}
        return Contact(
            channel=texts.get("channel") or "email",
            external_id=self._text(given["id"], "id") if "id" in given else f"line {node.line}",
            received=self._moment(given["received"]) if "received" in given else WORKING_MONDAY,
            subject=texts.get("subject", ""),
            message=texts.get("message", ""),
            quoted=texts.get("quoted", ""),
            sender=texts.get("sender", ""),
            recipients=self._several(given, "recipient"),
            language=texts.get("language", ""),
            automatic=cast(Automatic, self._automatic(given)),
            form=texts.get("form", ""),
            fields=self._pairs(given, "fields"),
            postcode=texts.get("postcode", ""),
            topic=texts.get("topic", ""),
            person=self._person(given["person"]) if "person" in given else PersonFacts(),
            headers=self._pairs(given, "headers"),
            attachments=self._files(given),
        )

    def _text(self, node: Node, what: str) -> str:
        value = getattr(node, "value", None)
        return value.strip() if isinstance(value, str) else self.word(node, what)

    def _several(self, given: Mapping[str, Node], name: str) -> tuple[str, ...]:
        return tuple(item.value for item in self.words(given[name], name)) if name in given else ()

    def _files(self, given: Mapping[str, Node]) -> tuple[Attachment, ...]:
        nodes = [given[name] for name in ("attachments", "attachment") if name in given]
        items = [item for node in nodes for item in (node.items if isinstance(node, Items) else [node])]
        return tuple(Attachment(self._file_name(item), "application/octet-stream", b"") for item in items)

    def _file_name(self, node: Node) -> str:
        if not isinstance(node, Block):
            return self._text(node, "attachment")
        given = self.block(node, said("An attachment"))
        return next((self._text(given[key], key) for key in ("name", "filename") if key in given), "")

    def _pairs(self, given: Mapping[str, Node], name: str) -> dict[str, str]:
        if name not in given:
            return {}
        return {key: self._text(value, name) for key, value in self.block(given[name], name).items()}

    def _automatic(self, given: Mapping[str, Node]) -> str:
        kinds = [kind for kind in get_args(Automatic) if kind]
        return self.one_of(given["automatic"], "automatic", kinds) if "automatic" in given else ""

    def _person(self, node: Node) -> PersonFacts:
        """Who has tickets is known, unless it says otherwise."""
        given = self.block(node, "person", ("known", "open tickets"))
        number = self._number(given["open tickets"], "open tickets") if "open tickets" in given else 0
        return PersonFacts(self.yes_or_no(given["known"], "known") if "known" in given else number > 0, number)

    def _number(self, node: Node, what: str) -> int:
        written = self.word(node, what)
        if written and not (written.isascii() and written.isdigit() and len(written) < 10):
            self.wrong(node, said("“%(written)s” is no number.", written=written[:80]), said("Write digits, such as 0 or 2."))
            return 0
        return int(written or 0)

    def _moment(self, node: Node) -> datetime:
        written = self.word(node, "received")
        try:
            moment = datetime.fromisoformat(written) if written else WORKING_MONDAY
        except ValueError:
            moment = None
        if moment is None or not EARLIEST <= moment.year <= LATEST:
            self.wrong(
                node, said("“%(written)s” is no moment.", written=written[:80]), said("Write it like 2026-11-23T08:30+01:00.")
            )
            return WORKING_MONDAY
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)


_PLAIN = frozenset((*_TEXTS, *_OTHER_NAMES, "message"))
