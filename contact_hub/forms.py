"""The web forms of the municipality: one YAML file each, read strictly, every text in every language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

import structlog

from contact_hub.routing.file.marked import Node, read_marked
from contact_hub.routing.file.mistakes import Mistake, from_top_to_bottom
from contact_hub.routing.file.schema import MISSING, Schema
from contact_hub.routing.said import Said, said

Texts = Mapping[str, str]
Type = Literal["text", "textarea", "email", "tel", "date", "postcode", "choice", "file", "consent"]
Use = Literal["", "subject", "message", "name", "sender", "postcode"]

LANGUAGES = ("nl", "fr", "en", "de")  # the first is the one colleagues read
OF_THE_PAGE = ("language", "token", "step", "kept", "dropped", "website")  # names that fields can't have

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_FORM_KEYS = ("id", "title", "intro", "topic", "fields")
_FIELD_KEYS = ("name", "type", "label", "help", "required", "choices", "use")
_CHOICE_KEYS = ("value", "label", "topic")

log = structlog.get_logger()
_folder: Path | None = None  # set once, at the start of the process


@dataclass(frozen=True)
class Choice:
    """One of the values a field offers; `topic` says what the question is about when it is chosen."""

    value: str
    label: Texts
    topic: str = ""


@dataclass(frozen=True)
class Field:
    """One question of a form; `use` says which part of the contact its answer becomes."""

    name: str
    type: Type
    label: Texts
    help: Texts
    required: bool = False
    choices: tuple[Choice, ...] = ()
    use: Use = ""

    def choice(self, value: str) -> Choice | None:
        """The choice with this value."""
        return next((each for each in self.choices if each.value == value), None)


@dataclass(frozen=True)
class Form:
    """A form as citizens see it; `topic` is what its contacts are about, unless a choice says more."""

    id: str
    title: Texts
    intro: Texts
    topic: str
    fields: tuple[Field, ...]

    @property
    def file_fields(self) -> tuple[Field, ...]:
        """The fields that take files."""
        return tuple(field for field in self.fields if field.type == "file")


class FormError(Exception):
    """A form file can't be used; `mistakes` says all that is wrong with it, from top to bottom."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = from_top_to_bottom(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


@cache
def published(folder: Path) -> Mapping[str, Form]:
    """The forms in this folder by id, in the order of their file names; read once.

    A form with mistakes is left out and said so in the log: it must not take the others along.
    """
    forms: dict[str, Form] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            form = read_form(path.read_text("utf-8"))
        except (FormError, UnicodeDecodeError) as error:
            log.critical("a form can't be used", file=path.name, mistakes=str(error))
            continue
        forms[form.id] = form
    return forms


def stand_in(folder: Path) -> None:
    """Settles for this process where its forms are."""
    global _folder
    _folder = folder


def answers_by_form(folder: Path | None = None) -> Mapping[str, tuple[str, ...]] | None:
    """The names of the answers that contacts bring, by the id of their form; None where no forms are known.

    The forms are those of the folder, or else those of this process.
    """
    where = folder or _folder
    forms = published(where).values() if where else ()
    return {form.id: tuple(each.name for each in form.fields if each.type != "file") for form in forms} or None


def read_form(text: str) -> Form:
    """The form in this YAML. Raises FormError with all mistakes at once."""
    mistakes: list[Mistake] = []
    root = read_marked(text, mistakes)
    if root is None:
        raise FormError(mistakes or [Mistake(1, 1, said("The file is empty."), said("Write a form, or remove the file."))])
    form = _FormSchema(mistakes).form(root)
    if mistakes:
        raise FormError(mistakes)
    return form


class _FormSchema(Schema):
    """Reads the parts of a form."""

    def form(self, node: Node) -> Form:
        given = self.block(node, said("The form"), _FORM_KEYS, needed=("id", "title", "intro", "fields"))
        fields = tuple(self._field(item) for item in self.items(given.get("fields", MISSING), "fields"))
        self._no_twins(node, said("The field"), [field.name for field in fields])
        self._no_twins(node, said("The use"), [field.use for field in fields if field.use])
        if "fields" in given and not fields:
            self.wrong(given["fields"], said("The form has no fields."), said("Add one."))
        return Form(
            id=self._fitting(given, "id", _ID, said("Use small letters, digits and dashes.")),
            title=self._texts(given, "title"),
            intro=self._texts(given, "intro"),
            topic=self.word(given["topic"], "topic") if "topic" in given else "",
            fields=fields,
        )

    def _field(self, node: Node) -> Field:
        given = self.block(node, said("A field"), _FIELD_KEYS, needed=("name", "type", "label"))
        kind = self.one_of(given["type"], "type", get_args(Type)) if "type" in given else ""
        choices = tuple(self._choice(item) for item in self.items(given["choices"], "choices")) if "choices" in given else ()
        if kind and (kind == "choice") != bool(choices):
            self.wrong(
                node,
                said("A field of type “%(kind)s” with %(count)s choices.", kind=kind, count=len(choices)),
                said("Give choices to type “choice” alone."),
            )
        self._no_twins(node, said("The choice"), [choice.value for choice in choices])
        name = self._fitting(given, "name", _NAME, said("Use small letters, digits and underscores."))
        if name in OF_THE_PAGE:
            self.wrong(
                given["name"], said("The name “%(name)s” is taken by the page itself.", name=name), said("Choose another one.")
            )
        return Field(
            name=name,
            type=cast(Type, kind),
            label=self._texts(given, "label"),
            help=self._texts(given, "help") if "help" in given else {},
            required="required" in given and self.one_of(given["required"], "required", ("yes", "no")) == "yes",
            choices=choices,
            use=cast(Use, self.one_of(given["use"], "use", get_args(Use)[1:])) if "use" in given else "",
        )

    def _choice(self, node: Node) -> Choice:
        given = self.block(node, said("A choice"), _CHOICE_KEYS, needed=("value", "label"))
        value = self._fitting(given, "value", _NAME, said("Use small letters, digits and underscores."))
        topic = self.word(given["topic"], "topic") if "topic" in given else ""
        return Choice(value, self._texts(given, "label"), topic)

    def _texts(self, given: Mapping[str, Node], key: str) -> Texts:
        """A text in every language."""
        if key not in given:
            return {}
        texts = self.block(given[key], key, LANGUAGES, needed=LANGUAGES)
        return {language: self.word(text, f"{key} in “{language}”") for language, text in texts.items()}

    def _fitting(self, given: Mapping[str, Node], key: str, pattern: re.Pattern[str], mend: Said) -> str:
        value = self.word(given[key], key) if key in given else ""
        if value and not pattern.fullmatch(value):
            self.wrong(given[key], said("The %(key)s “%(written)s” can't be used.", key=key, written=value[:80]), mend)
        return value

    def _no_twins(self, node: Node, what: Said, names: list[str]) -> None:
        for name in sorted({name for name in names if name and names.count(name) > 1}):
            self.wrong(node, said("%(what)s “%(name)s” stands here twice.", what=what, name=name), said("Keep one of them."))
