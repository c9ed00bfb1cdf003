"""Runs of evaluations

Revision: 0006, after 0005
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'run',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('label_set', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('detector', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('downstream', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('made_with', sa.JSON(), nullable=False),
        sa.Column('tuned', sa.JSON(), nullable=False),
        sa.Column('scores', sa.JSON(), nullable=False),
        sa.Column('truth_key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('document', sa.LargeBinary(), nullable=False),
        sa.Column('made_at', sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_run')),
        sa.UniqueConstraint('key', name=op.f('uq_run_key')),
    )
    op.create_index(op.f('ix_run_label_set'), 'run', ['label_set'])


def downgrade():
    op.drop_table('run')
