"""finds quickly what was put off"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

PUT_OFF = sa.text('snoozed_until IS NOT NULL')


def upgrade() -> None:
    op.create_index('ix_ticket_snoozed_until', 'ticket', ['snoozed_until'], postgresql_where=PUT_OFF, sqlite_where=PUT_OFF)


def downgrade() -> None:
    op.drop_index('ix_ticket_snoozed_until', 'ticket')
