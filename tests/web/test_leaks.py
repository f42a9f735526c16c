"""Of a ticket that somebody does not see whole, nothing says more than how it stands, or than their own part of it.

No page, list, count, search, file, interface or live event does, for whoever works here. Addresses are taken from the
application: a new one fails here until it is said what stands in it.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import product
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from contact_hub import agent_sessions, bulk, drafts, editions, links, live, tickets
from contact_hub.agents import Agent
from contact_hub.api.examples import EXAMPLES
from contact_hub.contact import Attachment
from contact_hub.database import Session, reading
from contact_hub.mentions import Mention
from contact_hub.messages import Message, StoredAttachment
from contact_hub.settings import Settings
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, by_queue, sight, sight_of
from contact_hub.web import listing
from contact_hub.web.filters import VIEWS
from contact_hub.web.following import Following
from contact_hub.web.hearing import Hearing
from contact_hub.web.own_desk import Desk as OwnDesk
from tests import builders
from tests.application import values
from tests.web.conftest import Desk, SignIn

pytestmark = pytest.mark.timeout(300)

# What a citizen wrote, and where it so goes: every visibility, and what a rule makes confidential in a queue of each.
WORDS = {
    "onthaal": "vraag",
    "groen": "boom",
    "wegen": "pothole",
    "belastingen": "belasting",
    "ombuds": "ombudsman",
    "onthaal, confidential": "vraag discreet",
    "wegen, confidential": "pothole discreet",
    "belastingen, confidential": "belasting discreet",
}
COMMON = "kwartelei"  # stands in every ticket: a search for it finds all that somebody sees
# Who looks: a role with its queues. The first line took in what it handed over; some were asked about every ticket, or named.
PEOPLE: dict[str, tuple[str, ...]] = {
    "first line": ("agent", "onthaal"),
    "agent": ("agent",),
    "back office": ("back_office", "groen"),
    "supervisor": ("supervisor", "onthaal"),
    "administrator": ("administrator",),
    "asked": ("back_office", "groen"),
    "named": ("back_office", "groen"),
    "signed out": (),
}
# Everybody walks on one database, and those who see tickets for the most reasons on the one of production: that queries say
# the same on both is tested where they are asked.
ON_POSTGRESQL = ("first line", "asked")


def walked_by(*people: str) -> pytest.MarkDecorator:
    """Each of these people on the database on which they walk."""
    places = [(who, "postgresql" if who in ON_POSTGRESQL else "sqlite") for who in people]
    return pytest.mark.parametrize(("who", "database_url"), places, indirect=["database_url"])


WORKING_HERE = [who for who in PEOPLE if who != "signed out"]
HANDED_OVER = ("belastingen", "ombuds")  # from the reception: what it had is its own part, what came later is not
DAY = "from=2026-11-23&to=2026-11-23"
# Addresses with more to show than they do bare.
LISTED = (
    *(f"view={view}" for view in VIEWS),
    *(f"view=open&queue={queue}" for queue in ("onthaal", "groen", "wegen", "belastingen", "ombuds")),
    f"view=open&q={COMMON}",
    "view=open&door=email",
    "view=open&priority=normal&tag=geheim&language=nl",
    "view=open&person=1",
    "view=open&queue=wegen&sort=oldest",
)
LOOKED_FOR = (f"q={COMMON}", f"q={COMMON}+queue:wegen", f"q={COMMON}+is:open", f"q={COMMON}+before:2030-01-01")
ASKED = {
    "desk.inbox": (*LISTED, "view=open&q=from:wout", "view=open&topic=put"),
    "desk.counts": LISTED,
    "tickets_api.list_tickets": LISTED,
    "desk.places": ("q=", f"q={COMMON}"),
    "search.page": LOOKED_FOR,
    "lists_api.find": LOOKED_FOR,
    "persons_api.find": ("q=wie", "q=adres"),
    "figures.page": (DAY,),
    "figures.behind": tuple(f"part={part}&{DAY}" for part in ("all", "open", "counted")),
    "figures.download": tuple(f"part={part}&{DAY}" for part in ("all", "open", "counted")),
    "phone.blank": (f"caller={COMMON}", "number=011223344"),
    "phone.logged": (),
    "rules.rule": (),
}
READING = {"GET", "HEAD", "OPTIONS"}
REFRESH = {"HX-Request": "true"}  # how an open page asks for its parts anew; nothing but a page that is shown looks at it
# What is sent where no verb of that name has an example.
SENT: dict[str, dict[str, Any]] = {
    "tickets_api.mark": dict(EXAMPLES["marks"]),
    "writing_api.keep": {"typed": {"text": "half"}},
    "writing_api.fill": {"language": "nl"},
    "together_api.be_here": {"writes": True},
}
# What stands in addresses that are posted to and name no ticket.
STANDS = {"number": 1, "rule": "potholes", "call": "made-up"}
# Rules by which every ticket would go elsewhere.
ELSEWHERE = builders.RULES.replace("route:\n", f"route:\n  - {{id: all, when: {{text: [{COMMON}]}}, then: {{queue: groen}}}}\n")
# Parts whose forms are about no ticket: people, keys, templates, sign-in, preferences, what citizens send.
ABOUT_NONE = {
    *("account", "administration", "answer_templates", "api_keys", "queues_and_hours", "set_aside", "sign_in"),
    *("switch", "switch_language", "web_form", "forms", "chat"),
}
# Those that change the rules come after those that look at what they did, and what takes the draft away last.
LAST = (
    *("rules.work_on_draft", "rules.publish_changes", "rules.amend", "rules.roll_back"),
    *("rules_api.publish", "rules_api.amend", "rules_api.roll_back", "drafts_api.put_away"),
)
FIGURES = ("fcr_gross", "flr", "transfer", "touchless", "first_route", "backlog")


@dataclass(frozen=True)
class Kept:
    """A ticket with what must stay between those who see it whole, and what is also its first line's own part."""

    reference: str
    secrets: tuple[str, ...]
    own: tuple[str, ...]
    messages: tuple[int, ...]
    files: tuple[int, ...]


