"""A call or a visit as the agent writes it down, with what is missing in it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from contact_hub import avoidable, people, texts, threads
from contact_hub.contact import Contact
from contact_hub.database import now
from contact_hub.days import day_in
from contact_hub.history import OUTCOMES

CHANNELS = ("phone", "counter")
SETTLEMENTS = ("rules", "solved", "hand_over", "call_back")
"""What becomes of it: the rules decide, solved on the spot, passed on, or called back."""
WRITTEN = (
    "name",
    "address",
    "topic",
    "text",
    "delivered",
    "elsewhere",
    "ticket",
    "queue",
    "because",
    "promise",
    "why",
    "day",
    "from",
    "until",
    "number",
    "not_number",
)
"""The fields of the page that hold what was typed or chosen freely."""
MOST_TEXT = 10_000  # characters
LONGEST_CALL = 4 * 3600  # seconds; a page left open longer was not one call


@dataclass(frozen=True)
class Call:
    """What one page of the log says.

    `id` names it, `began` is when the page was opened, `after` the reference of an earlier question of the same call.
    `ticket` is the reference of an open ticket that it is about, `delivered` what a visitor was given at the counter,
    `elsewhere` the reference at the authority it was passed on to. `why` is
    one of `avoidable.REASONS` or NEW, or empty where nobody said why the citizen got in touch. `day`, `opens` and `closes` say
    when to call back, at `number` and never at `not_number`.
    """

    id: str
    began: datetime = field(default_factory=now)
    after: str = ""
    channel: str = "phone"
    name: str = ""
    address: str = ""
    topic: str = ""
    text: str = ""
    delivered: str = ""
    ticket: str = ""
    settlement: str = "rules"
    outcome: str = "resolved_first_line"
    elsewhere: str = ""
    queue: str = ""
    because: str = ""
    promise: str = ""
    why: str = ""
    day: str = ""
    opens: str = ""
    closes: str = ""
    number: str = ""
    not_number: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def seconds(self) -> int:
        """How long it took so far."""
        return min(LONGEST_CALL, max(0, int((now() - self.began).total_seconds())))

    def window(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when until when to call back. Raises ValueError where that can't be read."""
        day = day_in(self.day)
        opens, closes = (
            datetime.combine(day, time.fromisoformat(each), zone).astimezone(now().tzinfo) for each in (self.opens, self.closes)
        )
        return opens, closes


def written_in(form: Mapping[str, str], blank: Call, zone: ZoneInfo, topics: Mapping[str, str]) -> Call:
    """The call as the page's form says it, with its mistakes; `topics` leads from a name in small letters to its id."""
    said: dict[str, Any] = {name: form.get(name, "").strip() for name in WRITTEN}
    said["opens"], said["closes"] = said.pop("from"), said.pop("until")
    said["ticket"] = said["ticket"].removeprefix("new")
    said["why"] = said["why"] if said["why"] in (*avoidable.REASONS, avoidable.NEW) else ""
    outcome = form.get("outcome", "")
    call = replace(
        blank,
        channel=one_of(CHANNELS, form.get("channel", "")),
        settlement=one_of(SETTLEMENTS, form.get("settlement", "")),
        outcome=outcome if outcome in OUTCOMES else Call.outcome,
        **said,
    )
    return replace(call, wrong={**_wrong_who_and_what(call, topics), **_wrong_settlement(call, zone)})


def contact_of(call: Call, topic: str) -> Contact:
    """The contact that a logged call is; one about an open ticket shows that ticket's token."""
    written = {"channel": call.channel, "name": call.name, "address": call.address, "topic": topic, "text": call.text}
    return Contact(
        channel=call.channel,
        external_id=call.id,
        received=now(),
        subject=texts.first_line(call.text),
        message=call.text,
        sender=call.address,
        sender_name=call.name,
        topic=topic,
        fields={"delivered": call.delivered} if call.delivered and call.channel == "counter" else {},
        answers=(threads.token_for(call.ticket),) if call.ticket else (),
        raw=json.dumps(written, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace"),
        raw_type="application/json",
    )


def as_typed(call: Call) -> dict[str, Any]:
    """What was typed, as a draft keeps it; empty where nothing is to be lost."""
    if not any((call.text, call.name, call.address, call.delivered)):
        return {}
    left_out = {"id", "began", "wrong"}
    return {name: value for name, value in asdict(call).items() if name not in left_out and value}


def one_of(known: tuple[str, ...], value: str) -> str:
    """The value where it is one of these, else the first of them."""
    return value if value in known else known[0]


def _wrong_who_and_what(call: Call, topics: Mapping[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not call.text:
        wrong["text"] = _("Write in a line what the call was about.")
    if len(call.text) > MOST_TEXT:
        wrong["text"] = _("This is too long. At most %(most)s characters fit here.", most=MOST_TEXT)
    if call.address and "@" not in call.address and not people.e164(call.address):
        wrong["address"] = _("This is neither a telephone number nor an e-mail address.")
    if call.topic and call.topic.casefold() not in topics:
        wrong["topic"] = _("Choose a topic from the list, or leave it empty.")
    return wrong


def _wrong_settlement(call: Call, zone: ZoneInfo) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if call.settlement == "hand_over" and not call.queue:
        wrong["queue"] = _("Choose the queue that will take over.")
    if call.settlement == "hand_over" and not call.because:
        wrong["because"] = _("Say why: whoever takes over reads it first.")
    if call.settlement == "hand_over" and not call.promise:
        wrong["promise"] = _("Say what you promised the citizen: whoever takes over keeps it.")
    return wrong | (_wrong_call_back(call, zone) if call.settlement == "call_back" else {})


def _wrong_call_back(call: Call, zone: ZoneInfo) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not people.e164(call.number or call.address):
        wrong["number"] = _("Which number shall we call? Write it with its area code.")
    if call.not_number and not people.e164(call.not_number):
        wrong["not_number"] = _("This is no telephone number.")
    elif call.not_number and people.e164(call.not_number) == people.e164(call.number or call.address):
        wrong["not_number"] = _("This is the number that we shall call. Write another one above, or leave this empty.")
    try:
        opens, closes = call.window(zone)
    except ValueError:
        return wrong | {"day": _("Choose a day, and from when until when.")}
    if closes <= opens:
        wrong["day"] = _("The end comes before the beginning. Turn them round.")
    elif closes <= now():
        wrong["day"] = _("That is over already. Choose a later moment.")
    return wrong
