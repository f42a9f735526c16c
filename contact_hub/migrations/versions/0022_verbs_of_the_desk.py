"""colleagues called in, tickets linked by hand, persons made one, and what is known of a person"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'mention',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('agent_id', sa.Integer()),
        sa.Column('queue_id', sa.String(64)),
        sa.Column('asks', sa.Boolean(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('done_at', MOMENT),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_mention_ticket_id_ticket'),
        sa.ForeignKeyConstraint(['message_id'], ['message.id'], name='fk_mention_message_id_message'),
        sa.ForeignKeyConstraint(['by_id'], ['agent.id'], name='fk_mention_by_id_agent'),
        sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name='fk_mention_agent_id_agent'),
        sa.ForeignKeyConstraint(['queue_id'], ['queue.id'], name='fk_mention_queue_id_queue'),
        sa.PrimaryKeyConstraint('id', name='pk_mention'),
    )
    for column in ('ticket_id', 'agent_id', 'queue_id'):
        op.create_index(f'ix_mention_{column}', 'mention', [column])
    op.create_table(
        'ticket_link',
        sa.Column('low_id', sa.Integer(), nullable=False),
        sa.Column('high_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['low_id'], ['ticket.id'], name='fk_ticket_link_low_id_ticket'),
        sa.ForeignKeyConstraint(['high_id'], ['ticket.id'], name='fk_ticket_link_high_id_ticket'),
        sa.PrimaryKeyConstraint('low_id', 'high_id', name='pk_ticket_link'),
    )
    op.create_index('ix_ticket_link_high_id', 'ticket_link', ['high_id'])
    op.create_table(
        'person_merge',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kept_id', sa.Integer(), nullable=False),
        sa.Column('gone_id', sa.Integer(), nullable=False),
        sa.Column('moved', sa.JSON(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', MOMENT, nullable=False),
        sa.Column('undone_at', MOMENT),
        sa.ForeignKeyConstraint(['kept_id'], ['person.id'], name='fk_person_merge_kept_id_person'),
        sa.ForeignKeyConstraint(['gone_id'], ['person.id'], name='fk_person_merge_gone_id_person'),
        sa.ForeignKeyConstraint(['by_id'], ['agent.id'], name='fk_person_merge_by_id_agent'),
        sa.PrimaryKeyConstraint('id', name='pk_person_merge'),
    )
    op.create_index('ix_person_merge_kept_id', 'person_merge', ['kept_id'])
    op.add_column('person', sa.Column('language', sa.String(8), server_default='', nullable=False))
    op.add_column('person', sa.Column('door', sa.String(16), server_default='', nullable=False))
    op.create_index('ix_person_lower_name', 'person', [sa.text('lower(name)')])
    op.add_column('ticket', sa.Column('on_behalf_of', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    op.drop_column('ticket', 'on_behalf_of')
    op.drop_index('ix_person_lower_name', 'person')
    op.drop_column('person', 'door')
    op.drop_column('person', 'language')
    for table in ('person_merge', 'ticket_link', 'mention'):
        op.drop_table(table)