@pytest.fixture
def settings(settings: Settings, redis_url: str) -> Settings:
    """With a news server too: the pages for machines ask it how it is."""
    return replace(settings, redis_url=redis_url)


@dataclass
class Built:
    """A town that was built: its tickets, and how to put its rows into an empty database."""

    kept: dict[str, Kept]
    put_into: Callable[[str], None]


@pytest.fixture(scope="module")
def built() -> dict[str, Built]:
    """The town on each kind of database, once it was built there."""
    return {}


@pytest.fixture(scope="module")
def copy() -> Iterator[sqlite3.Connection]:
    """Where the town on SQLite is kept."""
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as copy:
        yield copy


@pytest.fixture
def kept(app: Flask, database_url: str, built: dict[str, Built], copy: sqlite3.Connection) -> dict[str, Kept]:
    """The tickets of a town that is built once on each kind of database for all who walk it."""
    kind = make_url(database_url).get_backend_name()
    if kind in built:
        built[kind].put_into(database_url)
    else:
        kept = _town()
        built[kind] = Built(kept, _file_of(database_url, copy) if kind == "sqlite" else _rows_of(database_url))
    return built[kind].kept


def _file_of(url: str, copy: sqlite3.Connection) -> Callable[[str], None]:
    """Keeps a whole database of SQLite."""
    with closing(sqlite3.connect(str(make_url(url).database))) as file:
        file.backup(copy)

    def put_into(url: str) -> None:
        with closing(sqlite3.connect(str(make_url(url).database))) as file:
            copy.backup(file)

    return put_into


