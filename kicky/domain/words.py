"""The words an answer is given in."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Label(IntEnum):
    """What a detection is of; the class_id of every sv.Detections in this project."""

    BALL = 0
    PLAYER = 1
    GOAL = 2


BARE = "bare"
"""In a frame's metadata: the numbers of the places of rest that are seen empty."""


class Verdict(StrEnum):
    GOAL = "goal"
    NO_GOAL = "no_goal"
    UNSURE = "unsure"


class How(StrEnum):
    IN_NET = "in_net"
    OVER = "over"
    WIDE_LEFT = "wide_left"
    WIDE_RIGHT = "wide_right"
    POST = "post"
    SAVED = "saved"
    SHORT = "short"
    UNCLEAR = "unclear"


class Foot(StrEnum):
    LEFT = "left"
    RIGHT = "right"
    UNSURE = "unsure"
