"""Report -> the shot in three dimensions, as plain JSON that a viewer draws: see docs/replay.md.

scene: all of it. phone: the one camera that everything is seen by. flown: the ball. swung: the shooter. around: goal,
pitch and everybody else. agreement: how far what is replayed lies from where the film has it.
gltf: the same for other programs.
"""

from .gltf import gltf
from .scene import VERSION, scene, stored

__all__ = ["VERSION", "gltf", "scene", "stored"]
