"""lists that somebody saved, and what was done with several tickets at once"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'saved_view',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(60), nullable=False),
        sa.Column('address', sa.JSON(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('shared', sa.String(8), nullable=False),
        sa.Column('queue_id', sa.String(64)),
        sa.Column('created_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['agent.id'], name='fk_saved_view_by_id_agent'),
        sa.ForeignKeyConstraint(['queue_id'], ['queue.id'], name='fk_saved_view_queue_id_queue'),
        sa.PrimaryKeyConstraint('id', name='pk_saved_view'),
    )
    op.create_index('ix_saved_view_by_id', 'saved_view', ['by_id'])
    op.create_index('ix_saved_view_queue_id', 'saved_view', ['queue_id'])
    op.create_table(
        'bulk',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('verb', sa.String(16), nullable=False),
        sa.Column('asked', sa.JSON(), nullable=False),
        sa.Column('began_at', MOMENT, nullable=False),
        sa.Column('ended_at', MOMENT),
        sa.Column('undoing_since', MOMENT),
        sa.ForeignKeyConstraint(['by_id'], ['agent.id'], name='fk_bulk_by_id_agent'),
        sa.PrimaryKeyConstraint('id', name='pk_bulk'),
    )
    op.create_index('ix_bulk_ended_at', 'bulk', ['ended_at'])
    op.create_table(
        'bulk_item',
        sa.Column('bulk_id', sa.Integer(), nullable=False),
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(8), nullable=False),
        sa.Column('why', sa.String(32), server_default='', nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.Column('last_event', sa.Integer(), server_default='0', nullable=False),
        sa.ForeignKeyConstraint(['bulk_id'], ['bulk.id'], name='fk_bulk_item_bulk_id_bulk'),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_bulk_item_ticket_id_ticket'),
        sa.PrimaryKeyConstraint('bulk_id', 'ticket_id', name='pk_bulk_item'),
    )


def downgrade() -> None:
    for table in ('bulk_item', 'bulk', 'saved_view'):
        op.drop_table(table)
