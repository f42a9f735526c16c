"""What is wrong with a mailbox that nobody may notice: no sign-in, silence, a backlog that grows, nobody who reads it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from contact_hub import troubles
from contact_hub.mailboxes import Mailbox, MailboxDay

SIGN_IN, UNREACHED, UNWATCHED, SILENT, LAGGING, MISSING = "sign-in", "unreached", "unwatched", "silent", "lagging", "missing"
KINDS = (SIGN_IN, UNREACHED, UNWATCHED, SILENT, LAGGING, MISSING)

PATIENCE = timedelta(minutes=10)  # a trouble, a backlog or an absence that is shorter mends itself
USUAL = timedelta(days=28)  # what came in this time before the silence says what is usual
LEAST_KNOWN = timedelta(days=14)  # of a mailbox read for less nobody can say it
SURPRISING = 10.0  # mails that should have come by now; where they come by chance, one silence in 20,000 is that long
LONGEST = timedelta(days=60)  # of silence that is looked at hour by hour
SECRET_AHEAD = timedelta(days=30)

Profile = dict[tuple[int, int], float]  # mails in an hour, by kind of day (0 working day, 1 Saturday, 2 Sunday) and hour


@dataclass(frozen=True, slots=True)
class MailboxAlarm:
    """One thing that is wrong; `detail` is the trouble, or a number."""

    mailbox: str
    kind: str
    detail: str = ""


def alarms(session: Session, at: datetime, watched: Collection[str] = ()) -> list[MailboxAlarm]:
    """Everything that is wrong with the mailboxes, or with those that are `watched` where any are named."""
    found = [each for each in session.scalars(select(Mailbox).order_by(Mailbox.name)) if not watched or each.name in watched]
    return [alarm for mailbox in found for alarm in _of(mailbox, _days(session, mailbox), at)]


def secret_runs_out(expires: date | None, at: datetime) -> bool:
    """Whether the secret is good for less than thirty days more, or no longer."""
    return expires is not None and at.date() >= expires - SECRET_AHEAD


def expected_since(days: Sequence[MailboxDay], newest: datetime, at: datetime) -> float:
    """How many mails would have come since the newest one, by what usually came at these hours of such days; 0 if unknown."""
    before = [day for day in days if newest.date() - USUAL <= day.day <= newest.date()]
    first = min((day.day for day in days), default=newest.date())
    if newest.date() - first < LEAST_KNOWN:
        return 0.0
    usual = _profile(before, max(first, newest.date() - USUAL), newest.date())
    hour, end = newest.astimezone(UTC), min(at, newest + LONGEST).astimezone(UTC)
    expected = 0.0
    while hour < end:
        following = min(hour.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), end)
        expected += usual[_kind_of(hour.date()), hour.hour] * ((following - hour) / timedelta(hours=1))
        hour = following
    return expected


def _of(mailbox: Mailbox, days: Sequence[MailboxDay], at: datetime) -> list[MailboxAlarm]:
    trouble = _trouble(mailbox, at)
    found = [trouble] if trouble else []
    expected = expected_since(days, mailbox.newest_at, at) if mailbox.newest_at else 0.0
    if expected >= SURPRISING:
        found.append(MailboxAlarm(mailbox.name, SILENT, f"{expected:.0f}"))
    if mailbox.behind_since and at - mailbox.behind_since > PATIENCE and mailbox.behind > mailbox.behind_then:
        found.append(MailboxAlarm(mailbox.name, LAGGING, str(mailbox.behind)))
    if missing := sum(day.missing for day in days if day.uid_validity == mailbox.uid_validity):
        found.append(MailboxAlarm(mailbox.name, MISSING, str(missing)))
    return found


def _trouble(mailbox: Mailbox, at: datetime) -> MailboxAlarm | None:
    """A refused sign-in is told at once, as no waiting mends it."""
    if mailbox.trouble.startswith((troubles.SIGN_IN_REFUSED, troubles.TOKEN_REFUSED)):
        return MailboxAlarm(mailbox.name, SIGN_IN, mailbox.trouble)
    if mailbox.trouble and mailbox.trouble_since and at - mailbox.trouble_since > PATIENCE:
        return MailboxAlarm(mailbox.name, UNREACHED, mailbox.trouble)
    if not mailbox.trouble and mailbox.seen_at and at - mailbox.seen_at > PATIENCE:
        return MailboxAlarm(mailbox.name, UNWATCHED)
    return None


def _days(session: Session, mailbox: Mailbox) -> list[MailboxDay]:
    """The days that say what is usual."""
    newest = (mailbox.newest_at or datetime.now(UTC)).date()
    latest = select(MailboxDay).where(MailboxDay.mailbox == mailbox.name, MailboxDay.day >= newest - 2 * USUAL)
    return list(session.scalars(latest))


def _profile(days: Sequence[MailboxDay], first: date, last: date) -> Profile:
    """The mean of each hour over all days of its kind, those on which nothing came among them."""
    counted: dict[date, MailboxDay] = {}
    for day in days:  # after new numbers on the server a day may stand there twice
        counted[day.day] = max(day, counted.get(day.day, day), key=lambda each: each.read)
    how_many: dict[int, int] = defaultdict(int)
    for number in range((last - first).days + 1):
        how_many[_kind_of(first + timedelta(days=number))] += 1
    profile: Profile = defaultdict(float)
    for day in counted.values():
        for hour, mails in enumerate(day.hours):
            profile[_kind_of(day.day), hour] += mails / max(how_many[_kind_of(day.day)], 1)
    return profile


def _kind_of(day: date) -> int:
    return max(day.weekday() - 4, 0)
