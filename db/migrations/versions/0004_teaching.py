"""Teaching: work that is about no one clip

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.alter_column('clip_id', existing_type=sa.INTEGER(), nullable=True)


def downgrade():
    op.execute("DELETE FROM job WHERE clip_id IS NULL")
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.alter_column('clip_id', existing_type=sa.INTEGER(), nullable=False)
