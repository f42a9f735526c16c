"""what somebody typed and did not send yet"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'unsent',
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('form', sa.String(20), nullable=False),
        sa.Column('typed', sa.JSON(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name='fk_unsent_agent_id_agent'),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_unsent_ticket_id_ticket'),
        sa.PrimaryKeyConstraint('agent_id', 'ticket_id', 'form', name='pk_unsent'),
    )
    op.create_index('ix_unsent_changed_at', 'unsent', ['changed_at'])


def downgrade() -> None:
    op.drop_table('unsent')
