"""an answer by chat is for one chat"""

from alembic import op

revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE message SET message_id = (
            SELECT 'to-' || keyed.message_id FROM message AS said JOIN message AS keyed ON keyed.contact_id = said.contact_id
            WHERE said.ticket_id = message.ticket_id AND said.channel = 'chat' AND said.kind = 'said'
                AND keyed.message_id LIKE 'chat:%' ORDER BY keyed.id LIMIT 1)
        WHERE kind = 'answer' AND channel = 'chat' AND message_id IS NULL
    """)


def downgrade() -> None:
    op.execute("UPDATE message SET message_id = NULL WHERE kind = 'answer' AND channel = 'chat'")
