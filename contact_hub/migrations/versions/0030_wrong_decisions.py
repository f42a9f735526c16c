"""decisions of the rules that somebody found wrong"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'wrong_decision',
        sa.Column('ticket_id', sa.Integer(), nullable=False),
        sa.Column('rule', sa.String(128), nullable=False),
        sa.Column('edition_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['ticket_id'], ['ticket.id'], name='fk_wrong_decision_ticket_id_ticket'),
        sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name='fk_wrong_decision_edition_id_edition'),
        sa.ForeignKeyConstraint(['by_id'], ['agent.id'], name='fk_wrong_decision_by_id_agent'),
        sa.PrimaryKeyConstraint('ticket_id', 'rule', name='pk_wrong_decision'),
    )
    op.create_index('ix_wrong_decision_rule_edition_id', 'wrong_decision', ['rule', 'edition_id'])


def downgrade() -> None:
    op.drop_table('wrong_decision')
