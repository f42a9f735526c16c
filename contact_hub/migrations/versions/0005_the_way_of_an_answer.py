"""how answers leave, by which account, and what became of them"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

NEW = (
    ('account', sa.String(64), ''),
    ('sender', sa.Text(), ''),
    ('reply_to', sa.Text(), ''),
    ('language', sa.String(8), ''),
)


def upgrade() -> None:
    for name, kind, default in NEW:
        op.add_column('outbox', sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column('outbox', sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_outbox_account_claimed_at', 'outbox', ['account', 'claimed_at'])


def downgrade() -> None:
    """What bounced was sent, as far as the shape before could tell."""
    op.execute("UPDATE outbox SET state = 'sent' WHERE state = 'bounced'")
    op.drop_index('ix_outbox_account_claimed_at', 'outbox')
    op.drop_column('outbox', 'claimed_at')
    for name, _, _ in reversed(NEW):
        op.drop_column('outbox', name)
