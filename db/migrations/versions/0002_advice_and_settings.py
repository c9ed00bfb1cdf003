"""Advice of coaches, and settings

Revision: 0002, after 0001
"""

import kicky.storage.tables
import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('setting',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('value', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_setting'))
    )
    op.create_table('advice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shot_id', sa.Integer(), nullable=True),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('player', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('coach', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('model', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('prompt_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('passages', sa.JSON(), nullable=False),
    sa.Column('thumbs', sa.Integer(), nullable=True),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('made_at', kicky.storage.tables.Utc(), nullable=False),
    sa.CheckConstraint('(shot_id IS NULL) <> (session_id IS NULL)', name=op.f('ck_advice_about_one')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_advice_session_id_session'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shot_id'], ['shot.id'], name=op.f('fk_advice_shot_id_shot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advice'))
    )
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_advice_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_advice_shot_id'), ['shot_id'], unique=False)


def downgrade():
    with op.batch_alter_table('advice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_advice_shot_id'))
        batch_op.drop_index(batch_op.f('ix_advice_session_id'))

    op.drop_table('advice')
    op.drop_table('setting')
