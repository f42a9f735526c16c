"""until when a hand-over has to be accepted"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('segment', sa.Column('accept_by', sa.DateTime(timezone=True)))
    op.create_index('ix_segment_accept_by', 'segment', ['accept_by'])


def downgrade() -> None:
    op.drop_index('ix_segment_accept_by', 'segment')
    op.drop_column('segment', 'accept_by')
