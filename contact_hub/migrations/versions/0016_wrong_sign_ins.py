"""wrong passwords, to lock an address out for a while"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'wrong_sign_in',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('address_hash', sa.String(64), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='pk_wrong_sign_in'),
    )
    op.create_index('ix_wrong_sign_in_address_hash', 'wrong_sign_in', ['address_hash'])
    op.create_index('ix_wrong_sign_in_at', 'wrong_sign_in', ['at'])


def downgrade() -> None:
    op.drop_table('wrong_sign_in')
