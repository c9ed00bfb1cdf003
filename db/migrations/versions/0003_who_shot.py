"""Who shot: how the players look, who named them, and who they were said not to be

Revision: 0003, after 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('appearance',
    sa.Column('shot_id', sa.Integer(), nullable=False),
    sa.Column('label', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('vector', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['shot_id'], ['shot.id'], name=op.f('fk_appearance_shot_id_shot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('shot_id', 'label', name=op.f('pk_appearance'))
    )
    op.create_table('denial',
    sa.Column('shot_id', sa.Integer(), nullable=False),
    sa.Column('player_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['player_id'], ['player.id'], name=op.f('fk_denial_player_id_player'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['shot_id'], ['shot.id'], name=op.f('fk_denial_shot_id_shot'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('shot_id', 'player_id', name=op.f('pk_denial'))
    )
    with op.batch_alter_table('shot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shooter_why_not', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('player_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        batch_op.add_column(sa.Column('player_p', sa.Float(), nullable=True))
    # Until now every name was given by hand.
    op.execute("UPDATE shot SET player_by = 'hand' WHERE player_id IS NOT NULL")


def downgrade():
    with op.batch_alter_table('shot', schema=None) as batch_op:
        batch_op.drop_column('player_p')
        batch_op.drop_column('player_by')
        batch_op.drop_column('shooter_why_not')
    op.drop_table('denial')
    op.drop_table('appearance')
