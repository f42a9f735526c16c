"""what is needed to sign out at the provider too"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('agent_session', sa.Column('id_token', sa.Text(), nullable=False, server_default=''))


def downgrade() -> None:
    op.drop_column('agent_session', 'id_token')
