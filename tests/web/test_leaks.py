"""Of a ticket that somebody does not see whole, no page, list, search, file or interface says more than how it stands."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from contact_hub import bulk, drafts, editions, links, live, tickets
from contact_hub.agents import Agent
from contact_hub.contact import Attachment
from contact_hub.database import Session, reading
from contact_hub.messages import Message, StoredAttachment
from contact_hub.settings import Settings
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, sight_of
from tests import builders
from tests.web.conftest import Desk, SignIn

# Some thousands of pages: on the database that towns run; what each database says is tested where it is asked.
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

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
PEOPLE = {
    "agent": ("onthaal",),
    "back_office": ("groen",),
    "supervisor": ("onthaal",),
    "administrator": (),
    "signed out": (),
}
DAY = "from=2026-11-23&to=2026-11-23"
# Pages with more to show than their bare address does.
ASKED = {
    "desk.inbox": (
        *(f"view={view}" for view in ("team", "mine", "unassigned", "handed_over", "due_soon", "overdue", "open", "resolved")),
        *(f"view=open&queue={queue}" for queue in ("onthaal", "groen", "wegen", "belastingen", "ombuds")),
        *(f"view=open&q={word}" for word in (COMMON, "from:wout")),
        "view=open&door=email",
        "view=open&priority=normal&tag=geheim&language=nl&topic=put",
        "view=open&person=1",
        "view=open&queue=wegen&sort=oldest",
    ),
    "desk.places": ("q=", f"q={COMMON}"),
    "search.page": (f"q={COMMON}", f"q={COMMON}+queue:wegen", f"q={COMMON}+is:open", f"q={COMMON}+before:2030-01-01"),
    "figures.page": (DAY,),
    "figures.behind": tuple(f"part={part}&{DAY}" for part in ("all", "open", "counted")),
    "figures.download": tuple(f"part={part}&{DAY}" for part in ("all", "open", "counted")),
    "phone.blank": (f"caller={COMMON}", "number=011223344"),
    "phone.logged": (),
    "rules.rule": (),
}
FIGURES = ("fcr_gross", "flr", "transfer", "touchless", "first_route", "backlog")


@dataclass(frozen=True)
class Kept:
    """A ticket with what must stay between those who see it whole."""

    reference: str
    secrets: tuple[str, ...]
    messages: tuple[int, ...]
    files: tuple[int, ...]


@pytest.fixture
def settings(settings: Settings, redis_url: str) -> Settings:
    """With a news server too: the pages for machines ask it how it is."""
    return replace(settings, redis_url=redis_url)


@pytest.fixture
def kept(app: Flask) -> dict[str, Kept]:
    """One ticket for each way into a queue, all with a note, an answer, a file and a link to an open one."""
    with Session.begin() as session:
        edition = session.get_one(editions.Edition, 1)
        drafts.begin(session, edition, by="test", name="a draft")
        member = builders.an_agent(session, "agent", *dict.fromkeys(name.split(",")[0] for name in WORDS), name="Lid Vanalles")
    found = {name: _a_ticket(number, name, member) for number, name in enumerate(WORDS)}
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


def _a_ticket(number: int, name: str, member: Agent) -> Kept:
    """Its words are found nowhere else, each of one piece, so that no page can break them."""
    secret = {
        part: f"{part}{'abcdefgh'[number] * 3}geheim" for part in ("zaak", "tekst", "wie", "adres", "stuk", "nota", "woord")
    }
    mail = f"From: {secret['wie']} <{secret['adres']}@example.org>\r\nSubject: {secret['zaak']}\r\n\r\n{secret['tekst']}\r\n"
    with live.change() as session:
        ticket = builders.a_ticket(
            session,
            subject=f"{secret['zaak']} {COMMON}",
            message=f"{WORDS[name]} {secret['tekst']} {COMMON}",
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
        return Kept(found.reference, tuple(secret.values()), messages, files)


def _the(session: object, reference: str) -> Ticket:
    ticket = tickets.find(session, reference)  # type: ignore[arg-type]
    assert ticket
    return ticket


def _of_each(kept: Iterable[Kept], more: Callable[[Kept], Iterable[dict[str, object]]]) -> Iterator[dict[str, object]]:
    return ({"reference": each.reference, **others} for each in kept for others in more(each))


def _fillings(rule: Rule, kept: list[Kept]) -> list[dict[str, object]] | None:
    """What stands in the address of this route: every ticket there is; None where nobody said what."""
    if not rule.arguments:
        return [{}]
    by_endpoint: dict[str, Callable[[], Iterable[dict[str, object]]]] = {
        "sign_in.new_password": lambda: [{"token": "made-up"}],
        "static": lambda: [{"filename": "mark.svg"}],
        "forms.show_form": lambda: [{"form_id": "melding"}],
        "web_form.blank": lambda: [{"form_id": "melding"}],
        "web_form.receipt": lambda: [{"form_id": "melding"}],
        "figures.behind": lambda: [{"name": each} for each in FIGURES],
        "figures.download": lambda: [{"name": each} for each in FIGURES],
        "rules.rule": lambda: [{"rule": each} for each in ("potholes", "discreet", "complaints", "hours")],
        "why_api.why_rule": lambda: _of_each(kept, lambda _: [{"rule": "potholes"}, {"rule": "complaints"}]),
        # A file or mail is asked for through its own ticket and through one that may be in sight.
        "files.attachment": lambda: [{"reference": a.reference, "number": n} for a in kept for b in kept for n in b.files],
    }
    by_endpoint["files.pages"] = by_endpoint["files.attachment"]
    by_endpoint["files.page"] = lambda: [{**each, "page": 1} for each in by_endpoint["files.attachment"]()]
    for page in ("page", "body", "original"):
        by_endpoint[f"mail_view.{page}"] = lambda: _of_each(kept, lambda each: [{"message": one} for one in each.messages])
    for edition in (
        "rules.edition",
        "rules.file",
        "rules.draft",
        "rules_api.show_edition",
        "rules_api.export",
        "drafts_api.show",
    ):
        by_endpoint[edition] = lambda: [{"number": 1}]
    for page in ("bulk.page", "set_aside.original", "administration.person", "answer_templates.show"):
        by_endpoint[page] = lambda: [{"number": 1}]
    if rule.endpoint in by_endpoint:
        return list(by_endpoint[rule.endpoint]())
    return [{"reference": each.reference} for each in kept] if rule.arguments == {"reference"} else None


def _addresses(app: Flask, kept: list[Kept]) -> list[str]:
    """Every address that answers to GET."""
    unfilled, addresses = [], []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()):
                continue
            fillings = _fillings(rule, kept)
            if fillings is None:
                unfilled.append(f"{rule.rule} ({rule.endpoint})")
                continue
            for filling in fillings:
                bare = app.url_for(rule.endpoint, **filling)  # type: ignore[arg-type]
                addresses += [bare, *(f"{bare}?{asked}" for asked in ASKED.get(rule.endpoint, ()))]
        addresses += [app.url_for("ticket.find", reference=each.reference) for each in kept]
    assert not unfilled, f"say in _fillings what stands in these addresses, so that no page is left out: {unfilled}"
    return addresses


def _hidden_from(agent: Agent | None, kept: Iterable[Kept]) -> dict[str, Kept]:
    """What this person does not see whole, by each secret of it."""
    with reading() as session:
        unseen = [each for each in kept if agent is None or sight_of(agent, _the(session, each.reference)) < Sight.FULL]
    return {secret: each for each in unseen for secret in each.secrets}


@pytest.mark.parametrize("role", PEOPLE)
def test_no_address_tells_of_a_ticket_more_than_somebody_sees(
    role: str, kept: dict[str, Kept], app: Flask, sign_in: SignIn, visitor: Desk
) -> None:
    desk = visitor if role == "signed out" else sign_in(role, *PEOPLE[role])
    hidden = _hidden_from(desk.agent, kept.values())
    assert hidden
    leaks = []
    for address in _addresses(app, list(kept.values())):
        for fragment in (False, True):
            answer = desk.client.get(address, headers={"HX-Request": "true"} if fragment else {})
            assert answer.status_code < 500 or address == "/health/ready", (address, answer.status)  # no workers here
            said = f"{answer.headers} {answer.text if answer.mimetype != 'application/octet-stream' else answer.data!r}".lower()
            leaks += [f"{address}: {secret}" for secret in hidden if secret in said]
    assert not leaks, leaks
    if desk.agent is None:
        return
    seen = [each for each in kept.values() if each.secrets[0] not in hidden]
    for each in seen:  # what is seen is there: the walk looks at pages, not at refusals
        assert each.secrets[0] in desk.page(f"/tickets/{each.reference}")


@pytest.mark.parametrize("role", [role for role in PEOPLE if role != "signed out"])
def test_looking_for_the_words_of_a_ticket_out_of_sight_finds_nothing(
    role: str, kept: dict[str, Kept], sign_in: SignIn
) -> None:
    desk = sign_in(role, *PEOPLE[role])
    for secret, ticket in _hidden_from(desk.agent, kept.values()).items():
        if secret.startswith(("woord", "stuk", "adres")):
            continue  # one of each kind is enough: subject, text, note and name
        for page in ("/desk/search?q=", "/desk/inbox?view=open&q="):
            assert ticket.reference not in desk.get(f"{page}{secret}").text, (page, secret)


@pytest.mark.parametrize("role", PEOPLE)
def test_no_verb_reaches_a_ticket_that_somebody_does_not_see_whole(
    role: str, kept: dict[str, Kept], app: Flask, sign_in: SignIn, visitor: Desk
) -> None:
    desk = visitor if role == "signed out" else sign_in(role, *PEOPLE[role])
    hidden = set(_hidden_from(desk.agent, kept.values()).values())
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.get("/sign-in").text)
    assert token
    before = _last_events()
    for address in list(_posts(app, hidden)):
        answer = desk.client.post(address, data={"csrf_token": token[1]})
        assert answer.status_code in (302, 400, 401, 403, 404, 409, 422), (address, answer.status)
        assert not any(secret in answer.text for each in hidden for secret in each.secrets), address
    assert _last_events() == before


def _posts(app: Flask, hidden: Iterable[Kept]) -> Iterator[str]:
    """The address of every verb of each of these tickets; a number in one is that of a message of its own."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "POST" not in (rule.methods or ()) or "reference" not in rule.arguments:
                continue
            others = sorted(rule.arguments - {"reference"})
            choices = [sorted(getattr(rule._converters[name], "items", ())) for name in others]
            for each in hidden:
                given = product(*(choice or [each.messages[0]] for choice in choices))
                yield from (
                    app.url_for(rule.endpoint, reference=each.reference, **dict(zip(others, one, strict=True))) for one in given
                )


def _last_events() -> dict[str, int]:
    with reading() as session:
        return {ticket.reference: ticket.last_event for ticket in session.query(Ticket)}
