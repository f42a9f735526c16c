"""The conditions of a rule in words, for a supervisor who never wrote one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contact_hub.contact import Contact
from contact_hub.queues import in_language
from contact_hub.routing import conditions as c
from contact_hub.routing import missing
from contact_hub.routing.asking import asked
from contact_hub.routing.calendars import WEEKDAYS
from contact_hub.routing.explaining import Kind
from contact_hub.routing.rules import Rulebook
from contact_hub.routing.said import Said
from contact_hub.routing.words import AtLeast, Pattern, Word
from contact_hub.routing.written import NamedList
from contact_hub.web.form_answers import form_title
from contact_hub.web.languages import NAMES, language
from contact_hub.web.words import DOORS

FIELDS = {
    "text": _l("Subject or message contains"),
    "subject": _l("The subject contains"),
    "message": _l("The message contains"),
    "quoted": _l("The quoted text contains"),
    "everything": _l("Subject, message or quoted text contains"),
    "attachment": _l("Name or type of an attachment contains"),
    "channel": _l("Came in by"),
    "language": _l("The language is"),
    "form": _l("The form is"),
    "topic": _l("The topic is"),
    "automatic": _l("Sent by a machine, as"),
    "sender": _l("The sender is"),
    "sender domain": _l("The sender's domain is"),
    "recipient": _l("Sent to"),
    "postcode": _l("The postcode is"),
    "person.known": _l("The sender is known to the hub"),
    "person.open tickets": _l("Open tickets of the sender"),
    "received inside": _l("Received within the hours of"),
    "received weekday": _l("Received on a"),
    "received hours": _l("Received at"),
    "has": _l("Has something in"),
}
MACHINES = {
    "bounce": _l("a mail that came back"),
    "delay": _l("a notice that a mail is late"),
    "out-of-office": _l("an absence message"),
    "auto-reply": _l("an automatic answer"),
    "list": _l("a message of a mailing list"),
}
CALLED: Mapping[str, Mapping[str, object]] = {"channel": DOORS, "language": NAMES, "automatic": MACHINES}
_CALLED_SO = {called.text: field for field, called in missing.FIELDS.items()}
_A_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True)
class Listed:
    """A named list of the file, as far as a condition uses it."""

    name: str
    line: int
    words: Sequence[str]


@dataclass(frozen=True)
class Told:
    """A condition in words: what it asks of which field, the words or values, the named lists, and what stands inside."""

    kind: Kind
    field: str = ""
    words: Sequence[str] = ()
    lists: Sequence[Listed] = ()
    number: int = 0
    parts: Sequence["Told"] = ()

    @property
    def has_star(self) -> bool:
        """Whether a word of it begins or ends with a star, which needs telling what that means."""
        words = [*self.words, *(word for each in self.lists for word in each.words)]
        return any(word.startswith("*") or word.endswith("*") for word in words) or any(part.has_star for part in self.parts)


def in_words(rulebook: Rulebook, condition: c.Condition) -> Told:
    """The whole condition; words of a named list stand under its name."""
    return _Teller(rulebook).told(condition)


def described(rulebook: Rulebook, contact: Contact) -> dict[str, str]:
    """What an example says beside its message, by the words of the page."""
    said = {
        _("Door"): str(DOORS.get(contact.channel, contact.channel)) if contact.channel != "email" else "",
        _("Subject"): contact.subject,
        _("Quoted"): contact.quoted,
        _("Sender"): contact.sender,
        _("Sent to"): ", ".join(contact.recipients),
        _("Postcode"): contact.postcode,
        _("Form"): value_in_words(rulebook, "form", contact.form),
        _("Topic"): value_in_words(rulebook, "topic", contact.topic),
        **contact.fields,
        **contact.headers,
        _("Attachments"): ", ".join(each.name for each in contact.attachments),
        _("Sent by a machine, as"): str(MACHINES.get(contact.automatic, "")),
    }
    return {name: value for name, value in said.items() if value}


class _Teller:
    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._homes = _homes(rulebook.written.lists)

    def told(self, condition: c.Condition) -> Told:
        match condition:
            case c.Every(parts):
                return Told("all", parts=self._flat("all", parts))
            case c.Either(parts):
                return Told("any", parts=self._flat("any", parts))
            case c.Not(c.Either(parts)):
                return Told("not", parts=self._flat("any", parts))
            case c.Not(part):
                return Told("not", parts=[self.told(part)])
            case c.Contains(field, words):
                return self._contains(field_in_words(field), words)
        field, values = asked(condition)
        return Told("value", field_in_words(field), [value_in_words(self._rulebook, field, value) for value in values])

    def _flat(self, kind: Kind, parts: Iterable[c.Condition]) -> list[Told]:
        """The parts; those of a part that joins its own in the same way stand among them."""
        told = map(self.told, parts)
        return [each for part in told for each in (part.parts if part.kind == kind else [part])]

    def _contains(self, field: str, words: Sequence[Word]) -> Told:
        several = [word for word in words if isinstance(word, AtLeast)]
        if len(several) == len(words) == 1:
            return self._at_least(field, several[0])
        own, lists = self._parted(words)
        return Told("words", field, own, lists, parts=[self._at_least("", word) for word in several])

    def _at_least(self, field: str, some: AtLeast) -> Told:
        own, lists = self._parted(some.words)
        inside = [self._at_least("", word) for word in some.words if isinstance(word, AtLeast)]
        return Told("at least", field, own, lists, some.number, inside)

    def _parted(self, words: Sequence[Word]) -> tuple[list[str], list[Listed]]:
        """The words that the rule names itself, and those it takes from named lists."""
        own: list[str] = []
        homes: dict[NamedList, list[str]] = {}
        for word in words:
            home = self._homes.get((word.written, word.line))
            if isinstance(word, AtLeast):
                continue
            (own if home is None else homes.setdefault(home, [])).append(_shown(word))
        return own, [Listed(home.name, home.line, found) for home, found in homes.items()]


def value_in_words(rulebook: Rulebook, field: str, value: str) -> str:
    """A value that a condition asks for in a field, or that a contact has there, as people call it."""
    if field == "topic" and value in rulebook.topics:
        return in_language(rulebook.topics[value].names, language())
    if field == "form":
        return form_title(value)
    if field == "received inside" and value in rulebook.calendars:
        return in_language(rulebook.calendars[value].names, language()) or value
    if field == "person.known":
        return str(_("yes") if value == "yes" else _("no"))
    if field == "received weekday" and value in WEEKDAYS:
        return _weekday(WEEKDAYS.index(value))
    return str(CALLED.get(field, {}).get(value, value))


def missing_in_words(rulebook: Rulebook, sentence: Said) -> str:
    """Why a rule does not hold, with what the file names by an id called as people call it."""
    field = dict(sentence.values).get("field")
    asked_of = {
        "calendar": "received inside",
        "days": "received weekday",
        "values": _CALLED_SO.get(field.text, "") if isinstance(field, Said) else "",
    }
    values = [
        (name, _listed(rulebook, asked_of[name], value) if name in asked_of and isinstance(value, str) else value)
        for name, value in sentence.values
    ]
    return Said(sentence.text, tuple(values)).through(_).replace("….", "…")  # of words that go on the first few are named


def field_in_words(field: str) -> str:
    """What a field of the file is called, with the verb that leads on to words or values."""
    kind, _dot, name = field.partition(".")
    if kind == "form" and name:
        return str(_("The field “%(name)s” of the form contains", name=name))
    if kind == "header" and name:
        return str(_("The mail header “%(name)s” contains", name=name))
    return str(FIELDS.get(field, field))


def _homes(lists: Iterable[NamedList]) -> Mapping[tuple[str, int], NamedList]:
    """The list in which each word stands itself: of lists that take others in, the innermost."""
    homes: dict[tuple[str, int], NamedList] = {}
    for each in sorted(lists, key=lambda each: len(each.words)):
        for word in each.words:
            homes.setdefault((word.written, word.line), each)
    return homes


def _listed(rulebook: Rulebook, field: str, values: str) -> str:
    return ", ".join(value_in_words(rulebook, field, each) for each in values.split(", "))


def _shown(word: Word) -> str:
    return str(_("pattern %(pattern)s", pattern=word.written)) if isinstance(word, Pattern) else word.written


def _weekday(day: int) -> str:
    return str(format_date(_A_MONDAY + timedelta(days=day), "EEEE"))
