"""one address may stand for two persons: one known in the open and one in confidence"""

from collections.abc import Iterator
from contextlib import contextmanager
from warnings import catch_warnings

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


@contextmanager
def addresses() -> Iterator[BatchOperations]:
    """The table, to be changed: SQLite makes it anew, and is not to mind the triggers that read it meanwhile."""
    on_sqlite = op.get_bind().dialect.name == 'sqlite'
    if on_sqlite:
        op.execute('PRAGMA legacy_alter_table = ON')
    with catch_warnings(action='ignore', category=sa.exc.SAWarning), op.batch_alter_table('address') as address:
        yield address  # what is left out of the picture is an index of another table
    if on_sqlite:
        op.execute('PRAGMA legacy_alter_table = OFF')


def upgrade() -> None:
    with addresses() as address:
        address.add_column(sa.Column('apart', sa.Integer(), server_default='0', nullable=False))
        address.drop_constraint('uq_address_kind_value', type_='unique')
        address.create_unique_constraint('uq_address_kind_value_apart', ['kind', 'value', 'apart'])


def downgrade() -> None:
    op.execute('DELETE FROM address WHERE apart > (SELECT min(first.apart) FROM address AS first '
               'WHERE first.kind = address.kind AND first.value = address.value)')
    with addresses() as address:
        address.drop_constraint('uq_address_kind_value_apart', type_='unique')
        address.create_unique_constraint('uq_address_kind_value', ['kind', 'value'])
        address.drop_column('apart')
