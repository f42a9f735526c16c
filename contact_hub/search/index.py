"""Indexes tickets anew where the database could not see that their words changed."""

from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from contact_hub.people import Person
from contact_hub.search.entries import is_on_sqlite
from contact_hub.tickets import Ticket


def renew(session: Session, tickets: Iterable[int]) -> None:
    """Indexes these tickets anew, after messages left them or their person changed."""
    numbers = sorted(set(tickets))
    if not numbers:
        return
    session.flush()
    if not is_on_sqlite(session):
        session.execute(_RENEWED_ON_POSTGRESQL, {"ids": numbers})
        return
    for number in numbers:
        session.execute(_RENEWED_ON_SQLITE, {"id": number})


def renew_of_person(session: Session, person: Person) -> None:
    """Indexes the tickets of this person anew, after a name or an address changed."""
    renew(session, session.scalars(select(Ticket.id).where(Ticket.person_id == person.id)))


_RENEWED_ON_POSTGRESQL = text("""
    INSERT INTO search_entry (ticket_id, words) SELECT id, contact_hub_all_words(id) FROM ticket WHERE id = ANY(:ids)
    ON CONFLICT (ticket_id) DO UPDATE SET words = excluded.words
""")
_RENEWED_ON_SQLITE = text("""
    INSERT OR REPLACE INTO search_entry (rowid, words, stems)
    SELECT it.id, it.words, contact_hub_stems(it.words) FROM (
        SELECT ticket.id, coalesce(ticket.subject, '') || ' ' || coalesce((SELECT person.name || ' ' || coalesce(
                (SELECT group_concat(address.value, ' ') FROM address WHERE address.person_id = person.id), '')
            FROM person WHERE person.id = ticket.person_id), '')
            || ' ' || coalesce((SELECT group_concat(message.text || ' ' || coalesce((SELECT group_concat(field.value, ' ')
                FROM contact, json_each(contact.facts, '$.fields') AS field WHERE contact.id = message.contact_id), ''), ' ')
                FROM message WHERE message.ticket_id = ticket.id AND message.kind NOT IN ('receipt', 'notice')), '')
            || ' ' || coalesce((SELECT group_concat(attachment.name, ' ') FROM attachment JOIN message
                ON message.id = attachment.message_id WHERE message.ticket_id = ticket.id), '') AS words
        FROM ticket WHERE ticket.id = :id
    ) AS it
""")
