"""keys with which systems act for the people who made them"""

import sqlalchemy as sa
from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'api_key',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('key_hash', sa.String(64), nullable=False),
        sa.Column('begins', sa.String(16), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name='fk_api_key_agent_id_agent'),
        sa.PrimaryKeyConstraint('id', name='pk_api_key'),
        sa.UniqueConstraint('key_hash', name='uq_api_key_key_hash'),
    )
    op.create_index('ix_api_key_agent_id', 'api_key', ['agent_id'])


def downgrade() -> None:
    op.drop_table('api_key')
