"""editions bound in a chain that no statement may change, and drafts of the next one"""

import hashlib

import sqlalchemy as sa
from alembic import op

import contact_hub.database
from contact_hub.chain import FIRST, link

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

NEVER = 'an edition is never changed and never deleted'

ON_SQLITE = (
    f"CREATE TRIGGER edition_unchanged BEFORE UPDATE ON edition BEGIN SELECT RAISE(ABORT, '{NEVER}'); END",
    f"CREATE TRIGGER edition_kept BEFORE DELETE ON edition BEGIN SELECT RAISE(ABORT, '{NEVER}'); END",
    # REPLACE would take the old row away without asking the trigger above
    "CREATE TRIGGER edition_not_replaced BEFORE INSERT ON edition "
    "WHEN EXISTS (SELECT 1 FROM edition WHERE id = NEW.id OR previous_hash = NEW.previous_hash) "
    "BEGIN SELECT RAISE(ABORT, 'another edition came before this one'); END",
)
ON_POSTGRESQL = (
    f"CREATE FUNCTION edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{NEVER}' "
    "USING ERRCODE = 'restrict_violation'; END $$",
    "CREATE TRIGGER edition_unchanged BEFORE UPDATE OR DELETE ON edition FOR EACH ROW EXECUTE FUNCTION edition_stays()",
    "CREATE TRIGGER edition_kept BEFORE TRUNCATE ON edition FOR EACH STATEMENT EXECUTE FUNCTION edition_stays()",
)


def upgrade() -> None:
    op.add_column('edition', sa.Column('previous_hash', sa.String(length=64), nullable=False, server_default=''))
    op.add_column('edition', sa.Column('hash', sa.String(length=64), nullable=False, server_default=''))
    op.add_column('edition', sa.Column('diff', sa.Text(), nullable=False, server_default=''))
    op.add_column('edition', sa.Column('changes', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('edition', sa.Column('tested', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('edition', sa.Column('replay', sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('rules_file', sa.Column('good_sha256', sa.String(length=64), nullable=False, server_default=''))
    op.create_table(
        'edition_compiled',
        sa.Column('edition_id', sa.Integer(), nullable=False),
        sa.Column('form', sa.String(length=64), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name='fk_edition_compiled_edition_id_edition'),
        sa.PrimaryKeyConstraint('edition_id', 'form', name='pk_edition_compiled'),
    )
    op.create_table(
        'draft',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', contact_hub.database.Words(), nullable=False),
        sa.Column('text', contact_hub.database.Words(), nullable=False),
        sa.Column('reason', contact_hub.database.Words(), nullable=False),
        sa.Column('based_on', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('author', sa.String(length=255), nullable=False),
        sa.Column('changed_by', sa.String(length=255), nullable=False),
        sa.Column('changed_at', contact_hub.database.UTCDateTime(timezone=True), nullable=False),
        sa.Column('closed_at', contact_hub.database.UTCDateTime(timezone=True), nullable=True),
        sa.Column('published_as', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['based_on'], ['edition.id'], name='fk_draft_based_on_edition'),
        sa.ForeignKeyConstraint(['published_as'], ['edition.id'], name='fk_draft_published_as_edition'),
        sa.PrimaryKeyConstraint('id', name='pk_draft'),
    )
    _bind_what_is_there()
    op.create_index('uq_edition_previous_hash', 'edition', ['previous_hash'], unique=True)
    for statement in ON_SQLITE if op.get_bind().dialect.name == 'sqlite' else ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        for name in ('edition_unchanged', 'edition_kept', 'edition_not_replaced'):
            op.execute(f'DROP TRIGGER {name}')
    else:
        op.execute('DROP FUNCTION edition_stays() CASCADE')
    op.drop_index('uq_edition_previous_hash', 'edition')
    op.drop_table('draft')
    op.drop_table('edition_compiled')
    op.drop_column('rules_file', 'good_sha256')
    for name in ('replay', 'tested', 'changes', 'diff', 'hash', 'previous_hash'):
        op.drop_column('edition', name)


def _bind_what_is_there() -> None:
    """The editions published so far become the beginning of the chain; a file without mistakes goes on leading."""
    connection = op.get_bind()
    edition = sa.table(
        'edition',
        *(sa.column(name) for name in ('id', 'text', 'author', 'reason', 'previous_hash', 'hash')),
        sa.column('published_at', contact_hub.database.UTCDateTime()),
    )
    previous = FIRST
    for row in connection.execute(sa.select(edition).order_by(edition.c.id)).all():
        said = {'text': row.text, 'author': row.author, 'reason': row.reason, 'published_at': row.published_at}
        own = link(previous, number=row.id, **said, tested={}, replay={})
        connection.execute(sa.update(edition).where(edition.c.id == row.id).values(previous_hash=previous, hash=own))
        previous = own
    file = sa.table('rules_file', *(sa.column(name) for name in ('id', 'text', 'good_sha256')), sa.column('mistakes', sa.JSON))
    for row in connection.execute(sa.select(file)).all():
        if not row.mistakes:
            good = hashlib.sha256(row.text.encode()).hexdigest()
            connection.execute(sa.update(file).where(file.c.id == row.id).values(good_sha256=good))
