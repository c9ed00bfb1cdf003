"""How sure a shot is of its ball and its kick

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('shot') as shot:
        shot.add_column(sa.Column('ball_sure', sa.Float(), nullable=True))


def downgrade():
    with op.batch_alter_table('shot') as shot:
        shot.drop_column('ball_sure')
