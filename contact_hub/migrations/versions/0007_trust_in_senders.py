"""what the receiving server said about a sender"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('contact', sa.Column('trust', sa.JSON(), nullable=False, server_default='{}'))


def downgrade() -> None:
    op.drop_column('contact', 'trust')
