"""Drawings on a still

Revision: 0010, after 0009
"""

import kicky.storage.tables
import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('drawing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('clip_id', sa.Integer(), nullable=False),
    sa.Column('frame', sa.Integer(), nullable=False),
    sa.Column('time_s', sa.Float(), nullable=False),
    sa.Column('shapes', sa.JSON(), nullable=False),
    sa.Column('made_at', kicky.storage.tables.Utc(), nullable=False),
    sa.ForeignKeyConstraint(['clip_id'], ['clip.id'], name=op.f('fk_drawing_clip_id_clip'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drawing')),
    sa.UniqueConstraint('clip_id', 'frame', name=op.f('uq_drawing_clip_id'))
    )


def downgrade():
    op.drop_table('drawing')
