"""The key of the coach's server leaves the database for a file that no backup holds

Revision: 0008, after 0007
"""

from alembic import op

from kicky.storage.keys import take_out


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    take_out(op.get_bind())


def downgrade():
    pass
