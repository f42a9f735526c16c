"""What the codes of the hub are called on a page, and how moments, ages and sizes are written."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from babel.dates import format_datetime, format_timedelta
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contact_hub import avoidable, rules_file, troubles
from contact_hub.database import now
from contact_hub.drafts import Draft
from contact_hub.holding import NOT_ACCEPTED
from contact_hub.queues import Queue
from contact_hub.regrouping import TOOK_IN
from contact_hub.routing.said import Said, from_record
from contact_hub.talking import ANSWER_CAME_BACK, ANSWER_TAKEN_BACK, CITIZEN_ANSWERED
from contact_hub.web import languages

DOORS: dict[str, object] = {
    "email": _l("E-mail"),
    "webform": _l("Web form"),
    "phone": _l("Phone"),
    "chat": _l("Chat"),
    "counter": _l("Counter"),
}
STATUSES = {"new": _l("New"), "open": _l("Open"), "waiting": _l("Waits for the citizen"), "resolved": _l("Resolved")}
PRIORITIES = {"urgent": _l("Urgent"), "high": _l("High"), "normal": _l("Normal"), "low": _l("Low")}
ROLES = {
    "agent": _l("Contact centre"),
    "back_office": _l("Back office"),
    "supervisor": _l("Supervisor"),
    "administrator": _l("Administrator"),
}
OUTCOMES = {
    "resolved_first_line": _l("Solved at first line"),
    "resolved_after_consult": _l("Solved after asking a colleague"),
    "warm_transfer_solved": _l("Solved together with a specialist"),
    "resolved_back_office": _l("Solved by the back office"),
    "callback_done": _l("Called back"),
    "informed_external": _l("Passed on to another authority"),
    "information_missing": _l("Closed: information missing"),
    "unreachable": _l("Closed: citizen not reachable"),
    "spam": _l("Spam"),
    "test": _l("Test"),
    "wrong_number": _l("Wrong number"),
    "duplicate": _l("Duplicate"),
}
DELIVERIES = {
    "waiting": _l("Waiting to be sent"),
    "sending": _l("Being sent"),
    "sent": _l("Sent"),
    "failed": _l("Not delivered"),
    "bounced": _l("Came back"),
}
REASONS = {
    rules_file.FILE_CHANGED: _l("the rules file changed"),
    rules_file.NONE_USABLE: _l("the first rules file could not be used"),
    CITIZEN_ANSWERED: _l("the citizen answered"),
    ANSWER_CAME_BACK: _l("the answer came back"),
    ANSWER_TAKEN_BACK: _l("the answer was taken back"),
    TOOK_IN: _l("it took in another ticket"),
    NOT_ACCEPTED: _l("nobody accepted it in time"),
    troubles.SIGN_IN_REFUSED: _l("sign-in refused"),
    troubles.SIGN_IN_POSTPONED: _l("the mail server can't check a sign-in at the moment"),
    troubles.TOKEN_REFUSED: _l("the token server refuses us"),
    troubles.TOKEN_SERVER_AWAY: _l("the token server does not answer"),
    troubles.FOLDER_CLOSED: _l("the folder can't be opened"),
    troubles.UNSAFE: _l("no safe connection to the mail server"),
    troubles.UNREACHABLE: _l("the mail server can't be reached"),
    troubles.DATABASE_AWAY: _l("the database was away"),
    troubles.UNEXPECTED: _l("unexpected"),
    troubles.NOT_GIVEN: _l("the mail server lists it and does not give it; its UID in the mailbox"),
    troubles.READING_FAILED: _l("reading it failed"),
    troubles.TAKING_IN_FAILED: _l("taking it in failed"),
    troubles.READ_AT_LAST: _l("it could be read at last"),
    troubles.GIVEN_AT_LAST: _l("the mail server gave it at last"),
    troubles.EMPTY_MAIL: _l("the mail is empty"),
    troubles.NO_HEADER: _l("the mail begins with no header field"),
    troubles.NO_SERVER: _l("no mail server is set (CONTACT_HUB_SMTP_URL)"),
    troubles.CONNECTION_BROKE: _l("the connection to the mail server broke"),
    troubles.SENDER_REFUSED: _l("the mail server refused our sign-in"),
    troubles.UNWILLING: _l("the mail server does not want to talk to us"),
    troubles.BAD_ADDRESS: _l("the address can't be written to"),
    troubles.WRITING_FAILED: _l("writing it failed"),
    troubles.NO_SUCH_ADDRESS: _l("the address does not exist"),
    troubles.MAILBOX_FULL: _l("the mailbox is full"),
    troubles.MAILBOX_CLOSED: _l("the mailbox takes no mail"),
    troubles.MAIL_TOO_BIG: _l("the mail was too big"),
    troubles.SERVER_UNREACHED: _l("the citizen's mail server can't be reached"),
    troubles.MAIL_REFUSED: _l("the citizen's mail server refused it"),
    troubles.CAME_BACK: _l("it came back"),
}
WHY_IN_TOUCH = {
    avoidable.NEW: _l("Something new"),
    avoidable.CHASING: _l("To hear how it stands"),
    avoidable.CLARIFICATION: _l("Our answer was not clear"),
    avoidable.WRONG_DOOR: _l("Sent here from another desk"),
    avoidable.REPEATED: _l("To tell again what was told before"),
}
COLON = _l(": ")  # between what something is called and what it is; French keeps a space before it
REMEMBERED = 8192  # moments and spans in words
UNITS = ("B", "kB", "MB", "GB")


def give_to_templates(app: Flask) -> None:
    """Makes these words known to every page."""
    app.jinja_env.filters.update(moment=moment, brief=brief, short=short, day=day, age=age, until=until, size=size, iso=iso)
    app.jinja_env.filters.update(clock=clock, local_day=local_day, weekday=weekday)
    app.jinja_env.filters.update(queue_name=queue_name, draft_name=draft_name, reason_words=reason_words, said_words=said_words)
    app.jinja_env.globals.update(
        DOORS=DOORS,
        STATUSES=STATUSES,
        PRIORITIES=PRIORITIES,
        OUTCOMES=OUTCOMES,
        DELIVERIES=DELIVERIES,
        WHY_IN_TOUCH=WHY_IN_TOUCH,
        ROLES=ROLES,
        colon=COLON,
        now=now,
        made_at=made_at,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def made_at() -> int:
    """The moment of a page, in milliseconds: what was told since then it asks for."""
    return int(now().timestamp() * 1000)


def queue_name(queue: Queue) -> str:
    """What people call the queue, in the language of the page."""
    return queue.name(languages.language())


def draft_name(draft: Draft) -> str:
    """What a draft of the rules is called; one that nobody named, by its author."""
    return draft.name or str(_("Draft of %(name)s", name=draft.author))


def reason_words(reason: str) -> str:
    """Why something happened: as somebody wrote it; what the hub says by itself, in the language of the page."""
    said, parts, detail = reason.partition(": ")
    if said not in REASONS:
        return reason
    return f"{REASONS[said]}{COLON}{detail}" if parts else str(REASONS[said])


def said_words(sentence: Said | Mapping[str, object] | str) -> str:
    """A sentence of the rules' own parts in the language of the page, fresh or as it was stored."""
    said = sentence if isinstance(sentence, Said) else from_record(sentence)
    return said.through(_)


