"""Random rulebooks, edits of them, and contacts they disagree about, for hypothesis."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from contact_hub.contact import Attachment, Contact, PersonFacts
from contact_hub.routing.file.rulebook import read_rulebook
from contact_hub.routing.rules import Rulebook

QUEUES = ("reception", "waste", "trees", "taxes", "quarantine")
STEMS = ("afval", "boom", "gas", "lek", "été", "e-mail", "to")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

stems = st.sampled_from(STEMS)
tokens = st.lists(stems, min_size=1, max_size=2).map("".join)
phrases = st.lists(tokens, min_size=1, max_size=3).map(" ".join)
plain = st.builds("{}{}{}".format, st.sampled_from(["", "*"]), phrases, st.sampled_from(["", "*"]))
patterns = st.sampled_from(["afv.l", r"\bgas", "boom$", "[lt].k", "eacute", "boomgas", "tok+"]).map(
    lambda pattern: {"pattern": pattern}
)
named = st.sampled_from(["green", "grey"]).map(lambda name: {"list": name})
words = st.one_of(plain, plain, plain, patterns, named)
several = st.lists(words, min_size=1, max_size=3)
at_least = st.lists(plain, min_size=2, max_size=4, unique=True).map(lambda of: [{"at least": "2", "of": of}])
fields = st.sampled_from(["text", "text", "subject", "message", "everything", "quoted", "attachment", "form.where", "header.x"])

leaves = st.one_of(
    st.builds(lambda field, of: {field: of}, fields, st.one_of(several, several, at_least)),
    st.sampled_from(
        [
            {"channel": ["email", "chat"]},
            {"postcode": ["2400-2490", "9000"]},
            {"sender domain": "example.org"},
            {"sender": "*@sub*"},
            {"topic": "collection"},
            {"received": {"outside": "office"}},
            {"received": {"weekday": ["mon"], "hours": "09:00-11:00"}},
            {"has": ["postcode", "quoted"]},
            {"automatic": "bounce"},
            {"person.known": "yes"},
            {"person.open tickets": "1-2"},
        ]
    ),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=5,
)
bodies = st.fixed_dictionaries(
    {"when": conditions, "then": st.sampled_from(QUEUES).map(lambda queue: {"queue": queue})},
    optional={"status": st.sampled_from(["off", "shadow"]), "until": st.sampled_from(["2026-11-23", "2026-11-24"])},
)
lists = st.fixed_dictionaries(
    {"green": st.lists(plain, min_size=1, max_size=3), "grey": st.lists(plain, min_size=1, max_size=3)}
)
calendars = st.sampled_from([{"office": {"mon-fri": ["09:00-12:00"]}}, {"office": {"mon-fri": ["09:00-17:00"]}}])
sections = st.sampled_from(["route", "route", "screen"])
ids = st.sampled_from([f"r{number}" for number in range(8)])

desks = st.fixed_dictionaries(
    {
        "lists": lists,
        "calendars": calendars,
        "default": st.sampled_from(["reception", "reception", "waste"]).map(lambda queue: {"queue": queue}),
        "timezone": st.sampled_from(["Europe/Brussels"] * 9 + ["Asia/Tokyo"]),
        "rules": st.lists(
            st.tuples(ids, st.sampled_from(["route", "route", "screen"]), bodies), unique_by=lambda rule: rule[0]
        ),
    }
)


def book(desk: dict[str, Any]) -> Rulebook:
    """The rulebook of such a desk."""
    sections: dict[str, list[Any]] = {"screen": [], "route": []}
    for name, section, body in desk["rules"]:
        sections[section].append({"id": name, **body})
    municipality = {"name": "Lindervelde", "timezone": desk["timezone"], "languages": ["nl"]}
    return read_rulebook(
        json.dumps(
            {
                "format": "1",
                "municipality": municipality,
                "calendars": desk["calendars"],
                "lists": desk["lists"],
                "queues": [{"id": queue, "name": {"nl": queue}, "tier": "front"} for queue in QUEUES],
                "topics": [{"id": "collection", "name": {"nl": "Ophaling"}, "queue": "waste"}],
                **sections,
                "default": desk["default"],
            }
        )
    )


@st.composite
def edited(draw: st.DrawFn, desk: dict[str, Any]) -> dict[str, Any]:
    """The desk after a few edits: of rules, of their order, of what they name."""
    after = {**desk, "rules": list(desk["rules"])}
    for _ in range(draw(st.integers(0, 3))):
        what = draw(st.sampled_from(["change", "change", "add", "delete", "move", "lists", "calendars", "default", "anything"]))
        other = draw(desks)
        rules = after["rules"]
        place = draw(st.integers(0, max(0, len(rules) - 1)))
        if what in ("lists", "calendars", "default"):
            after[what] = other[what]
        elif what == "anything":
            after = other
        elif what == "add":
            taken = {name for name, *_ in rules}
            rules[place:place] = [rule for rule in other["rules"] if rule[0] not in taken][:1]
        elif rules:
            rule = rules.pop(place)
            if what == "change":
                rules.insert(place, (rule[0], rule[1], draw(bodies)))
            elif what == "move":
                rules.insert(draw(st.integers(0, len(rules))), rule)
    return after


texts = st.lists(
    st.one_of(
        tokens,
        st.sampled_from(["de", "la", "&eacute;t&eacute;", "AFVAL!", "boom\u00adgas", "to\u212a", "gas\ud800lek", "e mail"]),
    ),
    max_size=6,
).map(" ".join)
contacts = st.builds(
    Contact,
    channel=st.sampled_from(["email", "chat", "phone"]),
    external_id=st.just("1"),
    received=st.integers(0, 72).map(lambda hours: MONDAY + timedelta(hours=hours)),
    subject=texts,
    message=texts,
    quoted=texts,
    sender=st.sampled_from(["", "a@example.org", "b@sub.example.org", "c@other.be"]),
    automatic=st.sampled_from(["", "", "bounce"]),
    fields=st.one_of(st.just({}), texts.map(lambda text: {"where": text})),
    postcode=st.sampled_from(["", "2400", "9000", "B-1000"]),
    topic=st.sampled_from(["", "collection"]),
    headers=st.one_of(st.just({}), texts.map(lambda text: {"X": text})),
    attachments=texts.map(lambda text: (Attachment(text, "image/png", b""),) if text else ()),
    person=st.builds(PersonFacts, st.booleans(), st.integers(0, 3)),
)
