"""Shots whose every answer is known: the truth of them, and film of them that a phone might have taken."""

from .camera import VIEWS
from .film import draw_shots, synthesize, write
from .hard import sample_hard
from .launches import KINDS
from .paint import render
from .player import JOINTS
from .saturday import write_saturday
from .shot import SyntheticShot, sample
from .tracks import TrackCase, simulate_track

__all__ = [
    "JOINTS",
    "KINDS",
    "VIEWS",
    "SyntheticShot",
    "TrackCase",
    "draw_shots",
    "render",
    "sample",
    "sample_hard",
    "simulate_track",
    "synthesize",
    "write",
    "write_saturday",
]
