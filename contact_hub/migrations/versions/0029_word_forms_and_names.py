"""words in their other forms in four languages on both databases, and persons by the words of their names"""

from alembic import op

from contact_hub.stems import stems_of_text

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None

LONGEST = 60000  # characters of one message that are indexed

WORDS = """
    CREATE OR REPLACE FUNCTION contact_hub_words(given text) RETURNS tsvector IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
        SELECT to_tsvector('simple'::regconfig, folded) {languages}
        FROM (SELECT contact_hub_folded(left(given, 60000)) AS folded) AS it
    $$
"""
AGAIN = (  # without the index meanwhile: at a million tickets it takes minutes so, and hours else
    'DROP INDEX ix_search_entry_words',
    'UPDATE search_entry SET words = contact_hub_all_words(ticket_id)',
    'CREATE INDEX ix_search_entry_words ON search_entry USING gin (words)',
)
FILLED_IN = """coalesce((SELECT group_concat(field.value, ' ') FROM contact, json_each(contact.facts, '$.fields') AS field
        WHERE contact.id = {message}.contact_id), '')"""
ABOUT = """coalesce(ticket.subject, '') || ' ' || coalesce((SELECT person.name || ' ' || coalesce(
            (SELECT group_concat(address.value, ' ') FROM address WHERE address.person_id = person.id), '')
        FROM person WHERE person.id = ticket.person_id), '')"""
SAID = f"substr({{message}}.text, 1, {LONGEST}) || ' ' || {FILLED_IN}"
GATHERED = f"""
    SELECT ticket.id, {ABOUT} || ' ' || coalesce((
            SELECT group_concat({SAID.format(message="message")}, ' ')
            FROM message WHERE message.ticket_id = ticket.id AND message.kind NOT IN ('receipt', 'notice')), '')
        || ' ' || coalesce((SELECT group_concat(attachment.name, ' ') FROM attachment JOIN message
            ON message.id = attachment.message_id WHERE message.ticket_id = ticket.id), '') AS words
    FROM ticket
"""
TOKENS = 'tokenize = "unicode61 remove_diacritics 2"'
DROPPED = ('DROP TRIGGER message_words', 'DROP TRIGGER attachment_words', 'DROP TABLE search_entry')
STEMMED = (
    f"CREATE VIRTUAL TABLE search_entry USING fts5(words, stems, {TOKENS}, prefix = '3')",
    f"""
    CREATE TRIGGER message_words AFTER INSERT ON message WHEN NEW.kind NOT IN ('receipt', 'notice') BEGIN
        INSERT OR REPLACE INTO search_entry (rowid, words, stems)
        SELECT ticket.id,
            coalesce((SELECT words FROM search_entry WHERE rowid = ticket.id), {ABOUT}) || ' ' || {SAID.format(message="NEW")},
            coalesce((SELECT stems FROM search_entry WHERE rowid = ticket.id), contact_hub_stems({ABOUT}))
                || ' ' || contact_hub_stems({SAID.format(message="NEW")})
        FROM ticket WHERE ticket.id = NEW.ticket_id;
    END
    """,
    """
    CREATE TRIGGER attachment_words AFTER INSERT ON attachment BEGIN
        UPDATE search_entry SET words = words || ' ' || NEW.name, stems = stems || ' ' || contact_hub_stems(NEW.name)
        WHERE rowid = (SELECT ticket_id FROM message WHERE id = NEW.message_id);
    END
    """,
    f'INSERT INTO search_entry (rowid, words, stems) SELECT id, words, contact_hub_stems(words) FROM ({GATHERED})',
)
UNSTEMMED = (
    f"CREATE VIRTUAL TABLE search_entry USING fts5(words, {TOKENS}, prefix = '3')",
    f"""
    CREATE TRIGGER message_words AFTER INSERT ON message WHEN NEW.kind NOT IN ('receipt', 'notice') BEGIN
        INSERT OR REPLACE INTO search_entry (rowid, words)
        SELECT ticket.id, coalesce((SELECT words FROM search_entry WHERE rowid = ticket.id), {ABOUT})
            || ' ' || {SAID.format(message="NEW")}
        FROM ticket WHERE ticket.id = NEW.ticket_id;
    END
    """,
    """
    CREATE TRIGGER attachment_words AFTER INSERT ON attachment BEGIN
        UPDATE search_entry SET words = words || ' ' || NEW.name
        WHERE rowid = (SELECT ticket_id FROM message WHERE id = NEW.message_id);
    END
    """,
    f'INSERT INTO search_entry (rowid, words) {GATHERED}',
)
NAMES = (
    f"CREATE VIRTUAL TABLE person_entry USING fts5(words, {TOKENS}, prefix = '3')",
    """
    CREATE TRIGGER person_named AFTER INSERT ON person BEGIN
        INSERT INTO person_entry (rowid, words) VALUES (NEW.id, NEW.name);
    END
    """,
    """
    CREATE TRIGGER person_renamed AFTER UPDATE OF name ON person BEGIN
        UPDATE person_entry SET words = NEW.name WHERE rowid = NEW.id;
    END
    """,
    'CREATE TRIGGER person_forgotten AFTER DELETE ON person BEGIN DELETE FROM person_entry WHERE rowid = OLD.id; END',
    'INSERT INTO person_entry (rowid, words) SELECT id, name FROM person',
)


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == 'postgresql':
        beginnings = 'CREATE INDEX ix_address_beginnings ON address (kind, value text_pattern_ops)'
        for statement in (_words('dutch', 'french', 'german', 'english'), *AGAIN, beginnings):
            bind.exec_driver_sql(statement)
        return
    bind.connection.create_function('contact_hub_stems', 1, stems_of_text, deterministic=True)
    for statement in (*DROPPED, *STEMMED, *NAMES):
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == 'postgresql':
        for statement in (_words('dutch', 'french'), *AGAIN, 'DROP INDEX ix_address_beginnings'):
            bind.exec_driver_sql(statement)
        return
    names = ('TRIGGER person_named', 'TRIGGER person_renamed', 'TRIGGER person_forgotten', 'TABLE person_entry')
    for statement in (*(f'DROP {name}' for name in names), *DROPPED, *UNSTEMMED):
        bind.exec_driver_sql(statement)


def _words(*languages: str) -> str:
    return WORDS.format(languages=' '.join(f"|| to_tsvector('{language}'::regconfig, folded)" for language in languages))
