"""A queue or a calendar is changed by a form, and the file stays as a person wrote it."""

from dataclasses import replace
from datetime import date, time
from difflib import ndiff

import pytest

from contact_hub.routing.calendars import Calendar
from contact_hub.routing.file.amending_desk import with_calendar, with_queue
from contact_hub.routing.file.rulebook import RulebookError, read_rulebook
from contact_hub.routing.file.typed import calendar_typed
from contact_hub.routing.rules import Clock, Queue

FILE = """\
format: 1
municipality: {name: Klein, timezone: Europe/Brussels, languages: [nl, fr]}
calendars:
  office: {mon-fri: ["09:00-12:00"], closed: [belgian holidays]}   # the town hall
  pool:
    mon-fri: ["07:00-21:00"]   # laps before work
    sat: ["10:00-18:00"]
queues:
  # Who answers first.
  - id: a          # never rename
    name:
      nl: "Onthaal"   # agreed with the council
    tier: front
    calendar: office
  - {id: b, tier: back, name: {nl: "Wegen"}, clock: 5 working days, contact: Jan}

label:
  - {id: late, when: {received: {outside: office}}, then: {tags: [late]}}
default: {queue: a}
"""
BOOK = read_rulebook(FILE)


def written(file: str, thing: Queue | Calendar) -> str:
    book = read_rulebook(file)
    return with_queue(file, book, thing) if isinstance(thing, Queue) else with_calendar(file, book, thing)


def lines_changed(after: str) -> list[str]:
    return [line for line in ndiff(FILE.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_only_what_is_otherwise_about_a_queue_is_written() -> None:
    a = replace(BOOK.queues["a"], names={"nl": "Onthaal", "fr": "Accueil"}, visibility="restricted", calendar="pool")
    assert lines_changed(written(FILE, a)) == [
        '+       fr: "Accueil"',
        "+     visibility: restricted",
        "-     calendar: office",
        "+     calendar: pool",
    ]
    b = replace(BOOK.queues["b"], clock=Clock(1, "months"), contact="", deputy='An "de baas"')
    assert lines_changed(written(FILE, b))[1] == (
        '+   - {id: b, tier: back, deputy: "An \\"de baas\\"", name: {nl: "Wegen"}, clock: 1 month}'
    )


def test_a_new_queue_comes_last_and_a_new_calendar_too() -> None:
    queue = Queue(id="c", names={"nl": "Zwembad: open"}, calendar="pool", clock=Clock(4, "hours"))
    assert lines_changed(written(FILE, queue)) == [
        "+   - id: c",
        '+     name: {nl: "Zwembad: open"}',
        "+     tier: back",
        "+     clock: 4 hours",
        "+     calendar: pool",
    ]
    calendar = replace(BOOK.calendars["office"], id="night", opening_hours={6: ((time(22), time.max),)})
    assert lines_changed(written(FILE, calendar)) == ['+   night: {sun: ["22:00-24:00"], closed: [belgian holidays]}']
    windows = FILE.replace("\n", "\r\n")
    assert written(windows, queue).count("\r\n") == written(windows, queue).count("\n")


def test_a_calendar_keeps_the_lines_that_still_hold() -> None:
    pool, office = BOOK.calendars["pool"], BOOK.calendars["office"]
    other = replace(pool, opening_hours={**pool.opening_hours, 5: ()}, closed=frozenset({date(2027, 1, 2)}))
    assert lines_changed(written(FILE, other)) == ['-     sat: ["10:00-18:00"]', '+     closed: ["2027-01-02"]']
    later = replace(office, opening_hours={0: ((time(10), time(12)),)}, belgian_holidays=False)
    assert lines_changed(written(FILE, later))[1] == '+   office: {mon: ["10:00-12:00"]}   # the town hall'
    without = FILE.replace(FILE[FILE.index("calendars:") : FILE.index("queues:")], "").replace(
        "calendar: office", "clock: 1 day"
    )
    first = written(without.replace("outside: office", "weekday: [sun]"), later)
    assert 'calendars: {office: {mon: ["10:00-12:00"]}}\nqueues:' in first


def test_the_name_of_a_calendar_comes_first_and_is_written_as_a_queue_s_is() -> None:
    pool, office = BOOK.calendars["pool"], BOOK.calendars["office"]
    named = written(FILE, replace(pool, names={"nl": "Zwembad", "fr": "Piscine"}))
    assert lines_changed(named) == ['+     name: {nl: "Zwembad", fr: "Piscine"}']
    assert named.index('name: {nl: "Zwembad') < named.index('mon-fri: ["07:00')
    renamed = written(named, replace(pool, names={"nl": "Bad"}))
    assert renamed == named.replace('{nl: "Zwembad", fr: "Piscine"}', '{nl: "Bad"}')
    later = replace(read_rulebook(renamed).calendars["pool"], belgian_holidays=True)
    assert 'name: {nl: "Bad"}\n    mon-fri' in written(renamed, later)
    assert written(renamed, pool) == FILE
    braces = written(FILE, replace(office, names={"nl": "Kantooruren"}))
    assert lines_changed(braces)[1].startswith('+   office: {name: {nl: "Kantooruren"}, mon-fri: ')


def test_what_holds_comments_is_left_to_a_person() -> None:
    file = FILE.replace('["10:00-18:00"]', '\n      - "10:00-18:00"   # families\n      - "19:00-20:00"')
    pool = read_rulebook(file).calendars["pool"]
    with pytest.raises(RulebookError, match="Change it in the text"):
        written(file, replace(pool, opening_hours={0: ((time(9), time(10)),)}))


def test_what_is_filled_in_wrongly_is_told_at_its_field() -> None:
    given = {"id": "Night!", "mon": "9:00 - 12:00; 13:00–16:30", "tue": "12:00-9:00", "wed": "soon", "closed": "2026-02-30"}
    calendar, wrong = calendar_typed(given, id="", taken=(), languages=("nl", "fr"))
    assert calendar.opening_hours[0] == ((time(9), time(12)), (time(13), time(16, 30)))
    assert set(wrong) == {"id", "name-nl", "tue", "wed", "closed"}
    assert "these opening hours end before they begin" in str(wrong["tue"][0]).lower()
