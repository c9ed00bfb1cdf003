"""How a body's joints hang together, as rows of `domain.BODY_JOINTS`: what every drawing of it needs to know."""

from __future__ import annotations

SHOULDERS, HIPS, HEAD = (0, 1), (2, 3), 14
LEGS = {"kicking": (2, 4, 6, 8), "standing": (3, 5, 7, 9)}
"""Side: hip, knee, ankle, toe."""
ARMS = {"kicking": (0, 10, 12), "standing": (1, 11, 13)}
"""Side: shoulder, elbow, wrist."""
TRUNK = (0, 1, 3, 2, 0)
BALL_RADIUS_M = 0.11
"""Its radius, Laws of the Game, law 2."""
