"""The templates of form mails: one YAML file each, read strictly, all mistakes at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast, get_args

import structlog

from channels.email.legacy import LegacyField, Template, Use
from contact_hub.routing.file.marked import Node, read_marked
from contact_hub.routing.file.mistakes import Mistake, from_top_to_bottom
from contact_hub.routing.file.schema import MISSING, Schema
from contact_hub.routing.said import said

_ID = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_KEYS = ("id", "form", "topic", "from", "subject", "fields", "ends", "examples")
_FIELD_KEYS = ("name", "labels", "use", "lines", "optional", "values", "topics")
_EXAMPLE_KEYS = ("mail", "fields", "sender", "name", "subject", "postcode", "topic")
TOLD = tuple(key for key in _EXAMPLE_KEYS if key not in ("mail", "fields"))

log = structlog.get_logger()


@dataclass(frozen=True)
class Example:
    """A mail, and what must be read in it: fields by name, and other parts of the contact by what they are called here."""

    mail: str
    fields: Mapping[str, str]
    told: Mapping[str, str]
    node: Node


@dataclass(frozen=True)
class TemplateFile:
    """A template with the examples that hold it in place."""

    template: Template
    examples: tuple[Example, ...]


class TemplateError(Exception):
    """A template can't be used; `mistakes` says all that is wrong with it, from top to bottom."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = from_top_to_bottom(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@cache
def published(folder: Path | None) -> tuple[Template, ...]:
    """The templates in this folder, in the order of their file names; read once.

    One with mistakes is left out and said so in the log: it must not take the others along.
    """
    templates: list[Template] = []
    for path in sorted(folder.glob("*.yaml") if folder else ()):
        try:
            templates.append(read_template(path.read_text("utf-8")).template)
        except (TemplateError, UnicodeDecodeError) as error:
            log.critical("a template of form mails can't be used", file=path.name, mistakes=str(error))
    return tuple(templates)


def read_template(text: str) -> TemplateFile:
    """The template in this YAML. Raises TemplateError with all mistakes at once; its examples are not tried here."""
    mistakes: list[Mistake] = []
    root = read_marked(text, mistakes)
    if root is None:
        empty = Mistake(1, 1, said("The file is empty."), said("Write a template, or remove the file."))
        raise TemplateError(mistakes or [empty])
    read = _TemplateSchema(mistakes).file(root)
    if mistakes:
        raise TemplateError(mistakes)
    return read


class _TemplateSchema(Schema):
    """Reads the parts of a template."""

    def file(self, node: Node) -> TemplateFile:
        given = self.block(node, said("The template"), _KEYS, needed=("id", "form", "from", "fields", "examples"))
        fields = tuple(self._field(item) for item in self.items(given.get("fields", MISSING), "fields"))
        self._no_twins(node, fields)
        template = Template(
            id=self._name(given, "id"),
            form=self._name(given, "form"),
            topic=self.word(given["topic"], "topic") if "topic" in given else "",
            senders=self._lower(given, "from"),
            subjects=self._lower(given, "subject"),
            fields=fields,
            ends=self._lower(given, "ends"),
        )
        names = {field.name for field in fields}
        examples = self.items(given["examples"], "examples") if "examples" in given else []
        if "examples" in given and not examples:
            self.wrong(given["examples"], said("The template has no examples."), said("Add a mail as it really comes."))
        return TemplateFile(template, tuple(self._example(item, names) for item in examples))

    def _field(self, node: Node) -> LegacyField:
        given = self.block(node, said("A field"), _FIELD_KEYS, needed=("name", "labels"))
        written = self.words(given["labels"], "labels") if "labels" in given else ()
        labels = {each.value.strip().rstrip(": ") for each in written}
        lines = self.one_of(given["lines"], "lines", ("one", "many")) if "lines" in given else "one"
        return LegacyField(
            name=self._name(given, "name"),
            labels=tuple(sorted(filter(None, labels), key=lambda label: (-len(label), label))),
            use=cast(Use, self.one_of(given["use"], "use", get_args(Use)[1:])) if "use" in given else "",
            many_lines=lines == "many",
            optional="optional" in given and self.yes_or_no(given["optional"], "optional"),
            values=self._pairs(given, "values"),
            topics=self._pairs(given, "topics"),
        )

    def _example(self, node: Node, names: set[str]) -> Example:
        given = self.block(node, said("An example"), _EXAMPLE_KEYS, needed=("mail", "fields"))
        fields = self.block(given["fields"], "fields", names) if "fields" in given else {}
        return Example(
            mail=self.word(given["mail"], "mail") if "mail" in given else "",
            fields={name: self.word(value, name) for name, value in fields.items()},
            told={key: self.word(given[key], key) for key in TOLD if key in given},
            node=node,
        )

    def _pairs(self, given: Mapping[str, Node], key: str) -> dict[str, str]:
        pairs = self.block(given[key], key) if key in given else {}
        return {written.casefold(): self.word(value, key) for written, value in pairs.items()}

    def _lower(self, given: Mapping[str, Node], key: str) -> tuple[str, ...]:
        words = self.words(self.filled(given[key]), key) if key in given else ()
        return tuple(" ".join(each.value.split()).casefold() for each in words)

    def _name(self, given: Mapping[str, Node], key: str) -> str:
        value = self.word(given[key], key) if key in given else ""
        if value and not _ID.fullmatch(value):
            what = said("The %(key)s “%(written)s” can't be used.", key=key, written=value[:80])
            self.wrong(given[key], what, said("Use small letters, digits, dashes and underscores."))
        return value

    def _no_twins(self, node: Node, fields: tuple[LegacyField, ...]) -> None:
        names = [field.name for field in fields]
        uses: list[str] = [field.use for field in fields if field.use != "name"]
        labels = [label.casefold() for field in fields for label in field.labels]
        for what, words in ((said("The field"), names), (said("The use"), uses), (said("The label"), labels)):
            for word in sorted({each for each in words if each and words.count(each) > 1}):
                stands = said("%(what)s “%(name)s” stands here twice.", what=what, name=word)
                self.wrong(node, stands, said("Keep one of them."))
