"""Nothing, or a film -> a picture to try a model on, and what a coach is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import synthetic, video
from ..coaches.brief import shot_brief
from ..coaches.pictures import cropped
from ..domain import Brief, Foot, How, Label, Measure, Verdict
from ..synthetic.paint import Painter
from ..video import Image

SEED, VIEW, AFTER = 8, "diagonal", 6
"""Of a drawn goal: a shooter, a bystander at the edge, and the ball on its way, so many frames after contact."""
SIZE = (1920, 1080)
SHOWN = {Label.BALL: 1, Label.PLAYER: 2, Label.GOAL: 1}
STRIKE = (-AFTER, 0, AFTER)
UNJUDGED = "Nobody has judged this film."
OFF = 0.05  # of the speed that is told, either way: a number without an interval is none


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture, what is in it where that is known, and what a coach is shown and told."""

    image: Image
    shown: Mapping[Label, int] | None
    strike: tuple[Image, ...]
    brief: Brief


def drawn() -> Sight:
    """-> a drawn shot just after contact; the strike before, at and after it."""
    shot = synthetic.sample(SEED, view=VIEW, kind="goal", night=False, size_wh=SIZE)
    painter, contact = Painter(shot), shot.contact_frame or 0
    pictures = {frame: painter.frame(contact + frame) for frame in STRIKE}
    joints = np.concatenate([shot.joints_px[contact + frame] for frame in STRIKE])
    box = (*joints.min(axis=0).tolist(), *joints.max(axis=0).tolist())
    speed = (shot.speed_kmh or 0.0) / 3.6
    facts = [Measure("speed", "m/s", speed, speed * (1 - OFF), speed * (1 + OFF))]
    foot = Foot(shot.foot) if shot.foot else Foot.UNSURE
    assert shot.outcome is not None
    assert shot.how is not None
    return Sight(
        pictures[AFTER], SHOWN, tuple(cropped(each, box) for each in pictures.values()),
        shot_brief(shot.outcome, shot.how, foot, facts),
    )  # fmt: skip


def filmed(film: Path) -> Sight:
    """Film -> the picture in its middle. Raises: UnreadableClip, UnfitClip."""
    clip = video.open_clip(film)
    image = video.still(clip, len(clip.time_s) // 2)
    untold = shot_brief(Verdict.UNSURE, How.UNCLEAR, Foot.UNSURE, [], why=UNJUDGED)
    return Sight(image, None, (cropped(image, None),), untold)
