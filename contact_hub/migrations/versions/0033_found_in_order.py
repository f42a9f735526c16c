"""what belongs to somebody and namesakes, each found by one index in the order it is wanted in"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_ticket_owner_id_status_queue_id_confidential_snoozed_until',
        'ticket',
        ['owner_id', 'status', 'queue_id', 'confidential', 'snoozed_until'],
    )
    op.drop_index('ix_ticket_owner_id_status', 'ticket')
    op.create_index('ix_person_namesakes', 'person', [sa.text('lower(name)'), 'id'])
    op.drop_index('ix_person_lower_name', 'person')


def downgrade() -> None:
    op.create_index('ix_person_lower_name', 'person', [sa.text('lower(name)')])
    op.drop_index('ix_person_namesakes', 'person')
    op.create_index('ix_ticket_owner_id_status', 'ticket', ['owner_id', 'status'])
    op.drop_index('ix_ticket_owner_id_status_queue_id_confidential_snoozed_until', 'ticket')
