"""A town with a long past in PostgreSQL: any number of tickets, with what was said, done and decided about each.

The first of them come in through the hub itself, routed by the shipped rules; the others are drawn from those by the database,
with words, people and fates of their own. The same number gives the same town, but for the moment it is made.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import yaml
from rich.console import Console
from sqlalchemy import Connection, Engine, func, select

from bench import hub
from contact_hub import intake, tables
from contact_hub.contact import Contact
from contact_hub.database import Session, connect, disconnect, engine_for, now
from contact_hub.demo import citizens
from contact_hub.queues import Queue
from tests.builders import an_agent

BATCH = 50_000  # tickets that are made in one transaction
SENTENCES = 20_000
YEARS = 5
COLLEAGUES = 80
ANNA, SOFIE = "Anna Claes", "Sofie Maes"
MADE = ("person", "address", "contact", "ticket", "message", "attachment", "segment", "cycle", "event", "decision")
WORDS = Path(__file__).with_name("rules_words.yaml")
STREETS = ("Kerk", "Molen", "Beuken", "Linden", "Stations", "Vaart", "Heide", "Bos", "Akker", "Kouter", "Berken", "Dorps")
ENDS = ("straat", "laan", "dreef", "weg", "plein", "pad", "steeg", "hof", "kaai", "berg")
NAMES = ("Peeters", "Claes", "Maes", "Jacobs", "Wouters", "Dubois", "Lambert", "Haddad", "Nowak", "Aerts", "Cools", "Raes")
FIRST_NAMES = ("Roos", "Jan", "Mia", "Hélène", "Omar", "Fatima", "Koen", "Ilse", "Wout", "Noor", "André", "Zofia", "Lies")


def fill(url: str, tickets: int, *, open_share: float, console: Console) -> None:
    """Makes the database at `url` one with this many tickets, of which this share is open; in minutes per million."""
    hub.prepare(url)
    engine = engine_for(url)
    connect(url)
    _enrol()
    _take_in_samples()
    disconnect()
    with engine.begin() as connection:
        _lay_out(connection)
    for first in range(0, tickets, BATCH):
        console.print(f"  tickets from {first}", end="\r")
        with engine.begin() as connection:
            _make(connection, first, min(BATCH, tickets - first), tickets, open_share)
    _finish(engine, console)
    engine.dispose()


def size(url: str) -> int:
    """How many tickets are there; 0 in a database that was never filled."""
    engine = engine_for(url)
    with engine.connect() as connection:
        there = connection.scalar(select(func.to_regclass("ticket")))
        found = connection.scalar(select(func.count()).select_from(tables.metadata.tables["ticket"])) if there else 0
    engine.dispose()
    return found or 0


def _enrol() -> None:
    """Anna at the reception, Sofie who leads, and colleagues with one queue each."""
    with Session.begin() as session:
        queues = list(session.scalars(select(Queue.id).where(Queue.retired.is_(False)).order_by(Queue.position)))
        front = session.scalars(select(Queue.id).where(Queue.tier == "front", Queue.visibility == "default"))
        an_agent(session, "agent", *front, name=ANNA)
        an_agent(session, "supervisor", name=SOFIE)
        for number in range(COLLEAGUES):
            an_agent(session, "back_office", queues[number % len(queues)], name=f"Colleague {number}")


def _take_in_samples() -> None:
    with Session.begin() as session:
        intake.take_in(session, list(_samples()))


def _samples() -> Iterator[Contact]:
    for number, story in enumerate(citizens.stories()):
        yield Contact(
            channel=story.channel,
            external_id=f"sample-{number}",
            received=now(),
            subject=story.subject,
            message=story.body,
            sender=story.sender,
            sender_name=story.name,
            language=story.language,
            form=story.form,
            fields=story.fields,
            raw=str(number).encode(),
        )


def _lay_out(connection: Connection) -> None:
    """What tickets are drawn from; and no index of words until all are there."""
    connection.exec_driver_sql("SELECT setseed(0.5)")
    for table in ("message", "attachment"):
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    connection.exec_driver_sql("DROP INDEX ix_search_entry_words")
    connection.exec_driver_sql("CREATE TABLE made_sentence (id integer PRIMARY KEY, said text NOT NULL)")
    rows = [{"id": number, "said": said} for number, said in enumerate(_sentences())]
    cursor = connection.connection.cursor()
    cursor.executemany("INSERT INTO made_sentence VALUES (%(id)s, %(said)s)", rows)
    connection.exec_driver_sql("""
        CREATE TABLE made_sample AS
        SELECT row_number() OVER (ORDER BY ticket.id) - 1 AS number, ticket.channel, ticket.queue_id, ticket.rank,
            ticket.topic_id, ticket.tags, ticket.language, ticket.screened, ticket.confidential, ticket.subject,
            decision.edition_id, decision.rule, decision.record, contact.facts
        FROM ticket JOIN decision ON decision.ticket_id = ticket.id JOIN contact ON contact.id = decision.contact_id
    """)
    connection.exec_driver_sql("ALTER TABLE made_sample ADD PRIMARY KEY (number)")


def _sentences() -> Iterator[str]:
    """Sentences of a dozen words: few of them often, most of them seldom, as people write."""
    dice = random.Random(5)
    told = yaml.safe_load(WORDS.read_text("utf-8"))
    streets = [f"{begin}{end}" for begin in STREETS for end in ENDS]
    for _ in range(SENTENCES):
        language = dice.choices(("nl", "fr", "en", "de"), (75, 15, 7, 3))[0]
        function, plain = told["function"][language].split(), told["plain"][language].split()
        said = [
            dice.choice(function) if dice.random() < 0.5 else plain[int(len(plain) * dice.random() ** 2)] for _ in range(12)
        ]
        said[dice.randrange(12)] = f"{dice.choice(streets)} {dice.randint(1, 200)}"
        yield " ".join(said)


def _make(connection: Connection, first: int, count: int, total: int, open_share: float) -> None:
    given = {"first": first, "count": count, "total": total, "open": open_share, "sentences": SENTENCES}
    given |= {"years": YEARS, "names": list(NAMES), "firsts": list(FIRST_NAMES), "persons": count // 4 + 1}
    cursor = connection.connection.cursor()
    for statement in STATEMENTS:
        cursor.execute(statement, given)


def _finish(engine: Engine, console: Console) -> None:
    with engine.begin() as connection:
        for name in MADE:
            if name not in {"decision"}:
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
                )
        for table in ("message", "attachment"):
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.exec_driver_sql("DROP TABLE made_sentence, made_sample")
        add_what_people_did(connection)
    console.print("  words of all tickets", end="\r")
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '1GB'")
        connection.exec_driver_sql("CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)")
    console.print("  statistics           ", end="\r")
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def add_what_people_did(connection: Connection) -> None:
    """Colleagues called in, waits, mails sent, drafts and saved lists: without them no page has to look for any."""
    for statement in BESIDE:
        connection.exec_driver_sql(statement)


STATEMENTS = (
    "DROP TABLE IF EXISTS drawn",
    # Everything that has to do with one ticket, drawn once. `fate` says what became of it; the newest are the open ones.
    """
    CREATE TEMP TABLE drawn ON COMMIT DROP AS
    SELECT base.*, CASE WHEN is_open THEN CASE WHEN fate < 0.4 THEN 'new' WHEN fate < 0.8 THEN 'open' ELSE 'waiting' END
            ELSE 'resolved' END AS status,
        CASE WHEN is_open THEN now() + (luck * 12 - 2) * interval '1 day' ELSE opened_at + interval '5 days' END AS due_at,
        CASE WHEN is_open THEN NULL ELSE opened_at + luck * interval '6 days' END AS resolved_at
    FROM (
        SELECT g, (SELECT max(id) FROM ticket) + g - %(first)s AS ticket_id,
            (SELECT max(id) FROM contact) + g - %(first)s AS contact_id,
            (SELECT coalesce(max(id), 0) FROM message) + (g - %(first)s) * 3 AS message_id,
            now() - (%(total)s - g) * (%(years)s * interval '365 days' / %(total)s) AS opened_at,
            floor(random() * (SELECT count(*) FROM made_sample))::integer AS sample,
            (SELECT max(id) FROM person) + 1 + floor(random() * %(persons)s)::integer AS person_id,
            (SELECT min(id) FROM agent) + floor(random() * (SELECT count(*) FROM agent))::integer AS agent_id,
            CASE WHEN g > %(total)s * (1 - %(open)s) THEN random() < 0.95 ELSE random() < %(open)s * 0.05 END AS is_open,
            random() AS fate, random() AS luck, random() < 0.3 AS handed,
            floor(random() * %(sentences)s)::integer AS s1, floor(random() * %(sentences)s)::integer AS s2,
            floor(random() * %(sentences)s)::integer AS s3, floor(random() * %(sentences)s)::integer AS s4
        FROM generate_series(%(first)s + 1, %(first)s + %(count)s) AS g
    ) AS base
    """,
    """
    WITH last AS (SELECT max(id) AS id FROM person),
    made AS (
        INSERT INTO person (id, name, created_at)
        SELECT last.id + g, (%(firsts)s::text[])[1 + g %% 13] || ' ' || (%(names)s::text[])[1 + g %% 12] || ' '
            || chr(65 + (g / 26) %% 26) || chr(97 + g %% 26) || 'en', now()
        FROM last, generate_series(1, %(persons)s) AS g RETURNING id
    )
    INSERT INTO address (person_id, kind, value) SELECT id, 'mail', 'citizen' || id || '@post.example' FROM made
    """,
    """
    INSERT INTO contact (id, channel, external_id, received_at, taken_at, person_id, subject, sender, sender_name, language,
        automatic, facts, raw_sha256, raw_type)
    SELECT contact_id, channel, 'made-' || contact_id, opened_at, opened_at, person_id, 'Dossier ' || ticket_id,
        'citizen' || person_id || '@post.example', '', language, '', facts, repeat('0', 64), 'message/rfc822'
    FROM drawn JOIN made_sample ON number = sample
    """,
    """
    INSERT INTO ticket (id, opened_at, channel, subject, queue_id, owner_id, person_id, status, rank, topic_id, tags, language,
        due_at, waiting_since, outcome, resolved_at, screened, confidential, unread, changed_at, last_event)
    SELECT ticket_id, opened_at, channel, subject || ', dossier ' || (100000 + ticket_id), queue_id,
        CASE WHEN status <> 'new' AND fate < 0.95 THEN agent_id END, person_id, status, rank, topic_id, tags, language, due_at,
        CASE WHEN status = 'waiting' THEN opened_at END, CASE WHEN NOT is_open THEN 'resolved_first_line' ELSE '' END,
        resolved_at, screened, confidential, is_open AND luck < 0.3, opened_at, 3
    FROM drawn JOIN made_sample ON number = sample
    """,
    """
    INSERT INTO message (id, ticket_id, contact_id, kind, channel, at, author_id, author_name, text, quoted, message_id)
    SELECT message_id + turn, ticket_id, CASE turn WHEN 1 THEN contact_id END,
        CASE turn WHEN 1 THEN 'said' WHEN 2 THEN 'answer' ELSE CASE WHEN luck < 0.5 THEN 'note' ELSE 'said' END END, channel,
        opened_at + turn * interval '1 hour', CASE WHEN turn > 1 THEN agent_id END, '',
        CASE turn WHEN 1 THEN a.said || E'.\n' || b.said || E'.\n' || c.said WHEN 2 THEN d.said || '. ' || b.said
            ELSE c.said || '. ' || a.said END, '', 'made-' || message_id + turn || '@post.example'
    FROM drawn JOIN made_sample ON number = sample JOIN made_sentence a ON a.id = s1 JOIN made_sentence b ON b.id = s2
        JOIN made_sentence c ON c.id = s3 JOIN made_sentence d ON d.id = s4, generate_series(1, 3) AS turn
    """,
    """
    INSERT INTO attachment (message_id, name, content_type, size, sha256, content_id, inline)
    SELECT message_id + 1, 'bijlage-' || ticket_id || '.pdf', 'application/pdf', 12345, repeat('0', 64), '', false
    FROM drawn WHERE luck < 0.2
    """,
    """
    INSERT INTO segment (ticket_id, queue_id, tier, agent_id, began_at, ended_at, why, rule, edition_id, reason, promise,
        accepted_at)
    SELECT ticket_id, queue_id, (SELECT tier FROM queue WHERE queue.id = queue_id), agent_id, opened_at,
        CASE WHEN handed THEN opened_at + interval '3 hours' ELSE resolved_at END,
        'routed', rule, edition_id, '', '', opened_at FROM drawn JOIN made_sample ON number = sample
    """,
    """
    INSERT INTO segment (ticket_id, queue_id, tier, agent_id, began_at, ended_at, why, rule, by_id, reason, promise,
        accepted_at)
    SELECT ticket_id, queue_id, (SELECT tier FROM queue WHERE queue.id = queue_id), agent_id,
        opened_at + interval '3 hours', resolved_at, 'handed_over', '', agent_id,
        'needs a permit', 'within a week', opened_at + interval '4 hours'
    FROM drawn JOIN made_sample ON number = sample WHERE handed
    """,
    """
    INSERT INTO cycle (ticket_id, number, opened_at, first_response_at, resolved_at, outcome)
    SELECT ticket_id, 1, opened_at, opened_at + interval '2 hours', resolved_at,
        CASE WHEN is_open THEN '' ELSE 'resolved_first_line' END FROM drawn
    """,
    """
    INSERT INTO event (ticket_id, number, kind, by_id, at, data)
    SELECT ticket_id, turn, CASE turn WHEN 1 THEN 'routed' WHEN 2 THEN 'answered' WHEN 3 THEN
        CASE WHEN is_open THEN 'noted' ELSE 'resolved' END END, CASE WHEN turn > 1 THEN agent_id END,
        opened_at + turn * interval '1 hour', '{}' FROM drawn, generate_series(1, 3) AS turn
    """,
    """
    INSERT INTO decision (ticket_id, contact_id, edition_id, rule, queue_id, record)
    SELECT ticket_id, contact_id, edition_id, rule, queue_id, record FROM drawn JOIN made_sample ON number = sample
    """,
    "INSERT INTO search_entry (ticket_id, words) SELECT ticket_id, contact_hub_all_words(ticket_id) FROM drawn",
)

BESIDE = (
    # In one ticket of twenty somebody is named in a note or asked something; in one of a hundred it is a whole team.
    """
    INSERT INTO mention (ticket_id, message_id, by_id, agent_id, queue_id, asks, at, done_at)
    SELECT id, (SELECT max(message.id) FROM message WHERE message.ticket_id = ticket.id), (SELECT min(id) FROM agent),
        CASE WHEN id %% 100 <> 0 THEN (SELECT min(id) FROM agent) + id / 20 %% (SELECT count(*) FROM agent) END,
        CASE WHEN id %% 100 = 0 THEN queue_id END, id %% 40 = 0, opened_at,
        CASE WHEN status = 'resolved' THEN resolved_at WHEN id %% 60 = 0 THEN opened_at END
    FROM ticket WHERE id %% 20 = 0
    """,
    """
    INSERT INTO pause (ticket_id, cycle, began_at, ended_at)
    SELECT id, 1, opened_at, CASE WHEN status <> 'waiting' THEN opened_at + interval '1 day' END
    FROM ticket WHERE status = 'waiting' OR id %% 10 = 3
    """,
    """
    INSERT INTO outbox (message_id, recipient, subject, answers, written_at, state, due_at, attempts, reason, sent_at)
    SELECT message.id, 'citizen' || person_id || '@post.example', subject, '[]', at, 'sent', at, 1, '', at
    FROM message JOIN ticket ON ticket.id = ticket_id
    WHERE kind = 'answer' AND NOT EXISTS (SELECT FROM outbox WHERE outbox.message_id = message.id)
    """,
    """
    INSERT INTO unsent (agent_id, ticket_id, form, typed, changed_at)
    SELECT (SELECT min(id) FROM agent) + id / 30 %% (SELECT count(*) FROM agent), id, 'answers', '{"text": "Begun"}', now()
    FROM ticket WHERE status <> 'resolved' AND id %% 30 = 0
    """,
    """
    INSERT INTO saved_view (name, address, by_id, shared, created_at)
    SELECT name, address::json, (SELECT min(id) FROM agent), shared, now() FROM (VALUES
        ('Health', '{"view": "open", "tag": "health"}', 'all'),
        ('Calls that wait', '{"view": "waiting", "door": "phone"}', 'all'),
        ('Urgent in French', '{"view": "open", "priority": "high", "language": "fr"}', 'all')
    ) AS saved (name, address, shared)
    """,
)
"""What stands beside the tickets, once all are there."""
