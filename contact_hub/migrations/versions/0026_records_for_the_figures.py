"""what the figures need of the past: tiers, topics and promises as they were, pauses, and why a citizen got in touch"""

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
FILLED = (
    "UPDATE segment SET tier = (SELECT tier FROM queue WHERE queue.id = segment.queue_id)",
    "UPDATE segment SET accepted_by_id = agent_id WHERE accepted_at IS NOT NULL",
    "UPDATE cycle SET topic_id = (SELECT topic_id FROM ticket WHERE ticket.id = cycle.ticket_id)",
    "UPDATE cycle SET first_line = (SELECT first_line FROM topic WHERE topic.id = cycle.topic_id) WHERE topic_id <> ''",
    "UPDATE cycle SET due_at = (SELECT due_at FROM ticket WHERE ticket.id = cycle.ticket_id) WHERE reopened_at IS NULL",
    "UPDATE cycle SET why = 'reopened' WHERE number > 1",
    "UPDATE contact SET heard = CASE automatic WHEN '' THEN 'news' WHEN 'delay' THEN 'delay' ELSE 'machine' END",
    "UPDATE contact SET heard = 'opened' WHERE id IN (SELECT contact_id FROM decision)",
    "INSERT INTO pause (ticket_id, cycle, began_at) SELECT id,"
    " (SELECT max(number) FROM cycle WHERE cycle.ticket_id = ticket.id), waiting_since FROM ticket"
    " WHERE waiting_since IS NOT NULL",
)


def upgrade() -> None:
    op.add_column('segment', sa.Column('tier', sa.String(8), server_default='', nullable=False))
    _refer('segment', 'accepted_by_id', 'agent')
    op.add_column('cycle', sa.Column('why', sa.String(16), server_default='opened', nullable=False))
    op.add_column('cycle', sa.Column('due_at', MOMENT))
    op.add_column('cycle', sa.Column('topic_id', sa.String(64), server_default='', nullable=False))
    op.add_column('cycle', sa.Column('first_line', sa.Boolean()))
    op.add_column('contact', sa.Column('heard', sa.String(8), server_default='', nullable=False))
    op.add_column('contact', sa.Column('reason', sa.String(16), server_default='', nullable=False))
    _refer('contact', 'leg_of_id', 'contact')
    op.create_index('ix_contact_leg_of_id', 'contact', ['leg_of_id'])
    op.create_table(
        'pause',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('cycle', sa.Integer(), nullable=False),
        sa.Column('began_at', MOMENT, nullable=False),
        sa.Column('ended_at', MOMENT),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_pause_ticket_id_ticket'),
        sa.PrimaryKeyConstraint('id', name='pk_pause'),
    )
    op.create_index('ix_pause_ticket_id', 'pause', ['ticket_id'])
    for statement in FILLED:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table('pause')
    op.drop_index('ix_contact_leg_of_id', 'contact')
    for table, columns in (
        ('contact', ('leg_of_id', 'reason', 'heard')),
        ('cycle', ('first_line', 'topic_id', 'due_at', 'why')),
        ('segment', ('accepted_by_id', 'tier')),
    ):
        for column in columns:
            op.drop_column(table, column)


def _refer(table: str, column: str, to: str) -> None:
    key = sa.ForeignKey(f'{to}.id', name=f'fk_{table}_{column}_{to}')
    op.add_column(table, sa.Column(column, sa.Integer(), key), inline_references=True)
