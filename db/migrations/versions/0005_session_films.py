"""Films of whole sessions and the cuts made from them; a clip knows its place in its film

Revision: 0005, after 0004
"""

import kicky.storage.tables
import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'film',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('path', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('size_bytes', kicky.storage.tables.Whole, nullable=False),
        sa.Column('modified_ns', kicky.storage.tables.Whole, nullable=False),
        sa.Column('frames', sa.Integer(), nullable=False),
        sa.Column('duration_s', sa.Float(), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('browser_copy', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column('added_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_film_session_id_session'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_film')),
        sa.UniqueConstraint('path', name=op.f('uq_film_path')),
    )
    op.create_index(op.f('ix_film_session_id'), 'film', ['session_id'])
    op.create_table(
        'cut',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('film_id', sa.Integer(), nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('last', sa.Integer(), nullable=False),
        sa.Column('kick', sa.Integer(), nullable=True),
        sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column('by_hand', sa.Boolean(), nullable=False),
        sa.Column('thumb', sa.LargeBinary(), nullable=True),
        sa.Column('clip_id', sa.Integer(), nullable=True),
        sa.Column('made_at', sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(['film_id'], ['film.id'], name=op.f('fk_cut_film_id_film'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['clip_id'], ['clip.id'], name=op.f('fk_cut_clip_id_clip'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cut')),
    )
    op.create_index(op.f('ix_cut_film_id'), 'cut', ['film_id'])
    with op.batch_alter_table('clip', schema=None) as batch_op:
        batch_op.add_column(sa.Column('film', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('film_start_s', sa.Float(), nullable=True))


def downgrade():
    with op.batch_alter_table('clip', schema=None) as batch_op:
        batch_op.drop_column('film_start_s')
        batch_op.drop_column('film')
    op.drop_table('cut')
    op.drop_table('film')