def _rows_of(url: str) -> Callable[[str], None]:
    """Keeps the rows of a database of PostgreSQL, and how far it has counted."""
    with _of_no_trigger(url) as connection:
        tables = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        counted = connection.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value > 0").fetchall()
        rows = {}
        for table in tables:
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as said:
                rows[table] = b"".join(said)

    def put_into(url: str) -> None:
        with _of_no_trigger(url) as connection:
            connection.execute("".join(f'DELETE FROM "{table}";' for table in tables))
            for table in tables:
                with connection.cursor().copy(f'COPY "{table}" FROM STDIN') as takes:
                    takes.write(rows[table])
            for name, value in counted:
                connection.execute("SELECT setval(%s, %s)", [f'"{name}"', value])

    return put_into


def _of_no_trigger(url: str) -> psycopg.Connection[Any]:
    """In a session that no trigger holds back."""
    return psycopg.connect(url.replace("+psycopg", ""), options="-c session_replication_role=replica")


def _town() -> dict[str, Kept]:
    """One ticket for each way into a queue, all with a note, an answer, a file and a link to an open one."""
    with Session.begin() as session:
        edition = session.get_one(editions.Edition, 1)
        drafts.begin(session, edition, by="test", name="a draft")
        member = builders.an_agent(session, "agent", *dict.fromkeys(name.split(",")[0] for name in WORDS), name="Lid Vanalles")
    found = {name: _a_ticket(number, name, WORDS[name], member) for number, name in enumerate(WORDS)}
    for number, to in enumerate(HANDED_OVER, len(WORDS)):
        found[f"handed over to {to}"] = _handed_over(_a_ticket(number, "onthaal", "vraag", member), number, to, member)
    with live.change() as session:
        beside = _the(session, found["groen"].reference)
        for each in found.values():
            if each.reference != beside.reference:
                links.link(session, beside, _the(session, each.reference), by=member)
        doing = bulk.begin(
            session, "tag", {"add": ["geheim"]}, [_the(session, each.reference).id for each in found.values()], by=member
        )
    bulk.proceed(doing.id)
    return found


def _secrets(number: int, *parts: str) -> dict[str, str]:
    """Words that are found nowhere else, each of one piece, so that no page can break them."""
    return {part: f"{part}{'abcdefghij'[number] * 3}geheim" for part in parts}


def _a_ticket(number: int, name: str, word: str, member: Agent) -> Kept:
    secret = _secrets(number, "zaak", "tekst", "wie", "adres", "stuk", "nota", "woord")
    mail = f"From: {secret['wie']} <{secret['adres']}@example.org>\r\nSubject: {secret['zaak']}\r\n\r\n{secret['tekst']}\r\n"
    with live.change() as session:
        ticket = builders.a_ticket(
            session,
            subject=f"{secret['zaak']} {COMMON}",
            message=f"{word} {secret['tekst']} {COMMON}",
            sender=f"{secret['adres']}@example.org",
            sender_name=secret["wie"],
            raw=mail.encode(),
            attachments=(Attachment(f"{secret['stuk']}.txt", "text/plain", b"x"),),
        )
    with live.change() as session:
        found = _the(session, ticket.reference)
        found.remark(Message(kind="note", channel="email", text=f"{secret['nota']} {COMMON}", author_id=member.id), by=member)
        found.answer(
            Message(kind="answer", channel="email", text=f"{secret['woord']} {COMMON}", author_id=member.id), by=member
        )
        assert found.queue_id == name.split(",")[0]
        assert found.confidential == ("confidential" in name)
        session.flush()
        messages = tuple(session.scalars(select(Message.id).where(Message.ticket_id == found.id)))
        files = tuple(session.scalars(select(StoredAttachment.id).where(StoredAttachment.message_id.in_(messages))))
        return Kept(found.reference, tuple(secret.values()), (), messages, files)


