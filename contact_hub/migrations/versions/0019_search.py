"""an index of all words that tickets hold, kept by the database itself"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

LONGEST = 60000  # characters of one message that are indexed
MOST_WORDS = 15000  # in the index of one ticket: PostgreSQL refuses a tsvector of a megabyte, and no mail may fail by that

POSTGRESQL = [
    """
    CREATE FUNCTION contact_hub_folded(given text) RETURNS text IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
        SELECT translate(lower(given), 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy')
    $$
    """,
    f"""
    CREATE FUNCTION contact_hub_words(given text) RETURNS tsvector IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
        SELECT to_tsvector('simple'::regconfig, folded) || to_tsvector('dutch'::regconfig, folded)
            || to_tsvector('french'::regconfig, folded)
        FROM (SELECT contact_hub_folded(left(given, {LONGEST})) AS folded) AS it
    $$
    """,
    """
    CREATE FUNCTION contact_hub_about(number integer) RETURNS text STABLE LANGUAGE sql AS $$
        SELECT concat_ws(' ', ticket.subject, person.name,
            (SELECT string_agg(address.value, ' ') FROM address WHERE address.person_id = person.id))
        FROM ticket LEFT JOIN person ON person.id = ticket.person_id WHERE ticket.id = number
    $$
    """,
    """
    CREATE FUNCTION contact_hub_filled_in(number integer) RETURNS text STABLE LANGUAGE sql AS $$
        SELECT string_agg(field.value, ' ') FROM contact, json_each_text(contact.facts -> 'fields') AS field
        WHERE contact.id = number AND json_typeof(contact.facts -> 'fields') = 'object'
    $$
    """,
    """
    CREATE FUNCTION contact_hub_file_words(name text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
        SELECT translate(name, '._-', '   ')
    $$
    """,
    "CREATE INDEX ix_person_words ON person USING gin (to_tsvector('simple', contact_hub_folded(name)))",
    "CREATE TABLE search_entry (ticket_id integer PRIMARY KEY REFERENCES ticket (id) ON DELETE CASCADE, words tsvector NOT NULL)",
    "CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)",
    f"""
    CREATE FUNCTION contact_hub_index_messages() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_entry (ticket_id, words)
        SELECT said.ticket_id, contact_hub_words(concat_ws(' ', contact_hub_about(said.ticket_id), said.text))
        FROM (
            SELECT ticket_id, string_agg(concat_ws(' ', left(text, {LONGEST}), contact_hub_filled_in(contact_id)), ' ') AS text
            FROM fresh WHERE kind NOT IN ('receipt', 'notice') GROUP BY ticket_id
        ) AS said
        ON CONFLICT (ticket_id) DO UPDATE SET words = CASE
            WHEN length(search_entry.words) < {MOST_WORDS} THEN search_entry.words || excluded.words
            ELSE search_entry.words END;
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER message_words AFTER INSERT ON message REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION contact_hub_index_messages()
    """,
    f"""
    CREATE FUNCTION contact_hub_index_files() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE search_entry SET words = search_entry.words || contact_hub_words(named.names)
        FROM (
            SELECT message.ticket_id, string_agg(contact_hub_file_words(fresh.name), ' ') AS names
            FROM fresh JOIN message ON message.id = fresh.message_id GROUP BY message.ticket_id
        ) AS named
        WHERE search_entry.ticket_id = named.ticket_id AND length(search_entry.words) < {MOST_WORDS};
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER attachment_words AFTER INSERT ON attachment REFERENCING NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION contact_hub_index_files()
    """,
    f"""
    CREATE FUNCTION contact_hub_all_words(number integer) RETURNS tsvector STABLE LANGUAGE sql AS $$
        SELECT contact_hub_words(concat_ws(' ', contact_hub_about(number),
            (SELECT left(string_agg(concat_ws(' ', left(text, {LONGEST}), contact_hub_filled_in(contact_id)), ' '), {LONGEST})
             FROM message WHERE ticket_id = number AND kind NOT IN ('receipt', 'notice')),
            (SELECT string_agg(contact_hub_file_words(attachment.name), ' ')
             FROM attachment JOIN message ON message.id = attachment.message_id WHERE message.ticket_id = number)))
    $$
    """,
    "INSERT INTO search_entry (ticket_id, words) SELECT id, contact_hub_all_words(id) FROM ticket",
]
OPEN = "('new', 'open', 'waiting')"
NEVER = "'9999-12-31 00:00:00+00'::timestamptz"  # where lists put what has no due date
LISTED = {  # what a list is read from, in its order, or a count is made of: as long as the open tickets are, not all
    "urgent_first": f"ticket (rank, coalesce(due_at, {NEVER}), id) WHERE status IN {OPEN}",
    "due_first": f"ticket (coalesce(due_at, {NEVER}), id) WHERE status IN {OPEN}",
    "oldest_first": f"ticket (id) WHERE status IN {OPEN}",
    "counted": f"ticket (queue_id, confidential, owner_id, status, due_at, snoozed_until) WHERE status IN {OPEN}",
    "resolved_of_queue": "ticket (queue_id, resolved_at, id) WHERE status = 'resolved'",
}
FILLED_IN = """coalesce((SELECT group_concat(field.value, ' ') FROM contact, json_each(contact.facts, '$.fields') AS field
        WHERE contact.id = {message}.contact_id), '')"""
ABOUT = """coalesce(ticket.subject, '') || ' ' || coalesce((SELECT person.name || ' ' || coalesce(
            (SELECT group_concat(address.value, ' ') FROM address WHERE address.person_id = person.id), '')
        FROM person WHERE person.id = ticket.person_id), '')"""
SQLITE = [
    "CREATE VIRTUAL TABLE search_entry USING fts5(words, tokenize = \"unicode61 remove_diacritics 2\", prefix = '3')",
    f"""
    CREATE TRIGGER message_words AFTER INSERT ON message WHEN NEW.kind NOT IN ('receipt', 'notice') BEGIN
        INSERT OR REPLACE INTO search_entry (rowid, words)
        SELECT ticket.id, coalesce((SELECT words FROM search_entry WHERE rowid = ticket.id), {ABOUT})
            || ' ' || substr(NEW.text, 1, {LONGEST}) || ' ' || {FILLED_IN.format(message="NEW")}
        FROM ticket WHERE ticket.id = NEW.ticket_id;
    END
    """,
    """
    CREATE TRIGGER attachment_words AFTER INSERT ON attachment BEGIN
        UPDATE search_entry SET words = words || ' ' || NEW.name
        WHERE rowid = (SELECT ticket_id FROM message WHERE id = NEW.message_id);
    END
    """,
    f"""
    INSERT INTO search_entry (rowid, words)
    SELECT ticket.id, {ABOUT} || ' ' || coalesce((
            SELECT group_concat(substr(message.text, 1, {LONGEST}) || ' ' || {FILLED_IN.format(message="message")}, ' ')
            FROM message WHERE message.ticket_id = ticket.id AND message.kind NOT IN ('receipt', 'notice')), '')
        || ' ' || coalesce((SELECT group_concat(attachment.name, ' ') FROM attachment JOIN message
            ON message.id = attachment.message_id WHERE message.ticket_id = ticket.id), '')
    FROM ticket
    """,
]


def upgrade() -> None:
    for statement in POSTGRESQL if op.get_bind().dialect.name == 'postgresql' else SQLITE:
        op.get_bind().exec_driver_sql(statement.replace('%', '%%'))
    if op.get_bind().dialect.name == 'postgresql':
        for name, index in LISTED.items():
            op.execute(f'CREATE INDEX ix_ticket_{name} ON {index}')
    handed_over = sa.text("why = 'handed_over'")
    op.create_index('ix_segment_by_id', 'segment', ['by_id'], postgresql_where=handed_over, sqlite_where=handed_over)


def downgrade() -> None:
    bind = op.get_bind()
    op.drop_index('ix_segment_by_id', 'segment')
    on_message, on_attachment = ('', '') if bind.dialect.name == 'sqlite' else (' ON message', ' ON attachment')
    bind.exec_driver_sql(f'DROP TRIGGER message_words{on_message}')
    bind.exec_driver_sql(f'DROP TRIGGER attachment_words{on_attachment}')
    bind.exec_driver_sql('DROP TABLE search_entry')
    if bind.dialect.name == 'postgresql':
        for name in ('person_words', *(f'ticket_{listed}' for listed in LISTED)):
            bind.exec_driver_sql(f'DROP INDEX ix_{name}')
        for function in (
            'contact_hub_all_words(integer)',
            'contact_hub_index_files()',
            'contact_hub_index_messages()',
            'contact_hub_file_words(text)',
            'contact_hub_filled_in(integer)',
            'contact_hub_about(integer)',
            'contact_hub_words(text)',
            'contact_hub_folded(text)',
        ):
            bind.exec_driver_sql(f'DROP FUNCTION {function}')
