"""how tickets stood before what can be undone"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'slip',
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('event', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_slip_ticket_id_ticket'),
        sa.PrimaryKeyConstraint('ticket_id', name='pk_slip'),
    )
    op.create_table(
        'joining',
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('messages', sa.JSON(), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.Column('home_before', sa.JSON(), nullable=False),
        sa.Column('home_event', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_joining_ticket_id_ticket'),
        sa.PrimaryKeyConstraint('ticket_id', name='pk_joining'),
    )


def downgrade() -> None:
    op.drop_table('joining')
    op.drop_table('slip')