def _handed_over(kept: Kept, number: int, to: str, member: Agent) -> Kept:
    """To others, who noted something and got a file since, and gave it another subject."""
    later = _secrets(number, "later", "bijlage", "titel")
    with live.change() as session:
        ticket = _the(session, kept.reference)
        ticket.hand_over(to=builders.queue(session, to), by=member, because="voor hen", promise="u hoort van hen")
        session.flush()
        ticket.subject = f"{later['titel']} {COMMON}"
        first = session.get_one(StoredAttachment, kept.files[0])
        file = StoredAttachment(name=f"{later['bijlage']}.txt", content_type="text/plain", size=1, sha256=first.sha256)
        note = Message(kind="note", channel="email", text=f"{later['later']} {COMMON}", author_id=member.id, attachments=[file])
        ticket.remark(note, by=member)
        session.flush()
        messages, files = (*kept.messages, note.id), (*kept.files, file.id)
    own = tuple(secret for secret in kept.secrets if not secret.startswith("zaak"))  # the old subject stands nowhere now
    return Kept(kept.reference, (*later.values(), *own), own, messages, files)


def _the(session: object, reference: str) -> Ticket:
    ticket = tickets.find(session, reference)  # type: ignore[arg-type]
    assert ticket
    return ticket


def _of_each(kept: Iterable[Kept], more: Callable[[Kept], Iterable[dict[str, object]]]) -> Iterator[dict[str, object]]:
    return ({"reference": each.reference, **others} for each in kept for others in more(each))


def _fillings(rule: Rule, kept: list[Kept], seen: list[Kept]) -> list[dict[str, object]] | None:
    """What stands in the address of this route: every ticket there is; None where nobody said what."""
    if not rule.arguments:
        return [{}]
    by_endpoint: dict[str, Callable[[], Iterable[dict[str, object]]]] = {
        "sign_in.new_password": lambda: [{"token": "made-up"}],
        "static": lambda: [{"filename": "mark.svg"}],
        "forms.show_form": lambda: [{"form_id": "question"}],
        "web_form.blank": lambda: [{"form_id": "question"}],
        "chat.fetch": lambda: [{"key": "made-up"}],
        "web_form.receipt": lambda: [{"form_id": "question"}],
        "figures.behind": lambda: [{"name": each} for each in FIGURES],
        "figures.download": lambda: [{"name": each} for each in FIGURES],
        "rules.rule": lambda: [{"rule": each} for each in ("potholes", "discreet", "complaints", "hours")],
        "queues_and_hours.queue": lambda: [{"queue_id": "ombuds"}],
        "queues_and_hours.calendar": lambda: [{"calendar_id": "office"}],
        "why_api.why_rule": lambda: _of_each(kept, lambda _: [{"rule": "potholes"}, {"rule": "complaints"}]),
        # A file is asked for through its own ticket and through one of each kind that is in sight.
        "files.attachment": lambda: [
            {"reference": through.reference, "number": number}
            for each in kept
            for through in {id(one): one for one in (each, *seen)}.values()
            for number in each.files
        ],
    }
    by_endpoint["files.pages"] = by_endpoint["files.attachment"]
    by_endpoint["files.page"] = lambda: [{**each, "page": 1} for each in by_endpoint["files.attachment"]()]
    for page in ("page", "body", "original"):
        by_endpoint[f"mail_view.{page}"] = lambda: _of_each(kept, lambda each: [{"message": one} for one in each.messages])
    for edition in (
        "rules.edition",
        "rules.file",
        "rules.draft",
        "rules.before_after",
        "rules_api.show_edition",
        "rules_api.export",
        "drafts_api.show",
    ):
        by_endpoint[edition] = lambda: [{"number": 1}]
    for page in ("persons_api.show", "persons.page"):
        by_endpoint[page] = lambda: [{"number": each} for each in range(1, len(kept) + 1)]
    for page in ("bulk_api.show", "bulk.page", "set_aside.original", "administration.person", "answer_templates.show"):
        by_endpoint[page] = lambda: [{"number": 1}]
    if rule.endpoint in by_endpoint:
        return list(by_endpoint[rule.endpoint]())
    return [{"reference": each.reference} for each in kept] if rule.arguments == {"reference"} else None


