"""Shots whose every answer is known: the truth of them, and film of them that a phone might have taken."""

from .camera import VIEWS
from .film import synthesize, write
from .launches import KINDS
from .paint import render
from .player import JOINTS
from .shot import SyntheticShot, sample

__all__ = ["JOINTS", "KINDS", "VIEWS", "SyntheticShot", "render", "sample", "synthesize", "write"]
