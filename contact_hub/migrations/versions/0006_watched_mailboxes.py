"""how mailboxes sign in and how they are doing"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NEW = (
    ('mailbox', sa.Column('begins_uid', sa.BigInteger(), nullable=False, server_default='-1')),
    ('mailbox', sa.Column('behind_since', MOMENT, nullable=True)),
    ('mailbox', sa.Column('behind_then', sa.Integer(), nullable=False, server_default='0')),
    ('mailbox', sa.Column('trouble_since', MOMENT, nullable=True)),
    ('set_aside', sa.Column('tried_at', MOMENT, nullable=True)),
    ('set_aside', sa.Column('settled_by', sa.Text(), nullable=False, server_default='')),
    ('set_aside', sa.Column('settled_because', sa.Text(), nullable=False, server_default='')),
)


def upgrade() -> None:
    for table, column in NEW:
        op.add_column(table, column._copy())
    op.create_table(
        'mailbox_day',
        sa.Column('mailbox', sa.String(255), nullable=False),
        sa.Column('uid_validity', sa.BigInteger(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('read', sa.Integer(), nullable=False),
        sa.Column('hours', sa.JSON(), nullable=False),
        sa.Column('on_server', sa.Integer(), nullable=True),
        sa.Column('counted_at', MOMENT, nullable=True),
        sa.PrimaryKeyConstraint('mailbox', 'uid_validity', 'day', name='pk_mailbox_day'),
    )
    op.create_table(
        'oauth_grant',
        sa.Column('grant', sa.String(64), nullable=False),
        sa.Column('refresh_token', sa.Text(), nullable=False),
        sa.Column('given_at', MOMENT, nullable=False),
        sa.PrimaryKeyConstraint('grant', name='pk_oauth_grant'),
    )


def downgrade() -> None:
    op.drop_table('oauth_grant')
    op.drop_table('mailbox_day')
    for table, column in reversed(NEW):
        op.drop_column(table, column.name)
