"""The figures of the machinery for Prometheus, counted from the database when asked.

Any web process gives the same answer, whichever process did the work; so nothing is kept in memory. No label holds
anything about a person. Only for those inside: the loopback address without a proxy before it, or whoever shows the token.
"""

import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contact_hub import mailbox_alarms, rules_file
from contact_hub.arrivals import FormMailTally, SetAside, Tally
from contact_hub.database import now, reading
from contact_hub.editions import Edition
from contact_hub.history import StoredDecision
from contact_hub.mailboxes import Mailbox
from contact_hub.outbox import Outgoing
from contact_hub.queues import Queue
from contact_hub.tickets import Ticket, is_open
from contact_hub.web.security import settings_of
from contact_hub.web.watched import watched

blueprint = Blueprint("metrics", __name__)

TEXT = "text/plain; version=0.0.4; charset=utf-8"
LATELY = timedelta(hours=1)
OUTBOX_STATES = ("waiting", "sending", "sent", "failed", "bounced")
FORWARDED = ("X-Forwarded-For", "Forwarded")

Family = CounterMetricFamily | GaugeMetricFamily


@blueprint.get("/metrics")
def page() -> Response:
    """Everything in Prometheus's text format."""
    if not _is_inside():
        abort(404)
    registry = CollectorRegistry()
    registry.register(Counted())
    return Response(generate_latest(registry), content_type=TEXT)


class Counted(Collector):
    """Reads every family in one transaction."""

    def collect(self) -> Iterator[Family]:
        """One scrape."""
        with reading() as session:
            for family in FAMILIES:
                yield from family(session)


def _arrivals(session: Session) -> Iterator[Family]:
    contacts = CounterMetricFamily(
        "contact_hub_contacts", "What became of everything a door was offered", labels=["door", "became"]
    )
    offered = CounterMetricFamily("contact_hub_offered", "Everything a door was offered", labels=["door"])
    missing = GaugeMetricFamily(
        "contact_hub_missing", "Offered, but neither taken, known nor set aside: must be 0", labels=["door"]
    )
    sums = (func.sum(Tally.taken), func.sum(Tally.known), func.sum(Tally.set_aside))
    of_door = select(Tally.channel, func.sum(Tally.offered), func.sum(Tally.missing), *sums).group_by(Tally.channel)
    for door, total, lost, taken, known, aside in session.execute(of_door):
        offered.add_metric([door], total)
        missing.add_metric([door], lost)
        for became, number in (("taken", taken), ("known", known), ("set_aside", aside)):
            contacts.add_metric([door, became], number)
    yield from (contacts, offered, missing)


def _set_aside(session: Session) -> Iterator[Family]:
    waiting = GaugeMetricFamily("contact_hub_set_aside_waiting", "Set aside and not settled yet", labels=["door"])
    found = select(SetAside.channel, func.count()).where(SetAside.settled_at.is_(None)).group_by(SetAside.channel)
    for door, number in session.execute(found):
        waiting.add_metric([door], number)
    yield waiting


def _tickets(session: Session) -> Iterator[Family]:
    waiting = GaugeMetricFamily("contact_hub_tickets_open", "Tickets not resolved, by queue", labels=["queue"])
    found = select(Ticket.queue_id, func.count()).where(is_open()).group_by(Ticket.queue_id)
    numbers = {row[0]: row[1] for row in session.execute(found)}
    for queue in session.scalars(select(Queue.id).order_by(Queue.position)):
        waiting.add_metric([queue], numbers.get(queue, 0))
    yield waiting


def _decisions(session: Session) -> Iterator[Family]:
    """Each decision keeps how long it took; the last hour is summed, so that a scrape stays cheap."""
    taken = StoredDecision.record["microseconds"].as_integer()
    lately = Ticket.opened_at > now() - LATELY
    of_hour = select(func.count(taken), func.coalesce(func.sum(taken), 0), func.coalesce(func.max(taken), 0))
    number, total, longest = session.execute(of_hour.join(Ticket, Ticket.id == StoredDecision.ticket_id).where(lately)).one()
    yield GaugeMetricFamily("contact_hub_decisions_last_hour", "Routing decisions for contacts of the last hour", value=number)
    yield GaugeMetricFamily("contact_hub_decision_seconds_last_hour", "Time these took together", value=total / 1e6)
    yield GaugeMetricFamily("contact_hub_decision_seconds_longest_last_hour", "The longest of them", value=longest / 1e6)


