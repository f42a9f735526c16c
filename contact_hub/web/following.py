"""Lists that are open at desks follow the news: each is told its lines that changed, those that show alike all at once.

What desks hear of tickets is gathered for a moment. Then, once for all desks whose agents see alike and show the same list, one
query finds which of these tickets it holds now, and their lines are written.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import Flask, render_template
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from contact_hub import mentions, unsent
from contact_hub.agents import Agent
from contact_hub.database import reading
from contact_hub.live import News
from contact_hub.references import number_in
from contact_hub.visibility import likeness
from contact_hub.web import listing
from contact_hub.web.filters import Filter, filter_in
from contact_hub.web.hearing import Hearing, Said
from contact_hub.web.languages import speaking
from contact_hub.web.listing import Page
from contact_hub.web.own_desk import Desk
from contact_hub.web.words import DOORS

PERSONAL = ("mine", "asked", "handed")  # views that hold something else for each person
LONGEST = 4000  # characters of what a list asks for

Heard = dict[str, set[str]]


@dataclass(frozen=True)
class Shown:
    """A list on an open desk: what it asks for, and the place where its page ends; empty where it is the last page."""

    wanted: Filter
    end: str = ""

    @property
    def is_personal(self) -> bool:
        """Whether it holds something else for each person who shows it."""
        return self.wanted.view in PERSONAL or self.wanted.owner == "me"


class Following:
    """The lists that the desks of one web process show, by connection, and what was heard since they were last told."""

    def __init__(self, app: Flask, hearing: Hearing) -> None:
        self._app = app
        self._hearing = hearing
        self._shown: dict[str, Shown] = {}
        self._heard: Heard = {}

    def follow(self, sid: str, query: str, end: str) -> None:
        """This desk shows the list of this query from now on; an empty one is none."""
        given = dict(parse_qsl(query[:LONGEST]))
        if given:
            self._shown[sid] = Shown(filter_in(given, default="open", doors=list(DOORS)), end[:LONGEST])
        else:
            self.forget(sid)

    def forget(self, sid: str) -> None:
        """It shows no list any more."""
        self._shown.pop(sid, None)
        self._heard.pop(sid, None)

    def heard(self, sids: Collection[str], news: Iterable[News]) -> None:
        """These desks heard this, and are to be told what their lists show of it."""
        references = {each["ticket"] for each in news if "ticket" in each}
        for sid in self._shown.keys() & set(sids) if references else ():
            self._heard.setdefault(sid, set()).update(references)

    @property
    def waits(self) -> bool:
        """Whether something was heard and not taken."""
        return bool(self._heard)

    def taken(self) -> Heard:
        """What was heard since this was last asked."""
        heard, self._heard = self._heard, {}
        return heard

    def lines(self, heard: Mapping[str, Collection[str]]) -> list[tuple[Said, set[str]]]:
        """What becomes of these tickets in each list, by those who are told the same: `{"lines": html, "gone": references}`."""
        agents = self._hearing.rights().agents
        shown = {sid: each for sid in heard if sid in agents and (each := self._shown.get(sid))}
        alike: dict[Hashable, list[str]] = {}
        with self._app.test_request_context(), reading() as session:
            everything = _numbers({reference for references in heard.values() for reference in references})
            singled = mentions.who_is_named(session, everything) | unsent.who_began(session, everything)
            for sid, each in shown.items():
                own = agents[sid].id if each.is_personal or agents[sid].id in singled else None
                kind = (each, likeness(agents[sid]), frozenset(heard[sid]), own)
                alike.setdefault(kind, []).append(sid)
            return [
                told
                for sids in alike.values()
                for told in _told(session, {sid: agents[sid] for sid in sids}, shown[sids[0]], heard[sids[0]])
            ]


def _told(
    session: Session, agents: Mapping[str, Agent], shown: Shown, references: Collection[str]
) -> Iterator[tuple[Said, set[str]]]:
    """What these agents, by connection, are told, who see alike: the same, each in their language."""
    desk = Desk.of(session, next(iter(agents.values())))
    try:
        page = _within(listing.page_of(session, desk, shown.wanted, _numbers(references)), shown.end)
    except HTTPException:
        return  # a place that was made up is that of no list
    gone = sorted(set(references) - {ticket.reference for ticket in page.tickets})
    by_language: dict[str, set[str]] = {}
    for sid, agent in agents.items():
        by_language.setdefault(agent.language, set()).add(sid)
    for language, sids in by_language.items():
        yield {"lines": _written(desk, shown.wanted, page, language), "gone": gone}, sids


def _written(desk: Desk, wanted: Filter, page: Page, language: str) -> str:
    if not page.tickets:
        return ""
    with speaking(language):
        queue = desk.queues.get(wanted.queue)
        return render_template("desk/inbox_lines.html", desk=desk, wanted=wanted, queue=queue, page=page)


def _within(page: Page, end: str) -> Page:
    """Without what stands behind the end of the page that is shown."""
    if not end:
        return page

    def is_within(number: int) -> bool:
        place = page.places.get(number, "")
        return place >= end if page.newest_first else place <= end

    return replace(page, tickets=[ticket for ticket in page.tickets if is_within(ticket.id)])


def _numbers(references: Iterable[str]) -> list[int]:
    return [number for each in references if (number := number_in(each))]
