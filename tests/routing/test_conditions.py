"""What a condition of the rules file means."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from contact_hub.contact import Attachment, PersonFacts
from contact_hub.routing.explaining import explain
from contact_hub.routing.file.mistakes import RulebookError
from tests.routing.rulebooks import book_when, contact, fits


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("afval", "Het AFVAL ligt er", True),
        ("afval", "afvalzak", False),
        ("afval*", "de afvalzak", True),
        ("afval*", "restafval", False),
        ("*afval", "restafval", True),
        ("*afval", "afvalzak", False),
        ("*afval*", "restafvalzak", True),
        ("fuite de gaz", "une FUITE de  gaz!", True),
        ("fuite de gaz", "fuite de gazole", False),
        ("fuite de ga*", "fuite de gazole", True),
        ("dechet*", "les déchets", True),
        ("déchet*", "les dechets", True),
        ("e-mail", "mijn email", True),
        ("boom", "Boom", True),
    ],
)
def test_word_modes(word: str, text: str, found: bool) -> None:
    assert fits(f'{{text: ["{word}"]}}', text) is found


def test_a_pattern_reads_the_text_as_written_in_any_case() -> None:
    condition = "{text: [{pattern: '\\bN\\d{1,3}\\b'}]}"
    assert fits(condition, "op de n19 zit een put")
    assert not fits(condition, "op de n1999 zit een put")


def test_a_pattern_survives_broken_characters() -> None:
    assert fits("{text: [{pattern: 'put'}]}", "kapot \ud800 put")


def test_at_least_counts_different_words() -> None:
    condition = '{text: {at least: 2, of: ["factuur*", "betaal*"]}}'
    assert fits(condition, "de facturatie? factuur betaald")
    assert not fits(condition, "factuur na factuur")


def test_a_phrase_does_not_run_from_the_subject_into_the_message() -> None:
    assert not fits("{text: gas leak}", "leak", subject="gas")


def test_quoted_text_is_not_text() -> None:
    assert not fits("{text: factuur}", "dank u", quoted="uw factuur")
    assert fits("{quoted: factuur}", "dank u", quoted="uw factuur")
    assert fits("{everything: factuur}", "dank u", quoted="uw factuur")


def test_keys_of_one_block_all_hold() -> None:
    condition = "{text: put, channel: [email, webform]}"
    assert fits(condition, "put")
    assert not fits(condition, "put", channel="phone")


def test_any_all_and_not_nest() -> None:
    condition = "{any: [{text: put}, {all: [{text: gas}, {text: ruik}]}], not: [{text: grap}, {text: mop}]}"
    assert fits(condition, "put")
    assert fits(condition, "ik ruik gas")
    assert not fits(condition, "gas")
    assert not fits(condition, "een put in een mop")


@pytest.mark.parametrize(
    ("sender", "found"),
    [
        ("an@dienst.politie.example", True),
        ("an@politie.example", True),
        ("an@nietpolitie.example", False),
        ("014 00", False),
    ],
)
def test_a_domain_includes_its_subdomains(sender: str, found: bool) -> None:
    assert fits("{sender domain: politie.example}", sender=sender) is found


def test_addresses_may_begin_or_end_with_a_star() -> None:
    assert fits('{sender: ["mailer-daemon@*"]}', sender="MAILER-DAEMON@mx.example")
    assert fits('{recipient: ["*@lindervelde.example"]}', recipients=("a@b.example", "Info@Lindervelde.example"))
    assert not fits('{recipient: ["info@*"]}', recipients=("geeninfo@lindervelde.example",))


@pytest.mark.parametrize(
    ("postcode", "found"), [("9050", True), ("B-9099", True), ("9820", True), ("9100", False), ("", False)]
)
def test_postcodes_lie_in_ranges(postcode: str, found: bool) -> None:
    assert fits('{postcode: ["9000-9099", "9820"]}', postcode=postcode) is found


def test_fields_of_forms_headers_and_attachments_are_texts() -> None:
    assert fits("{form: street, form.what: light}", form="street", fields={"what": "Light"})
    assert fits("{header.auto-submitted: auto-replied}", headers={"Auto-Submitted": "auto-replied (away)"})
    assert fits("{attachment: pdf}", attachments=(Attachment("plan.PDF", "application/octet-stream", b""),))


def test_what_a_contact_lacks_fulfils_nothing() -> None:
    assert not fits("{form.what: light}", "light")
    assert fits("{not: {language: nl}}", "hallo")
    assert fits("{has: [quoted, form.what]}", fields={"what": "x"})
    assert not fits("{has: [quoted, attachment, sender, language, postcode]}")


@pytest.mark.parametrize(
    "field",
    ["subject", "quoted", "attachment", "sender", "sender domain", "recipient", "language", "form", "form.what", "topic",
     "automatic", "header.x-spam"],
)  # fmt: skip
def test_what_a_contact_lacks_fulfils_its_not(field: str) -> None:
    value = {"topic": "collection", "automatic": "bounce", "language": "nl"}.get(field, "iets")
    assert not fits(f"{{{field}: {value}}}", "hallo")
    assert fits(f"{{not: {{{field}: {value}}}}}", "hallo")


def test_a_rule_may_ask_whether_the_sender_is_known() -> None:
    known = PersonFacts(known=True)
    assert fits("{person.known: yes}", person=known)
    assert not fits("{person.known: yes}")
    assert fits("{person.known: no}")
    assert fits("{has: person.known}", person=known)
    assert not fits("{has: [person.known, person.open tickets]}")


@pytest.mark.parametrize(
    ("asked", "number", "found"),
    [
        ('"0"', 0, True),
        ('["1-2", "5"]', 2, True),
        ('["1-2", "5"]', 3, False),
        ('["1-2", "5"]', 5, True),
        ('"2+"', 200, True),
        ('"2+"', 1, False),
        ("{at least: 2}", 2, True),
        ("{at least: 2}", 1, False),
    ],
)
def test_a_rule_may_ask_how_many_tickets_the_sender_has_open(asked: str, number: int, found: bool) -> None:
    assert fits(f"{{person.open tickets: {asked}}}", person=PersonFacts(True, number)) is found
    assert fits("{has: person.open tickets}", person=PersonFacts(True, number)) is (number > 0)


@pytest.mark.parametrize(
    ("received", "inside"),
    [
        (datetime(2026, 1, 5, 8, 30, tzinfo=UTC), True),
        (datetime(2026, 1, 5, 11, 30, tzinfo=UTC), False),
        (datetime(2026, 1, 3, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 1, 1, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 12, 24, 9, 0, tzinfo=UTC), False),
        (datetime(2026, 7, 6, 7, 30, tzinfo=UTC), True),
    ],
)
def test_opening_hours_are_those_of_the_municipality(received: datetime, inside: bool) -> None:
    assert fits("{received: {inside: office}}", received=received) is inside
    assert fits("{received: {outside: office}}", received=received) is not inside


def test_hours_may_run_over_midnight() -> None:
    condition = '{received: {weekday: [sat, sun], hours: ["22:00-06:00"]}}'
    assert fits(condition, received=datetime(2026, 1, 3, 22, 30, tzinfo=UTC))
    assert not fits(condition, received=datetime(2026, 1, 3, 12, 0, tzinfo=UTC))


@pytest.mark.parametrize("condition", ['{received: {hours: ["22:00-24:00"]}}', "{received: {inside: night}}"])
def test_what_lasts_until_24_00_lasts_to_the_very_end_of_the_day(condition: str) -> None:
    last = datetime(2026, 1, 5, 23, 59, 59, 999_999, ZoneInfo("Europe/Brussels"))
    assert fits(condition, received=last)
    assert not fits('{received: {hours: ["22:00-23:59"]}}', received=last)


def test_hours_that_last_until_24_00_are_explained_so() -> None:
    book = book_when('{received: {hours: ["22:00-24:00"]}}')
    assert explain(book, contact(), "it").tree.asks == ("22:00-24:00",)


def test_hours_that_end_when_they_begin_are_refused() -> None:
    with pytest.raises(RulebookError, match="end when they begin"):
        book_when('{received: {hours: ["09:00-09:00"]}}')


def test_any_must_be_a_list_when_it_asks_several_things() -> None:
    with pytest.raises(RulebookError, match="all its keys must hold together"):
        book_when("{any: {text: put, subject: gat}}")
    assert fits("{any: {text: [put, gat]}}", "gat")


def test_a_language_is_two_letters() -> None:
    with pytest.raises(RulebookError, match="is no language"):
        book_when("{language: nederlands}")
    assert fits("{language: NL}", language="nl")


def test_weekdays_may_be_given_as_a_range_and_calendars_as_a_list() -> None:
    monday, sunday = datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 1, 4, 9, tzinfo=UTC)
    assert fits("{received: {weekday: mon-fri}}", received=monday)
    assert not fits("{received: {weekday: [mon-fri, sat]}}", received=sunday)
    assert fits("{received: {inside: [night, office]}}", received=monday)
    assert fits("{received: {outside: [night, office]}}", received=sunday)
    assert not fits("{received: {outside: [night, office]}}", received=monday)


def test_evidence_is_a_span_of_the_original_field() -> None:
    given = contact("Vandaag: twee dode bómen, écht", subject="Bomen?")
    decision = book_when('{text: ["bom*"], message: [{pattern: "dode"}]}').decide(given)
    shown = [(one.field, getattr(given, one.field)[one.start : one.end], one.word) for one in decision.evidence]
    assert shown == [("subject", "Bomen", "bom*"), ("message", "bómen", "bom*"), ("message", "dode", "dode")]
