"""the latest hand-overs of one person, read from their index alone"""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = '0036'
branch_labels = None
depends_on = None

HANDED_OVER = sa.text("why = 'handed_over'")


def upgrade() -> None:
    _replace('ix_segment_by_id', 'ix_segment_by_id_id_ticket_id', ['by_id', 'id', 'ticket_id'])


def downgrade() -> None:
    _replace('ix_segment_by_id_id_ticket_id', 'ix_segment_by_id', ['by_id'])


def _replace(old: str, new: str, columns: list[str]) -> None:
    op.create_index(new, 'segment', columns, postgresql_where=HANDED_OVER, sqlite_where=HANDED_OVER)
    op.drop_index(old, 'segment')