def moment(at: datetime) -> str:
    """Day and time, written out."""
    return _written(at, "d MMMM y, HH:mm")


def brief(at: datetime) -> str:
    """Day and time, for a line among others; with the year where it is not this one."""
    return _written(at, "d MMM, HH:mm" if _here(at).year == _here(now()).year else "d MMM y, HH:mm")


def clock(at: datetime) -> str:
    """The time to the second."""
    return _written(at, "HH:mm:ss")


def local_day(at: datetime) -> str:
    """The day in the municipality, as a date field holds it."""
    return str(_here(at).date())


def day(at: datetime) -> str:
    """The day alone."""
    return _written(at, "d MMM y")


def weekday(at: datetime) -> str:
    """A moment of these days, by the day of the week."""
    return _written(at, "EEE d MMM, HH:mm")


def short(at: datetime) -> str:
    """As short as it stays clear: the time today, the day this year, else with its year."""
    zone, language = languages.clocks()
    return _shortly(at, now().astimezone(zone).date(), zone, language)


def age(at: datetime) -> str:
    """How long ago it was, in one unit."""
    return _minutes_in_words(_minutes(max(now() - at, timedelta(0))), languages.clocks()[1])


def until(at: datetime) -> str:
    """How long from now it is due, or how long it is overdue."""
    left = at - now()
    return _left_in_words(_minutes(abs(left)), left < timedelta(0), languages.clocks()[1])


def size(count: int) -> str:
    """Bytes, in a unit people read."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{amount:.0f} {UNITS[unit]}" if unit == 0 or amount >= 10 else f"{amount:.1f} {UNITS[unit]}"


def iso(at: datetime) -> str:
    """For machines: <time datetime>."""
    return at.isoformat(timespec="seconds")


def _here(at: datetime) -> datetime:
    """The moment by the clocks of the municipality."""
    return at.astimezone(languages.clocks()[0])


def _written(at: datetime, pattern: str) -> str:
    return _in_words(at, pattern, *languages.clocks())


@lru_cache(maxsize=REMEMBERED)
def _shortly(at: datetime, today: date, zone: tzinfo, language: str) -> str:
    on = at.astimezone(zone).date()
    pattern = "HH:mm" if on == today else "d MMM" if on.year == today.year else "d MMM y"
    return _in_words(at, pattern, zone, language)


def _minutes(span: timedelta) -> int:
    return round(span / timedelta(minutes=1))


@lru_cache(maxsize=REMEMBERED)  # the lines of a list are written again on each page
def _in_words(at: datetime, pattern: str, zone: tzinfo, language: str) -> str:
    return str(format_datetime(at.astimezone(zone), pattern, locale=languages.LOCALES[language]))


@lru_cache(maxsize=REMEMBERED)
def _minutes_in_words(minutes: int, language: str) -> str:
    span, locale = timedelta(minutes=minutes), languages.LOCALES[language]
    words = format_timedelta(span, granularity="minute", threshold=1.0, format="short", locale=locale)
    return words.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")  # which the face of the desk does not have


@lru_cache(maxsize=REMEMBERED)
def _left_in_words(minutes: int, late: bool, language: str) -> str:
    """In `language`, which is that of the page."""
    span = _minutes_in_words(minutes, language)
    return str(_("%(span)s late", span=span) if late else _("in %(span)s", span=span))
