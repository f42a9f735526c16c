"""what administrators changed about people"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'administration',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(32), nullable=False),
        sa.Column('data', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['agent.id'], name='fk_administration_by_id_agent'),
        sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name='fk_administration_agent_id_agent'),
        sa.PrimaryKeyConstraint('id', name='pk_administration'),
    )
    op.create_index('ix_administration_agent_id', 'administration', ['agent_id'])


def downgrade() -> None:
    op.drop_table('administration')
