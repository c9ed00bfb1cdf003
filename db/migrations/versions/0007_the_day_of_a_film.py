"""The day on which a clip says it was filmed

Revision: 0007, after 0006
"""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('clip') as clip:
        clip.add_column(sa.Column('filmed_on', sa.Date(), nullable=True))


def downgrade():
    with op.batch_alter_table('clip') as clip:
        clip.drop_column('filmed_on')
