"""Strategies for hypothesis: random rules and contacts in four languages, drawn from so few words that they meet."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from contact_hub.contact import Attachment, Contact, PersonFacts
from contact_hub.routing import conditions as c
from contact_hub.routing.decisions import Action
from contact_hub.routing.municipality import Municipality
from contact_hub.routing.patterns import Expression
from contact_hub.routing.rules import SECTIONS, Rule, Rulebook
from contact_hub.routing.text import needle_of
from contact_hub.routing.words import AtLeast, Pattern, Plain

WORDS = ["afval", "ophaling", "gas", "geur", "e-mail", "e", "mail", "huis", "vuil", "foto’s", "naïef", "9000", "12-34"]
WORDS += ["déchets", "poubelle", "l'eau", "été", "œuvre", "çà", "garbage", "bin", "smell", "Müll", "Größe", "straße", "łódź"]
GLUE = [" ", "  ", "\n", "-", ", ", "! ", "", "\u00ad", "\u200b", "&eacute;", "&amp;", "&", " \u202e", "\u0301", "ß", "\ud800"]
PATTERNS = [
    r"gas(lek|geur)?",
    r"\d{2}-\d{2}",
    r"d[eé]chets?\s+\w+",
    r"(afval|vuil)\s*(ophaling|bin)",
    r"\beau\b",
    r"Gr(ö|oe)(ß|ss)e",
    r"amp",
    r"eacute",
    r"[[:upper:]]{2,}",
    r"^afval",
    r"(?-i:GAS)",
    r"m.{0,3}l",
    r"a|b|(?:huis)+",
    r"été.*poubelle",
    r"\?",
    r"x*foto",
]
FIELDS = ["subject", "message", "text", "quoted", "everything", "attachment", "form.soort", "header.x-kind"]
ADDRESSES = ["an@post.example", "bob@mail.post.example", "", "post.example", "x@\npost.example", "AN@POST.EXAMPLE"]
ADDRESSES += ["a\ud800@b.example"]


texts = st.lists(st.sampled_from(WORDS) | st.sampled_from(GLUE) | st.characters(), max_size=12).map("".join)


def _plain(written: str) -> Plain:
    return Plain(written, needle_of(written))


phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
cut = st.builds(lambda word, start, end: word[start : len(word) - end] or word, phrases, st.integers(0, 2), st.integers(0, 3))
plain_words = st.builds(
    lambda before, word, behind: _plain(before + word + behind), st.sampled_from(["", "*"]), cut, st.sampled_from(["", "*"])
).filter(lambda word: bool(word.needle.strip()))
odd_words = st.builds(Plain, st.just("odd"), st.sampled_from(["", " ", "  ", "\n", " \n ", "a  b", "\ud800", "s"]))
"""Words that no rules file can hold."""
patterns = st.sampled_from(PATTERNS).map(lambda written: Pattern(written, Expression(written)))
several = st.builds(AtLeast, st.integers(1, 4), st.lists(plain_words | patterns, min_size=1, max_size=4).map(tuple))
words = plain_words | patterns | several

_spans = st.tuples(st.integers(8990, 9010), st.integers(0, 20)).map(lambda span: (span[0], span[0] + span[1]))
leaves = st.one_of(
    st.builds(c.Contains, st.sampled_from(FIELDS), st.lists(words, min_size=1, max_size=4).map(tuple)),
    st.builds(c.Contains, st.just("text"), st.lists(plain_words, min_size=1, max_size=5).map(tuple)),
    st.builds(c.OneOf, st.just("channel"), st.frozensets(st.sampled_from(["email", "phone", ""]), min_size=1)),
    st.builds(c.OneOf, st.just("language"), st.frozensets(st.sampled_from(["nl", "fr", "en", "de", ""]), min_size=1)),
    st.builds(
        c.Address,
        st.sampled_from(["sender", "sender domain", "recipient"]),
        st.lists(
            st.sampled_from([*ADDRESSES, "*", "**", "*.example", "an@*", "*post*", "*example", "example"]),
            min_size=1,
            max_size=3,
        ).map(tuple),
    ),
    st.builds(c.Postcode, st.lists(_spans, min_size=1, max_size=3).map(tuple)),
    st.builds(c.OpenTickets, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=2).map(tuple)),
    st.builds(c.Known, st.booleans()),
    st.builds(c.Weekday, st.frozensets(st.integers(0, 6), min_size=1)),
    st.builds(
        c.Has, st.lists(st.sampled_from(["subject", "postcode", "sender", "form.soort"]), min_size=1, max_size=2).map(tuple)
    ),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(c.Every, st.lists(inner, max_size=3).map(tuple)),
        st.builds(c.Either, st.lists(inner, max_size=3).map(tuple)),
        st.builds(c.Not, inner),
    ),
    max_leaves=6,
)

_MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def rules_under(many: list[c.Condition]) -> tuple[Rule, ...]:
    """A rule for each condition: of all sections and states, some of them until a day."""
    return tuple(
        Rule(
            id=f"r{place}",
            section=SECTIONS[(place * 7 + len(many)) % 3],
            when=condition,
            then=Action(queue=f"q{place}", tags=(f"t{place}",)),
            status="shadow" if place % 5 == 4 else "off" if place % 11 == 10 else "active",
            until=date(2026, 1, 5 + place % 4) if place % 4 == 3 else None,
        )
        for place, condition in enumerate(many)
    )


rules = st.lists(conditions, max_size=8).map(rules_under)
rulebooks = rules.map(
    lambda made: Rulebook(Municipality("Lindervelde", "Europe/Brussels", ("nl",)), {}, {}, {}, made, Action(queue="default"))
)
contacts = st.builds(
    Contact,
    channel=st.sampled_from(["email", "phone", "EMAIL"]),
    external_id=st.just("1"),
    received=st.integers(0, 200).map(lambda hours: _MONDAY + timedelta(hours=hours)),
    subject=texts,
    message=texts,
    quoted=texts,
    sender=st.sampled_from(ADDRESSES),
    recipients=st.lists(st.sampled_from(ADDRESSES), max_size=3).map(tuple),
    language=st.sampled_from(["nl", "fr", ""]),
    postcode=st.sampled_from(["", "9000", "B-9005", "8999", "٩"]),
    fields=st.dictionaries(st.sampled_from(["soort", "naam"]), texts, max_size=2),
    headers=st.dictionaries(st.sampled_from(["X-Kind", "subject"]), texts, max_size=2),
    attachments=st.lists(texts.map(lambda name: Attachment(name, "image/png", b"")), max_size=1).map(tuple),
    person=st.builds(PersonFacts, st.booleans(), st.integers(0, 3)),
)
