"""What somebody filled in: checked against its form, all mistakes at once, and made into a contact."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l

from contact_hub import people
from contact_hub.contact import Attachment, Contact
from contact_hub.forms import LANGUAGES, Field, Form
from contact_hub.texts import storable

MOST_FILES = 5
LARGEST_FILE = 10 << 20  # bytes
LONGEST: Mapping[str, int] = {"text": 300, "textarea": 10_000, "email": 254, "tel": 40}  # characters
YES = ("yes", "on", "true")
OURS = LANGUAGES[0]  # the language in which colleagues read what was filled in
CHANNEL = "webform"

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Slip:
    """One mistake in what was filled in; `code` says which, `field` where (empty: the whole form)."""

    field: str
    code: str
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def words(self) -> str:
        """The mistake in the language of the page, and how to mend it."""
        return _words_of(self.code, self.facts)


@dataclass(frozen=True)
class Checked:
    """The answers as they will be kept, by field, and what is wrong with them."""

    answers: Mapping[str, str]
    slips: Sequence[Slip]


def check(form: Form, given: Mapping[str, object], files: Mapping[str, Sequence[Attachment]]) -> Checked:
    """Checks every field; unknown ones are mistakes too. Answers are stripped and in their one form."""
    answers: dict[str, str] = {}
    slips = [Slip(name, "unknown_field") for name in (*given, *files) if name not in {each.name for each in form.fields}]
    for each in form.fields:
        if each.type == "file":
            slips += _slips_of_files(each, files.get(each.name, ()))
            continue
        answers[each.name], code = _answer(each, given.get(each.name))
        if code:
            slips.append(Slip(each.name, code, {"most": str(LONGEST.get(each.type, 0))}))
    if sum(map(len, files.values())) > MOST_FILES:
        slips.append(Slip(form.file_fields[0].name if form.file_fields else "", "too_many_files", {"most": str(MOST_FILES)}))
    return Checked(answers, slips)


def attachment(name: str, content_type: str, content: bytes) -> Attachment:
    """A file that was sent, with a name and a type that can be shown."""
    bare = _UNPRINTABLE.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return Attachment(bare[:255] or "file", (content_type or "application/octet-stream")[:128], content)


def contact_of(
    form: Form,
    answers: Mapping[str, str],
    attachments: Sequence[Attachment],
    *,
    submission: str,
    received: datetime,
    language: str,
    thread: str = "",
) -> Contact:
    """The contact that somebody's answers make; the same answers under the same `submission` are the same contact.

    `thread` is set where only the sender can know the submission: what they send differently joins the same ticket.
    """
    raw = _raw(form, answers, attachments, language)
    used = {each.use: answers.get(each.name, "") for each in form.fields if each.use}
    return Contact(
        channel=CHANNEL,
        external_id=f"{submission}:{hashlib.sha256(raw).hexdigest()[:32]}",
        received=received,
        subject=_subject(form, answers),
        message=_message(form, answers),
        sender=used.get("sender") or next((answers[each.name] for each in form.fields if each.type == "tel"), ""),
        sender_name=used.get("name", ""),
        language=language,
        form=form.id,
        fields={name: answer for name, answer in answers.items() if answer},
        postcode=used.get("postcode", ""),
        topic=_topic(form, answers),
        attachments=tuple(attachments),
        message_id=thread,
        answers=(thread,) if thread else (),
        raw=raw,
        raw_type="application/json",
    )


def shown(each: Field, answer: str, language: str) -> str:
    """An answer as people read it: the label of a choice, the text itself else."""
    choice = each.choice(answer)
    return choice.label[language] if choice else answer


def _answer(each: Field, given: object) -> tuple[str, str]:
    """The answer in its one form, and the code of what is wrong with it."""
    if each.type == "consent" and isinstance(given, bool):
        given = "yes" if given else ""
    if given is not None and not isinstance(given, str):
        return "", "not_text"
    answer = storable((given or "").replace("\r\n", "\n")).strip()
    if not answer:
        missing = "not_ticked" if each.type == "consent" else "required"
        return "", missing if each.required else ""
    if len(answer) > LONGEST.get(each.type, LONGEST["text"]):
        return answer, "too_long"
    return _READERS[each.type](each, answer)


def _read_text(each: Field, answer: str) -> tuple[str, str]:
    return answer, ""


def _read_email(each: Field, answer: str) -> tuple[str, str]:
    try:
        return validate_email(answer, check_deliverability=False).normalized, ""
    except EmailNotValidError:
        return answer, "no_email"


def _read_tel(each: Field, answer: str) -> tuple[str, str]:
    return answer, "" if people.e164(answer) else "no_tel"


def _read_date(each: Field, answer: str) -> tuple[str, str]:
    try:
        return date.fromisoformat(answer).isoformat(), ""
    except ValueError:
        return answer, "no_date"


def _read_postcode(each: Field, answer: str) -> tuple[str, str]:
    good = len(answer) == 4 and answer.isascii() and answer.isdecimal() and answer >= "1000"
    return answer, "" if good else "no_postcode"


def _read_choice(each: Field, answer: str) -> tuple[str, str]:
    return answer, "" if each.choice(answer) else "no_choice"


def _read_consent(each: Field, answer: str) -> tuple[str, str]:
    return ("yes", "") if answer in YES else ("", "no_choice")


_READERS: Mapping[str, Callable[[Field, str], tuple[str, str]]] = {
    "text": _read_text,
    "textarea": _read_text,
    "email": _read_email,
    "tel": _read_tel,
    "date": _read_date,
    "postcode": _read_postcode,
    "choice": _read_choice,
    "consent": _read_consent,
}


def _slips_of_files(each: Field, files: Sequence[Attachment]) -> list[Slip]:
    if each.required and not files:
        return [Slip(each.name, "required")]
    facts = {"most": str(LARGEST_FILE >> 20)}
    return [Slip(each.name, "file_too_large", {**facts, "file": x.name}) for x in files if len(x.content) > LARGEST_FILE]


def _subject(form: Form, answers: Mapping[str, str]) -> str:
    said = [shown(each, answers.get(each.name, ""), OURS) for each in form.fields if each.use == "subject"]
    return ": ".join(filter(None, [form.title[OURS], *said]))


def _message(form: Form, answers: Mapping[str, str]) -> str:
    """The main text first, then each other answer under its label."""
    main = [answers.get(each.name, "") for each in form.fields if each.use == "message"]
    rest = [
        f"{each.label[OURS]}: {shown(each, answers[each.name], OURS)}"
        for each in form.fields
        if answers.get(each.name) and each.type != "consent" and each.use not in {"message", "name", "sender"}
    ]
    return "\n\n".join(filter(None, [*main, "\n".join(rest)]))


def _topic(form: Form, answers: Mapping[str, str]) -> str:
    chosen = (each.choice(answers.get(each.name, "")) for each in form.fields)
    return next((choice.topic for choice in chosen if choice and choice.topic), form.topic)


def _raw(form: Form, answers: Mapping[str, str], attachments: Sequence[Attachment], language: str) -> bytes:
    """What was posted, in one canonical shape; files stand by their digest."""
    files = [
        {"name": x.name, "type": x.content_type, "size": len(x.content), "sha256": hashlib.sha256(x.content).hexdigest()}
        for x in attachments
    ]
    posted = {"form": form.id, "language": language, "fields": dict(answers), "files": files}
    return json.dumps(posted, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def _words_of(code: str, facts: Mapping[str, str]) -> str:
    return str(_WORDS[code]) % {"most": "", "file": "", **facts}


_WORDS: Mapping[str, object] = {
    "required": _l("Fill this in, please."),
    "not_ticked": _l("Tick this box, please."),
    "unknown_field": _l("This form has no such field."),
    "not_text": _l("Write this as text."),
    "too_long": _l("This is too long. At most %(most)s characters fit here."),
    "no_email": _l("This is not an e-mail address. Write it like name@example.be."),
    "no_tel": _l("This is not a telephone number. Write it like 014 00 00 00 or +32 14 00 00 00."),
    "no_date": _l("This is not a date. Write it as year-month-day, like 2026-06-01."),
    "no_postcode": _l("This is not a Belgian postcode. Write four digits."),
    "no_choice": _l("Choose one of the answers on offer."),
    "too_many_files": _l("You can add %(most)s files at most. Take some away."),
    "file_too_large": _l("The file %(file)s is too large. A file may have %(most)s MB at most."),
    "post_too_large": _l("That was too much at once. A file may have %(most)s MB at most. Please fill in the form again."),
    "left_empty": _l("Leave this field empty, please: it is there to stop robots."),
    "too_fast": _l("That was very quick. Look your answers over and send them once more."),
    "page_too_old": _l("This page was open for a long time. Look your answers over and send them once more."),
}