def _outbox(session: Session) -> Iterator[Family]:
    depth = GaugeMetricFamily("contact_hub_outbox_mails", "Outgoing mails by state", labels=["state"])
    found = session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state))
    numbers = {row[0]: row[1] for row in found}
    for state in OUTBOX_STATES:
        depth.add_metric([state], numbers.get(state, 0))
    yield depth


def _mailboxes(session: Session) -> Iterator[Family]:
    behind = GaugeMetricFamily("contact_hub_mailbox_behind", "Mails still to read", labels=["mailbox"])
    lag = GaugeMetricFamily("contact_hub_mailbox_seen_seconds", "Seconds since its progress was last kept", labels=["mailbox"])
    newest = GaugeMetricFamily("contact_hub_mailbox_newest_seconds", "Seconds since its newest mail came", labels=["mailbox"])
    trouble = GaugeMetricFamily("contact_hub_mailbox_trouble", "1 while the mailbox cannot be read", labels=["mailbox"])
    alarm = GaugeMetricFamily("contact_hub_mailbox_alarm", "1 while a supervisor is told so", labels=["mailbox", "kind"])
    settings = settings_of(current_app)
    raised = {(each.mailbox, each.kind) for each in mailbox_alarms.alarms(session, now(), watched(settings))}
    for mailbox in session.scalars(select(Mailbox).order_by(Mailbox.name)):
        label = [mailbox.name]  # user@host/folder of a service, without its password
        behind.add_metric(label, mailbox.behind)
        trouble.add_metric(label, bool(mailbox.trouble))
        if mailbox.seen_at:
            lag.add_metric(label, (now() - mailbox.seen_at).total_seconds())
        if mailbox.newest_at:
            newest.add_metric(label, (now() - mailbox.newest_at).total_seconds())
        for kind in mailbox_alarms.KINDS:
            alarm.add_metric([mailbox.name, kind], (mailbox.name, kind) in raised)
    yield from (behind, lag, newest, trouble, alarm)


def _secret(session: Session) -> Iterator[Family]:
    """Of the secret by which the hub signs in at its mailboxes, where somebody wrote down its last day."""
    oauth = settings_of(current_app).oauth
    if oauth and oauth.secret_expires:
        end = datetime.combine(oauth.secret_expires, time.max, UTC)
        left = (end - now()).total_seconds()
        yield GaugeMetricFamily("contact_hub_secret_seconds", "Seconds until the secret for mailboxes runs out", value=left)


def _form_mails(session: Session) -> Iterator[Family]:
    mails = CounterMetricFamily(
        "contact_hub_form_mails", "Mails of older web forms, read by their template or not", labels=["template", "became"]
    )
    found = select(FormMailTally.template, func.sum(FormMailTally.read), func.sum(FormMailTally.misfit))
    for template, read, misfit in session.execute(found.group_by(FormMailTally.template)):
        mails.add_metric([template, "read"], read)
        mails.add_metric([template, "misfit"], misfit)
    yield mails


def _rules(session: Session) -> Iterator[Family]:
    newest = session.scalar(select(func.max(Edition.id)))
    mistakes = len(rules_file.mistakes_in_file(session))
    yield GaugeMetricFamily("contact_hub_rules_edition", "The newest edition of the rules", value=newest or 0)
    yield GaugeMetricFamily(
        "contact_hub_rules_file_mistakes", "Mistakes in the rules file; while there are any it is not used", value=mistakes
    )


FAMILIES: tuple[Callable[[Session], Iterator[Family]], ...] = (
    _arrivals,
    _set_aside,
    _tickets,
    _decisions,
    _outbox,
    _mailboxes,
    _secret,
    _form_mails,
    _rules,
)


def _is_inside() -> bool:
    token = settings_of(current_app).metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(shown.encode(), token.encode()):
        return True
    proxied = any(name in request.headers for name in FORWARDED)
    return not proxied and _is_loopback(request.remote_addr or "")


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