def _addresses(app: Flask, kept: list[Kept], seen: list[Kept]) -> list[str]:
    """Every address that answers to GET; `seen` is a ticket of each kind that is in sight."""
    unfilled, addresses = [], []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            fillings = _fillings(rule, kept, seen)
            if fillings is None:
                unfilled.append(f"{rule.rule} ({rule.endpoint})")
                continue
            for filling in fillings:
                bare = app.url_for(rule.endpoint, **filling)  # type: ignore[arg-type]
                addresses += [bare, *(f"{bare}?{asked}" for asked in ASKED.get(rule.endpoint, ()))]
        addresses += [app.url_for("ticket.find", reference=each.reference) for each in kept]
        mine = [each.reference for each in seen[:1]]
        addresses += [app.url_for("together.look_up", reference=one, other=each.reference) for one in mine for each in kept]
    assert not unfilled, f"say in _fillings what stands in these addresses, so that no page is left out: {unfilled}"
    return addresses


def _sights(agent: Agent | None, kept: Iterable[Kept]) -> dict[str, Sight]:
    """How much this person sees of each ticket, by its reference."""
    with reading() as session:
        return {each.reference: sight_of(agent, _the(session, each.reference)) if agent else Sight.NONE for each in kept}


def _hidden_from(agent: Agent | None, kept: Collection[Kept]) -> dict[str, Kept]:
    """What this person does not see whole, by each secret of it; who may not know of it does not read its reference."""
    sights = _sights(agent, kept)
    unseen = [each for each in kept if sights[each.reference] < Sight.FULL]
    hidden = {secret: each for each in unseen for secret in _kept_from(each, sights[each.reference])}
    return hidden | {each.reference.lower(): each for each in unseen if sights[each.reference] == Sight.NONE}


def _kept_from(each: Kept, seen: Sight) -> list[str]:
    return [secret for secret in each.secrets if seen != Sight.PART or secret not in each.own]


def _comes(who: str, kept: dict[str, Kept], sign_in: SignIn, visitor: Desk) -> Desk:
    """Somebody at their desk; who was asked or named was so in every ticket."""
    if who == "signed out":
        return visitor
    role, *queues = PEOPLE[who]
    desk = sign_in(role, *queues)
    if who in ("asked", "named"):
        with Session.begin() as session:
            for each in kept.values():
                ticket = _the(session, each.reference)
                calls = {"ticket_id": ticket.id, "message_id": each.messages[0], "agent_id": desk.agent.id}
                session.add(Mention(by_id=session.query(Agent.id).limit(1).scalar(), asks=who == "asked", **calls))
    return desk


@walked_by(*PEOPLE)
def test_no_address_tells_of_a_ticket_more_than_somebody_sees(
    who: str, kept: dict[str, Kept], app: Flask, sign_in: SignIn, visitor: Desk
) -> None:
    desk = _comes(who, kept, sign_in, visitor)
    hidden = _hidden_from(desk.agent, list(kept.values()))
    assert hidden
    leaks = []
    sights = _sights(desk.agent, kept.values())
    seen = {sights[each.reference]: each for each in kept.values() if sights[each.reference] > Sight.NONE}
    for address in _addresses(app, list(kept.values()), list(seen.values())):
        answer = desk.client.get(address)
        is_shown = answer.mimetype == "text/html" and answer.status_code == 200
        for said in (answer, desk.client.get(address, headers=REFRESH)) if is_shown else (answer,):
            assert said.status_code < 500 or address == "/health/ready", (address, said.status)  # no workers here
            words = _words(said)
            leaks += [f"{address}: {secret}" for secret in hidden if secret in words and secret not in address.lower()]
    assert not leaks, leaks
    if desk.agent is None:
        return
    for each in kept.values():  # what is seen is there: the walk looks at pages, not at refusals
        page = desk.get(f"/tickets/{each.reference}").text
        assert [secret for secret in (each.secrets[0], *each.own[:1]) if secret in page] == [
            secret for secret in (each.secrets[0], *each.own[:1]) if secret not in hidden
        ]


