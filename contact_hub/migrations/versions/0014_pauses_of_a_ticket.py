"""tickets that wait for their citizen, or are put off"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column('ticket', sa.Column('waiting_since', MOMENT))
    op.add_column('ticket', sa.Column('snoozed_until', MOMENT))


def downgrade() -> None:
    op.drop_column('ticket', 'snoozed_until')
    op.drop_column('ticket', 'waiting_since')
