"""what the receiving server said about a sender, and how templates of form mails fit"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('contact', sa.Column('trust', sa.JSON(), nullable=False, server_default='{}'))
    op.create_table(
        'form_mail_tally',
        sa.Column('template', sa.String(40), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('read', sa.Integer(), nullable=False),
        sa.Column('misfit', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('template', 'day', name='pk_form_mail_tally'),
    )


def downgrade() -> None:
    op.drop_table('form_mail_tally')
    op.drop_column('contact', 'trust')
