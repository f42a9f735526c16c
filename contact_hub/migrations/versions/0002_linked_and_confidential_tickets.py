"""tickets that are confidential by a rule, and second tickets linked to the first"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('ticket', sa.Column('confidential', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(
        'ticket',
        sa.Column('linked_to_id', sa.Integer(), sa.ForeignKey('ticket.id', name='fk_ticket_linked_to_id_ticket'), nullable=True),
        inline_references=True,
    )
    op.create_index('ix_ticket_linked_to_id', 'ticket', ['linked_to_id'])


def downgrade() -> None:
    op.drop_index('ix_ticket_linked_to_id', 'ticket')
    op.drop_column('ticket', 'linked_to_id')
    op.drop_column('ticket', 'confidential')
