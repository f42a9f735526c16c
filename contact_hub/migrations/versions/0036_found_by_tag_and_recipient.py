"""tickets by their tags, and by whom a mail was sent to, each found by an index on PostgreSQL"""

from alembic import op

revision = '0036'
down_revision = '0035'
branch_labels = None
depends_on = None

# Of the elements of an array the database keeps how common each is, and so knows when the index is the shorter way.
TEXTS = """
CREATE FUNCTION contact_hub_texts(list json) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS
$$ BEGIN RETURN ARRAY(SELECT json_array_elements_text(list)); END $$
"""
INDEXES = {
    'ix_ticket_tags': 'ticket USING gin (contact_hub_texts(tags))',
    'ix_contact_recipients': "contact USING gin (to_tsvector('simple', coalesce(facts->>'recipients', '')))",
    'ix_outbox_beginnings': 'outbox (lower(recipient) text_pattern_ops)',
}


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(TEXTS)
        for name, on in INDEXES.items():
            op.execute(f'CREATE INDEX {name} ON {on}')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for name in INDEXES:
            op.execute(f'DROP INDEX {name}')
        op.execute('DROP FUNCTION contact_hub_texts(json)')
