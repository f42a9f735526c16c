"""where people are signed in, links to choose a password, second factors, and accounts at a provider"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def of_agent(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name=f'fk_{table}_agent_id_agent')


def upgrade() -> None:
    op.create_table(
        'agent_session',
        sa.Column('token_hash', sa.String(64), nullable=False),
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('began_at', MOMENT, nullable=False),
        sa.Column('seen_at', MOMENT, nullable=False),
        sa.Column('device', sa.String(80), nullable=False),
        of_agent('agent_session'),
        sa.PrimaryKeyConstraint('token_hash', name='pk_agent_session'),
    )
    op.create_index('ix_agent_session_agent_id', 'agent_session', ['agent_id'])
    op.create_table(
        'sign_in_link',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('purpose', sa.String(8), nullable=False),
        sa.Column('made_at', MOMENT, nullable=False),
        sa.Column('sent_at', MOMENT),
        sa.Column('used_at', MOMENT),
        of_agent('sign_in_link'),
        sa.PrimaryKeyConstraint('id', name='pk_sign_in_link'),
    )
    op.create_index('ix_sign_in_link_agent_id', 'sign_in_link', ['agent_id'])
    op.create_index('ix_sign_in_link_sent_at', 'sign_in_link', ['sent_at'])
    op.create_table(
        'second_factor',
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('secret', sa.Text(), nullable=False),
        sa.Column('last_step', sa.Integer(), nullable=False),
        sa.Column('confirmed_at', MOMENT),
        of_agent('second_factor'),
        sa.PrimaryKeyConstraint('agent_id', name='pk_second_factor'),
    )
    op.create_table(
        'recovery_code',
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('code_hash', sa.String(64), nullable=False),
        of_agent('recovery_code'),
        sa.PrimaryKeyConstraint('agent_id', 'code_hash', name='pk_recovery_code'),
    )
    op.create_table(
        'external_identity',
        sa.Column('issuer', sa.String(255), nullable=False),
        sa.Column('subject', sa.String(255), nullable=False),
        sa.Column('agent_id', sa.Integer(), nullable=False),
        of_agent('external_identity'),
        sa.PrimaryKeyConstraint('issuer', 'subject', name='pk_external_identity'),
    )
    op.create_index('ix_external_identity_agent_id', 'external_identity', ['agent_id'])


def downgrade() -> None:
    for table in ('external_identity', 'recovery_code', 'second_factor', 'sign_in_link', 'agent_session'):
        op.drop_table(table)
