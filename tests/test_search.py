"""Tickets are found by the words they hold, in any form, with or without accents, on both databases."""

from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session as SessionType

from contact_hub import identity, intake, regrouping, search, threads
from contact_hub.contact import Attachment
from contact_hub.identity import Details
from contact_hub.messages import Message
from contact_hub.tickets import Ticket
from tests.builders import a_contact, a_ticket, an_agent


def comes(session: SessionType, **given: Any) -> Ticket:
    ticket = a_ticket(session, **given)
    session.flush()
    return ticket


def found(session: SessionType, typed: str) -> list[Ticket]:
    session.flush()
    ids = search.first(session, select(Ticket), typed, by=[Ticket.id], limit=1000)
    return [session.get_one(Ticket, each) for each in ids]


@pytest.mark.parametrize(
    "typed",
    [
        "lantaarn",
        "LANTAARN kapot",
        "lantaarns",
        "straatlantaarn-",
        "peeters",
        "roos@example.org",
        "offerte",
        '"kapot sinds gisteren"',
        "lantaarn -vuilnis",
        "Kérkstraat",
    ],
)
def test_a_ticket_is_found_by_what_it_holds(session: SessionType, typed: str) -> None:
    plan = Attachment("offerte_2026.pdf", "application/pdf", b"x")
    ticket = comes(
        session,
        subject="Lantaarn in de Kerkstraat",
        message="De straatlantaarn is kapot sinds gisteren.",
        sender="roos@example.org",
        sender_name="Roos Peeters",
        attachments=(plan,),
    )
    comes(session, subject="Iets anders", message="Vuilnis", sender_name="Jan Claes")

    assert found(session, typed) == [ticket]


@pytest.mark.parametrize("typed", ["vuilnis", "lantaarn vuilnis", '"gisteren sinds"', "-lantaarn lantaarn", "…"])
def test_a_ticket_is_not_found_by_what_it_does_not_hold(session: SessionType, typed: str) -> None:
    comes(session, subject="Lantaarn", message="De lantaarn is kapot sinds gisteren.")

    assert found(session, typed) == []


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Ik vraag een vergunning aan.", "vergunningen"),
        ("Twee vergunningen graag.", "vergunning"),
        ("Les poubelles débordent.", "poubelle"),
        ("Une poubelle déborde.", "poubelles"),
        ("Een café met een terras.", "cafe terras"),
        ("Reële klachten", "reele klacht"),
        ("L'été dernier", "ete"),
        ("De straat ligt open.", "straten"),
        ("Alle straten liggen open.", "straat"),
        ("J'ai déménagé hier.", "demenagement"),
        ("Un déménagement en mai", "déménagé"),
        ("Ik fiets graag", "fietsen"),
        ("Die Straßen sind gesperrt.", "Straße"),
        ("Meine Bäume sind krank.", "baum"),
        ("The lanterns are running late", "lantern run"),
    ],
)
def test_words_of_four_languages_are_found_in_other_forms(session: SessionType, said: str, typed: str) -> None:
    ticket = comes(session, message=said)

    assert found(session, typed) == [ticket]


@pytest.mark.parametrize(
    ("typed", "fits"), [('"straten"', False), ('"straat"', True), ('"de straat"', True), ('"de str"', False)]
)
def test_what_is_quoted_is_found_as_it_is_written(session: SessionType, typed: str, fits: bool) -> None:
    ticket = comes(session, message="De straat ligt open.")

    assert found(session, typed) == ([ticket] if fits else [])


def test_names_of_files_that_come_later_are_found_in_other_forms(session: SessionType) -> None:
    first = comes(session, message="Een vraag")
    plans = Attachment("plan-straten.pdf", "application/pdf", b"x")
    intake.take_in(
        session, [a_contact(answers=(threads.token_for(first.reference),), message="Zie hierbij", attachments=(plans,))]
    )

    assert found(session, "straat") == [first]


def test_fields_of_a_form_and_notes_are_searched_and_receipts_are_not(session: SessionType) -> None:
    ticket = comes(session, channel="webform", form="put", fields={"street": "Molenstraat"}, message="Een vraag")
    ticket.remark(Message(ticket_id=ticket.id, kind="note", channel="email", text="Bel de tuinman"), an_agent(session))

    assert found(session, "molenstraat") == found(session, "tuinman") == [ticket]
    assert found(session, "ontvangen") == []


@pytest.mark.parametrize("typed", ["0471 23 45 67", "+32 471 23.45.67"])
def test_a_number_finds_its_caller_however_it_is_written(session: SessionType, typed: str) -> None:
    ticket = comes(session, channel="phone", sender="0471234567")
    comes(session)

    assert found(session, typed) == [ticket]


def test_a_reference_finds_its_ticket(session: SessionType) -> None:
    comes(session)
    ticket = comes(session)

    assert found(session, ticket.reference.lower()) == [ticket]


