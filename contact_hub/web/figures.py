"""The figures of a period, each with its formula, its n and the tickets behind it."""

import csv
from collections.abc import Iterator
from io import StringIO

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask_babel import format_decimal, format_percent
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from contact_hub import editions
from contact_hub.database import now, reading
from contact_hub.figures.backlog import backlog
from contact_hub.figures.counting import Count, by_rule, count
from contact_hub.figures.formulas import BY_ID, COMPANIONS, FIGURES
from contact_hub.figures.periods import Period, between, lately
from contact_hub.tickets import Ticket
from contact_hub.visibility import Sight, queues_in_sight, readable
from contact_hub.web.behind import Asked, Look, address, address_of, asked_for
from contact_hub.web.figure_words import BACKLOG, BANDS, WORDS
from contact_hub.web.navigation import Entry
from contact_hub.web.people_at_work import for_leads, me
from contact_hub.web.words import iso

blueprint = Blueprint("figures", __name__)
menu = (Entry("figures.page", _l("Figures"), position=60, leads_only=True),)

CHOICES = {"1": _l("Today"), "7": _l("7 days"), "30": _l("30 days")}
PAGE = 50
COLUMNS = ("reference", "queue", "status", "door", "opened", "resolved", "outcome")


@blueprint.get("/figures")
@for_leads
def page() -> str:
    """Every figure of the period, in total, by queue and by door; and the backlog of now."""
    with reading() as session:
        rulebook = editions.deciding(session).rulebook
        period, wrong = _period(session)
        queues = queues_in_sight(session, me(), Sight.FULL)
        seen = readable(session, me())
        counts = count(session, period, seen)
        return render_template(
            "supervisor/figures.html",
            period=period,
            wrong=wrong,
            choices=CHOICES,
            chosen=_chosen(period),
            figures=FIGURES,
            companions=COMPANIONS,
            words=WORDS,
            counts=counts,
            everything=counts["fcr_gross"].total.n,  # its n is E
            reads_all=len(queues) == len(queues_in_sight(session, me(), Sight.NONE)),
            busy={queue for each in counts.values() for queue in each.queues},
            rules=by_rule(session, period, seen, BY_ID["first_route"]),
            backlogs=backlog(session, rulebook, seen),
            backlog_words=BACKLOG,
            bands=BANDS,
            queues=queues,
            percent=percent,
            decimal=lambda number: format_decimal(number, "#,##0.0"),
            behind=lambda name, part="counted", **more: address("figures.behind", period, name, part=part, **more),
        )


@blueprint.get("/figures/<name>/tickets")
@for_leads
def behind(name: str) -> str:
    """The tickets behind one number, page by page."""
    asked = asked_for(name)
    with reading() as session:
        period, _ = _period(session)
        look = Look(me(), period, asked)
        tickets = look.tickets(session, after=asked.after, limit=PAGE + 1)
        return render_template(
            "supervisor/behind.html",
            asked=asked,
            period=period,
            title=WORDS[name].title if name in WORDS else _l("Backlog"),
            part=_part_words(asked),
            ages=BANDS.get(asked.band, ""),
            queue=queues_in_sight(session, me()).get(asked.queue),
            tickets=tickets[:PAGE],
            next=address_of("figures.behind", period, asked, after=tickets[PAGE - 1].id) if len(tickets) > PAGE else "",
            first=address_of("figures.behind", period, asked) if asked.after else "",
            download=address_of("figures.download", period, asked),
            back=address("figures.page", period),
        )


@blueprint.get("/figures/<name>/tickets.csv")
@for_leads
def download(name: str) -> Response:
    """All tickets behind one number, without anything about persons."""
    asked = asked_for(name)
    with reading() as session:
        period, _ = _period(session)
    filename = f"{name}-{asked.part}-{period.first}-{period.last}.csv"
    answer = Response(stream_with_context(_lines(Look(me(), period, asked))), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def percent(count: Count) -> str:
    """A share with one decimal; a dash where there is none."""
    return "–" if count.share is None else format_percent(count.share, "#,##0.0\u00a0%")


def _period(session: Session) -> tuple[Period, bool]:
    """The period the address asks for, the last week otherwise; and whether what was asked could not be read."""
    zone = editions.deciding(session).rulebook.municipality.zone
    today = now().astimezone(zone).date()
    given = request.args
    if given.get("days") in CHOICES:
        return lately(int(given["days"]), today, zone), False
    asked = between(given.get("from", ""), given.get("to", ""), zone)
    wrong = asked is None and bool(given.get("from") or given.get("to"))
    return asked or lately(7, today, zone), wrong


def _chosen(period: Period) -> str:
    """Which of the choices the period is; empty for one of its own."""
    today = now().astimezone(period.zone).date()
    days = str((period.last - period.first).days + 1)
    return days if period.last == today and days in CHOICES else ""


def _lines(look: Look) -> Iterator[str]:
    """The file, line by line."""
    yield _line(COLUMNS)
    after = 0
    with reading() as session:
        while tickets := look.tickets(session, after=after, limit=500):
            for ticket in tickets:
                yield _line(_cells(ticket))
            after = tickets[-1].id
            session.expunge_all()


def _cells(ticket: Ticket) -> tuple[str, ...]:
    resolved = iso(ticket.resolved_at) if ticket.resolved_at else ""
    state = (ticket.reference, ticket.queue_id, ticket.status)
    return (*state, ticket.channel, iso(ticket.opened_at), resolved, ticket.outcome)


def _line(cells: tuple[str, ...]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _part_words(asked: Asked) -> object:
    if asked.name not in WORDS:
        return BACKLOG[asked.part]
    words = WORDS[asked.name]
    return {"counted": words.counted, "rest": words.rest, "all": _l("All tickets this figure counts over")}[asked.part]
