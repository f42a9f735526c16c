"""the questions to one person or team, found without looking at the notes that only name them"""

import sqlalchemy as sa
from alembic import op

revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None

WHOM = ('agent_id', 'queue_id')


def upgrade() -> None:
    for whom in WHOM:
        asks = {'postgresql_where': sa.text('asks'), 'sqlite_where': sa.text('asks = 1')}
        op.create_index(f'ix_mention_{whom}_ticket_id', 'mention', [whom, 'ticket_id'], **asks)


def downgrade() -> None:
    for whom in WHOM:
        op.drop_index(f'ix_mention_{whom}_ticket_id', 'mention')