def test_what_is_said_later_is_found_too(session: SessionType) -> None:
    ticket = comes(session, message="De lantaarn")
    intake.take_in(session, [a_contact(answers=(threads.token_for(ticket.reference),), message="Bij de fontein")])

    assert found(session, "lantaarn fontein") == [ticket]


def test_words_go_along_with_messages_that_are_moved_and_come_back(session: SessionType) -> None:
    anna = an_agent(session)
    here, there = comes(session, message="De lantaarn"), comes(session, message="De fontein")
    regrouping.join(session, there, by=anna, into=here)
    assert found(session, "lantaarn fontein") == [here]

    regrouping.part(session, there, by=anna)

    assert found(session, "lantaarn fontein") == []
    assert found(session, "fontein") == [there]


def test_a_person_put_right_is_found_by_the_new_name_alone(session: SessionType) -> None:
    ticket = comes(session, sender_name="Roos Peters")
    identity.correct(session, ticket, Details(name="Roos Claeys", phone="014 00 00 03"), by=an_agent(session))

    assert found(session, "claeys") == [ticket]
    assert found(session, "peters") == []


def test_no_mail_is_refused_for_the_number_of_its_words(session: SessionType) -> None:
    long = " ".join(f"woord{number:06d}" for number in range(40_000))
    ticket = comes(session, message=f"lantaarn {long}")
    for _ in range(4):
        intake.take_in(session, [a_contact(answers=(threads.token_for(ticket.reference),), message=long[::-1])])

    assert found(session, "lantaarn") == [ticket]


@pytest.mark.parametrize("typed", ["'", '"', "a'b:*", "NEAR(", "x OR y*", "%", "\\", "-", '-"', "(", "a & !b", "\udc00"])
def test_no_words_break_the_search(session: SessionType, typed: str) -> None:
    comes(session)

    assert isinstance(found(session, typed), list)


@pytest.mark.parametrize(("looked_through", "rare"), [((1,), -1), ((2,), -1), ((1, 2), 0), ((100,), -1), ((1,), 100)])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("lantaarn", [0, 1, 2, 3, 4, 5]),
        ("lantaarn fontein", [0, 3]),
        ("-fontein", [1, 2, 4, 5]),
        ("fontein", [0, 3]),
        ("", [0, 1, 2, 3, 4, 5]),
        ("vijver", []),
    ],
)
def test_the_first_that_hold_the_words_are_the_same_however_they_are_looked_for(
    session: SessionType, typed: str, expected: list[int], looked_through: tuple[int, ...], rare: int
) -> None:
    tickets = [comes(session, message="De lantaarn" if each % 3 else "De fontein bij de lantaarn").id for each in range(6)]
    every = [tickets[each] for each in expected]
    asked = select(Ticket).where(Ticket.status == "new")
    how = {"by": [Ticket.rank, Ticket.id], "limit": 3, "looked_through": looked_through, "rare": rare}

    assert search.first(session, asked, typed, **how) == every[:3]
    assert search.first(session, asked, typed, backwards=True, **how) == every[::-1][:3]


@pytest.mark.parametrize("rare", [0, 100])
def test_a_tag_is_found_whether_it_is_rare_or_not_and_only_as_it_is_written(session: SessionType, rare: int) -> None:
    tickets = [comes(session) for _ in range(3)]
    tickets[0].tags, tickets[1].tags, tickets[2].tags = ['Straat "zuid"', "[a]"], ["straat"], []
    session.flush()
    for tag, expected in (("straat", [1]), ('Straat "zuid"', [0]), ("[a]", [0]), ("a", [])):
        with_it = session.scalars(select(Ticket).where(search.tagged(session, tag, rare=rare))).all()
        assert with_it == [tickets[each] for each in expected]


def test_however_many_words_are_typed_the_database_is_asked_little_more(session: SessionType) -> None:
    ticket = comes(session, message=" ".join(f"woord{each}" for each in range(60)))
    statements: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert found(session, " ".join(f"woord{each}" for each in range(60))) == [ticket]
    assert len(statements) < 16


def test_places_stand_where_the_words_are() -> None:
    text = "De Straatlantaarns in de Réserve"

    assert [text[start:end] for start, end in search.places(text, search.terms_in("reserves lantaarn straatlantaarn"))] == [
        "Straatlantaarns",
        "Réserve",
    ]


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("Alle straten en de straatweg", "straat", ["straten", "straatweg"]),
        ("Notre déménagement", "déménagé", ["déménagement"]),
        ("Ik rijd met een fiets", "fietsen", ["fiets"]),
        ("De straten van de straat", '"straat"', ["straat"]),
        ("Schrijf naar roos@example.org.", "roos@example", ["roos@example"]),
        ("De lantaarn", "-lantaarn", []),
    ],
)
def test_what_was_found_in_another_form_is_marked_too(text: str, typed: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in search.places(text, search.terms_in(typed))] == marked


@pytest.mark.parametrize("typed", ["_", "__ _", '"_"'])
def test_what_holds_no_word_for_the_database_finds_nothing(session: SessionType, typed: str) -> None:
    comes(session, subject="Lantaarn kapot")
    assert found(session, typed) == []
