"""who of a team saw that it was called in, and persons of one name who are two"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'mention_seen',
        sa.Column('mention_id', sa.Integer(), nullable=False),
        sa.Column('agent_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['mention_id'], ['mention.id'], name='fk_mention_seen_mention_id_mention'),
        sa.ForeignKeyConstraint(['agent_id'], ['agent.id'], name='fk_mention_seen_agent_id_agent'),
        sa.PrimaryKeyConstraint('mention_id', 'agent_id', name='pk_mention_seen'),
    )
    op.create_table(
        'person_apart',
        sa.Column('one_id', sa.Integer(), nullable=False),
        sa.Column('other_id', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['one_id'], ['person.id'], name='fk_person_apart_one_id_person'),
        sa.ForeignKeyConstraint(['other_id'], ['person.id'], name='fk_person_apart_other_id_person'),
        sa.ForeignKeyConstraint(['by_id'], ['agent.id'], name='fk_person_apart_by_id_agent'),
        sa.PrimaryKeyConstraint('one_id', 'other_id', name='pk_person_apart'),
    )
    op.create_index('ix_person_apart_other_id', 'person_apart', ['other_id'])


def downgrade() -> None:
    op.drop_table('person_apart')
    op.drop_table('mention_seen')
