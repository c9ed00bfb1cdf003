"""Alembic's way in. The program migrates by itself when it opens the database (kicky/storage/database.py).

To write a new step, from the project's root:
    .venv/bin/alembic -c db/alembic.ini revision --autogenerate --rev-id 0002 -m "what changed"
then set HEAD in kicky/storage/database.py.
"""

from alembic import context

from kicky.storage.engines import present
from kicky.storage.tables import Base


def migrate(connection):
    """Connection -> its tables of the version asked for, within the caller's transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with present().migrating() as own:
        migrate(own)
