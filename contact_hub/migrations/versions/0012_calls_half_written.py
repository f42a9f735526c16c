"""calls and visits half written down, how long they took, and call-backs"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'logged_call',
        sa.Column('contact_id', sa.Integer(), nullable=False),
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name='fk_logged_call_contact_id_contact'),
        sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name='fk_logged_call_agent_id_agent'),
        sa.PrimaryKeyConstraint('contact_id', name='pk_logged_call'),
    )
    op.create_table(
        'call_back',
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('opens_at', MOMENT, nullable=False),
        sa.Column('closes_at', MOMENT, nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('not_number', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_call_back_ticket_id_ticket'),
        sa.PrimaryKeyConstraint('ticket_id', name='pk_call_back'),
    )
    op.create_table(
        'half_written_call',
        sa.Column('id', sa.String(64), nullable=False),
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('typed', sa.JSON(), nullable=False),
        sa.Column('began_at', MOMENT, nullable=False),
        sa.Column('changed_at', MOMENT, nullable=False),
        sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name='fk_half_written_call_agent_id_agent'),
        sa.PrimaryKeyConstraint('id', name='pk_half_written_call'),
    )
    op.create_index('ix_half_written_call_agent_id', 'half_written_call', ['agent_id'])


def downgrade() -> None:
    op.drop_table('half_written_call')
    op.drop_table('call_back')
    op.drop_table('logged_call')