@walked_by(*PEOPLE)
def test_what_is_sent_to_no_ticket_of_its_own_tells_of_none_more_than_somebody_sees(
    who: str, kept: dict[str, Kept], app: Flask, sign_in: SignIn, visitor: Desk
) -> None:
    """What came of it is looked at too, where the answer leads there. Left out are the forms of ABOUT_NONE, about no ticket."""
    desk = _comes(who, kept, sign_in, visitor)
    hidden = _hidden_from(desk.agent, list(kept.values()))
    headers = {"X-CSRFToken": desk.token()}
    before = _last_events()
    leaks = []
    for method, address, sent in _sent_to_no_ticket(app, hidden.values(), _a_call(desk)):
        content = {"json": sent} if address.startswith("/api/") else {"data": sent}
        answer = desk.client.open(address, method=method, headers=headers, follow_redirects=True, **content)
        assert answer.status_code < 500, (method, address, sent, answer.status)
        words = " ".join(map(_words, (*answer.history, answer)))
        typed = f"{address} {sent}".lower()
        leaks += [f"{method} {address}: {secret}" for secret in hidden if secret in words and secret not in typed]
    assert not leaks, leaks
    after, unseen = _last_events(), {each.reference for each in hidden.values()}
    assert {each: after[each] for each in unseen} == {each: before[each] for each in unseen}


def _a_call(desk: Desk) -> dict[str, Any]:
    """What the log of calls holds, as it is opened."""
    page = desk.get("/calls/new").text
    return values(page, "/calls") if "half-written" in page else {}


