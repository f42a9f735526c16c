"""Runs the migrations against the address that `contact_hub.database.migrate` was given."""

from alembic import context
from sqlalchemy import text

from contact_hub import tables
from contact_hub.database import engine_for

ONE_AT_A_TIME = 727_001  # the advisory lock by which processes that start together migrate once

engine = engine_for(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=tables.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        context.run_migrations()
    connection.commit()
engine.dispose()
