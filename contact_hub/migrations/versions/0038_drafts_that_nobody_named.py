"""drafts of the rules that nobody gave a name have none: each reader gets one in their own language"""

from alembic import op

revision = '0038'
down_revision = '0037'
branch_labels = None
depends_on = None

# What the hub called them by itself, in the language of whoever began them.
CALLED = (
    *('Draft of ', 'Ontwerp van ', 'Brouillon de ', 'Entwurf von '),
    *('Queues and hours, by ', 'Wachtrijen en uren, door ', 'Files et horaires, par ', 'Warteschlangen und Zeiten, von '),
)


def upgrade() -> None:
    for words in CALLED:
        op.execute(f"UPDATE draft SET name = '' WHERE name = substr('{words}' || author, 1, 120)")


def downgrade() -> None:
    op.execute("UPDATE draft SET name = substr('Draft of ' || author, 1, 120) WHERE name = ''")
