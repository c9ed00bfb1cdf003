"""Shot, the pictures kept on the way -> the same with its keeper found and everybody described."""

from __future__ import annotations

from dataclasses import replace

from ..domain import Shot
from . import bodies, describing, standing
from .gallery import Gallery


def look(shot: Shot, gallery: Gallery) -> Shot:
    """Shot with its pose, what was kept of the frames around its kick -> with its keeper and how each player looks."""
    shot, pose = standing.keeper(shot, gallery.goal)
    shot = bodies.only_bodies(shot, gallery.pictures(shot))
    return replace(shot, looks=describing.described(shot, gallery.pictures(shot), pose))
