"""texts that answers are made from"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'answer_template',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(80), nullable=False),
        sa.Column('queue_id', sa.String(64)),
        sa.Column('texts', sa.JSON(), nullable=False),
        sa.Column('retired', sa.Boolean(), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['queue_id'], ['queue.id'], name='fk_answer_template_queue_id_queue'),
        sa.ForeignKeyConstraint(['by_id'], ['agent.id'], name='fk_answer_template_by_id_agent'),
        sa.PrimaryKeyConstraint('id', name='pk_answer_template'),
    )


def downgrade() -> None:
    op.drop_table('answer_template')