def _sent_to_no_ticket(app: Flask, hidden: Iterable[Kept], call: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Method, address and content of all that is sent to an address in which no ticket stands."""
    contents, unsaid, found = _contents(sorted({each.reference for each in hidden}), call), [], []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            methods = sorted((rule.methods or set()) - READING)
            if not methods or "reference" in rule.arguments or rule.endpoint.split(".")[0] in ABOUT_NONE:
                continue
            names = sorted(rule._converters)
            choices = [getattr(rule._converters[name], "items", None) or [STANDS.get(name)] for name in names]
            sent = contents.get(rule.endpoint, ())
            if not sent or [None] in choices:
                unsaid.append(f"{rule.rule} ({rule.endpoint})")
                continue
            for method, given, content in product(methods, product(*choices), sent):
                address = app.url_for(rule.endpoint, **{**(rule.defaults or {}), **dict(zip(names, given, strict=True))})
                found.append((rule.endpoint, (method, address, content)))
    assert not unsaid, f"say in _contents what is sent there, so that no address is left out: {unsaid}"
    return [each for _endpoint, each in sorted(found, key=lambda each: LAST.index(each[0]) if each[0] in LAST else -1)]


def _contents(hidden: list[str], call: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What is sent to each of them: it asks for tickets out of sight, and for all in sight."""
    tag, text, view = {"do": "tag", "add": "geheim"}, {"text": ELSEWHERE}, {"name": "alles", "view": "open", "q": COMMON}
    passed_on = {"text": "Mag dat?", "settlement": "hand_over", "queue": "groen", "promise": "morgen"}
    typed, logged = {**call, **passed_on, "because": "hun boom"}, {**passed_on, "reason": "hun boom"}
    drafted, switched, back = {**text, "version": 1, "reason": "x"}, {"reason": "x", "status": "off"}, {"reason": "x"}
    return {
        "bulk.begin": [{**tag, "ticket": hidden}, {"do": "hand-over", "ticket": hidden}, {**tag, **view, "all": "yes"}],
        "bulk.undo": [{}],
        "bulk_api.begin": [{"do": "tag", "add": ["geheim"], "tickets": hidden}],
        "bulk_api.undo": [{}],
        "calls_api.log": [{**logged, "ticket": each, "id": f"call-{each}"} for each in hidden],
        "desk.next_ticket": [{}],
        "drafts_api.begin": [text],
        "drafts_api.keep": [drafted],
        "drafts_api.put_away": [{}],
        "lists_api.forget": [{}],
        "lists_api.rename": [{"name": "iets"}],
        "lists_api.save": [{"name": "alles", "address": {"view": "open", "q": COMMON}}],
        "phone.keep": [typed],
        "phone.log": [*({**typed, "ticket": each} for each in hidden), {**call, "name": COMMON}],
        "phone.throw_away": [{}],
        "phone.who": [{"name": COMMON}],
        "replays_api.history": [text],
        "replays_api.replay": [text],
        "rules.amend": [switched],
        "rules.begin_draft": [{}],
        "rules.check_draft": [text],
        "rules.publish_changes": [{"version": 1, "reason": "x"}],
        "rules.replay_draft": [text],
        "rules.roll_back": [back],
        "rules.try_draft": [{**text, "sample_text": COMMON}],
        "rules.work_on_draft": [{**drafted, "do": each} for each in ("try", "publish")],
        "rules_api.amend": [switched],
        "rules_api.check": [text],
        "rules_api.publish": [{**text, "reason": "x", "onto": 1}],
        "rules_api.roll_back": [back],
        "rules_api.try_": [{"contact": {"text": COMMON}}],
        "saved_views.change": [{"name": "iets"}, {"do": "forget"}],
        "saved_views.save": [view],
        "tickets_api.take_the_next": [{}],
    }


@walked_by(*WORKING_HERE)
def test_looking_for_the_words_of_a_ticket_out_of_sight_finds_nothing(
    who: str, kept: dict[str, Kept], sign_in: SignIn, visitor: Desk
) -> None:
    desk = _comes(who, kept, sign_in, visitor)
    sights = _sights(desk.agent, kept.values())
    unseen = [each for each in kept.values() if sights[each.reference] < Sight.FULL]
    for secret, ticket in [(secret, each) for each in unseen for secret in each.secrets]:
        if secret.startswith(("woord", "stuk", "adres")):
            continue  # one of each kind is enough: subject, text, note and name
        for page in ("/desk/search?q=", "/desk/inbox?view=open&q="):
            assert ticket.reference not in desk.get(f"{page}{secret}").text, (page, secret)


@walked_by(*WORKING_HERE)
def test_who_writes_in_no_ticket_that_somebody_sees_is_not_found_as_a_caller(
    who: str, kept: dict[str, Kept], sign_in: SignIn, visitor: Desk
) -> None:
    desk = _comes(who, kept, sign_in, visitor)
    assert desk.agent
    with reading() as session:
        theirs = {each.reference: by_queue(desk.agent, _the(session, each.reference)) == Sight.FULL for each in kept.values()}
    for each in kept.values():
        name, address = (next(secret for secret in each.secrets if secret.startswith(part)) for part in ("wie", "adres"))
        for typed, told in ((name, address), (address, name), (each.reference, name)):
            found = desk.post("/calls/callers", name=typed).text
            assert (told in found) is theirs[each.reference], (each, typed)


@walked_by(*PEOPLE)
def test_no_verb_reaches_a_ticket_that_somebody_does_not_see_whole(
    who: str, kept: dict[str, Kept], app: Flask, sign_in: SignIn, visitor: Desk
) -> None:
    desk = _comes(who, kept, sign_in, visitor)
    hidden = set(_hidden_from(desk.agent, list(kept.values())).values())
    token = desk.token()
    before = _last_events()
    for method, address, sent in list(_changes(app, hidden)):
        with_file = {"file": (BytesIO(b"x"), "x.txt")} if address.endswith("/files") else {}
        filled_in = {name: value for name, value in sent.items() if not isinstance(value, dict)} | with_file
        content = {"json": sent} if address.startswith("/api/") and not with_file else {"data": filled_in}
        answer = desk.client.open(address, method=method, headers={"X-CSRFToken": token}, **content)
        assert answer.status_code in (302, 401, 403, 404), (method, address, answer.status, answer.text[:200])
        assert not any(secret in answer.text for each in hidden for secret in each.secrets if secret not in each.own), address
    assert _last_events() == before


def _changes(app: Flask, hidden: Iterable[Kept]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, address and content of all that changes one of these tickets; a number in it is that of a message of its own."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "reference" not in rule.arguments:
                continue
            others = sorted(rule.arguments - {"reference"})
            choices = [sorted(getattr(rule._converters[name], "items", ())) for name in others]
            for method, each in product(sorted((rule.methods or set()) - READING), hidden):
                filled = (
                    choice or ["notes" if name == "form" else each.messages[0]]
                    for name, choice in zip(others, choices, strict=True)
                )
                for given in product(*filled):
                    address = app.url_for(rule.endpoint, reference=each.reference, **dict(zip(others, given, strict=True)))
                    yield method, address, SENT.get(rule.endpoint) or dict(EXAMPLES.get(address.rsplit("/", 1)[1], {}))


@walked_by(*WORKING_HERE)
def test_no_live_event_tells_of_a_ticket_that_somebody_does_not_see_whole(
    app: Flask, who: str, kept: dict[str, Kept], sign_in: SignIn, visitor: Desk
) -> None:
    desk = _comes(who, kept, sign_in, visitor)
    assert desk.agent
    sights = _sights(desk.agent, kept.values())
    with Session.begin() as session:
        token = agent_sessions.begin(session, desk.agent, "its line")
        news = [_the(session, each.reference).news("noted") for each in kept.values()]
    hearing = Hearing()
    hearing.opened("line", token)
    told, _gone = hearing.told("news", {"news": news}, ["line"])
    heard = {each["ticket"] for said, _lines in told for each in said["news"]}
    at_work = {
        reference for reference in sights if hearing.told("presence", {"ticket": reference, "people": [{}]}, ["line"])[0]
    }

    assert heard == at_work == {reference for reference, seen in sights.items() if seen == Sight.FULL}

    following = Following(app, hearing)
    hidden = _hidden_from(desk.agent, list(kept.values())).values()
    for query in LISTED:
        following.follow("line", query, "")
        following.heard(["line"], [{"ticket": each} for each in sights])  # more than it ever would
        ((lines, _lines),) = following.lines(following.taken())
        assert not any(secret in lines["lines"] for each in hidden for secret in each.secrets), query


@walked_by(*WORKING_HERE)
def test_every_count_is_of_what_somebody_sees(who: str, kept: dict[str, Kept], sign_in: SignIn, visitor: Desk) -> None:
    desk = _comes(who, kept, sign_in, visitor)
    assert desk.agent
    sights = _sights(desk.agent, kept.values())
    with reading() as session:
        counted = listing.counts(session, OwnDesk.of(session, desk.agent))
        every = [_the(session, each.reference) for each in kept.values()]
        whole = [each for each in every if by_queue(desk.agent, each) == Sight.FULL]
        waiting = [each for each in every if sights[each.reference] == Sight.FULL]
        expected = {
            name: sum(each.queue_id == name and _is_listed(desk.agent, each) for each in every) for name in counted.queues
        }

    assert counted.views["open"] == len(whole)
    assert counted.views["asked"] == (len(waiting) if who in ("asked", "named") else 0)
    assert counted.queues == expected


def _is_listed(agent: Agent, ticket: Ticket) -> bool:
    """A ticket whose state alone is seen in a queue that is seen whole stands in no list, to be told by its place."""
    seen = by_queue(agent, ticket)
    return seen == Sight.FULL or (seen > Sight.NONE and sight(agent, ticket.queue) < Sight.FULL)


def _words(answer: TestResponse) -> str:
    """All that an answer says, in small letters."""
    return f"{answer.headers} {answer.text if answer.mimetype != 'application/octet-stream' else answer.data!r}".lower()


def _last_events() -> dict[str, int]:
    with reading() as session:
        return {ticket.reference: ticket.last_event for ticket in session.query(Ticket)}
