"""where a message belongs, and tickets split and put right"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

TO_ANOTHER_TICKET = ('perhaps_id', 'follows_id', 'split_from_id', 'joined_id')


def upgrade() -> None:
    for name in TO_ANOTHER_TICKET:
        other = sa.ForeignKey('ticket.id', name=f'fk_ticket_{name}_ticket')
        op.add_column('ticket', sa.Column(name, sa.Integer(), other, nullable=True), inline_references=True)
        op.create_index(f'ix_ticket_{name}', 'ticket', [name])
    op.add_column('ticket', sa.Column('answer_to', sa.Text(), nullable=False, server_default=''))
    op.add_column('ticket', sa.Column('undelivered', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        'answered',
        sa.Column('message_id', sa.Integer(), sa.ForeignKey('message.id', name='fk_answered_message_id_message'), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('message_id', 'key', name='pk_answered'),
    )
    op.create_index('ix_answered_key', 'answered', ['key'])


def downgrade() -> None:
    op.drop_index('ix_answered_key', 'answered')
    op.drop_table('answered')
    op.drop_column('ticket', 'undelivered')
    op.drop_column('ticket', 'answer_to')
    for name in reversed(TO_ANOTHER_TICKET):
        op.drop_index(f'ix_ticket_{name}', 'ticket')
        op.drop_column('ticket', name)
