"""The shots of one session -> one camera for all of them: what each shot tells of the ground and the lens, together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..camera import LOG_FOCAL, Z, from_aim, to_aim
from ..domain import Camera, Floats, Scene, Shot
from ..errors import BadScene
from .anchors import Anchor, anchors, heights
from .calibrate import calibrate, gathered, refusal
from .evidence import OUTLIER, Evidence, clicked_px, from_goal_line
from .fit import Fit, floored, focal_from, height_from, other_side, search, stands_behind
from .solve import jacobian, least_squares

# How much too wide a ball is seen: by night blur adds up to 2 px, by day low contrast takes half a pixel away.
BIAS_PX, BIAS_SD_PX = 0.0, 1.0
BALL_SHARE = 0.03  # what then differs from shot to shot, as a share of the diameter
FRIENDS = 2  # the same few people stand there in every shot: together they say no more than this many
SAME_PX = 0.05  # corners alike but for this are the same clicks
MOVED_OR_ZOOMED = (
    "The goal is seen differently within this session: the phone was moved, or its zoom changed; make it two sessions."
)
MOVED = 5.0  # standard deviations of a click by which a moved phone changes the goal's shape


@dataclass(frozen=True, eq=False, slots=True)
class Bundle:
    """One camera for a session, and how much too wide its balls are seen; `before` is the camera of a single shot.

    Give `camera` to `calibrate` as the prior of each shot.
    """

    camera: Camera
    before: Camera
    ball_bias_px: float
    ball_bias_sd_px: float
    shots: int

    def gain(self) -> str:
        """-> what the session knows better than one shot, in words."""
        height = [math.sqrt(camera.covariance[Z, Z]) for camera in (self.before, self.camera)]
        focal = [100 * math.sqrt(camera.covariance[LOG_FOCAL, LOG_FOCAL]) for camera in (self.before, self.camera)]
        return (
            f"{self.shots} shots together: camera height ± {height[0]:.2f} → ± {height[1]:.2f} m, "
            f"focal length ± {focal[0]:.0f} → ± {focal[1]:.0f} %."
        )


@dataclass(frozen=True, eq=False, slots=True)
class Joint:
    """(k, 8) the camera as `to_aim` gives it and the ball's bias in px -> (k, m) standard deviations."""

    evidence: Evidence

    def __call__(self, unknowns: Floats) -> Floats:
        known, size = self.evidence, self.evidence.size_wh_px
        parameters, bias = from_aim(unknowns[:, :7], size), unknowns[:, 7]
        rows = [replace(known, things=())(parameters), (bias[:, None] - BIAS_PX) / BIAS_SD_PX]
        if known.things:
            rows.append(heights(parameters, known.things, size, bias)[0] / known.float_m * known.weight)
            rows.append(from_goal_line(parameters, known.things, known.scene.ball_m, size, bias))
        return np.concatenate(rows, axis=-1)

    def weighed_at(self, unknowns: Floats) -> Joint:
        """-> the same with each thing's standard deviation as seen from there, and what does not fit made light."""
        if not self.evidence.things:
            return self
        size = self.evidence.size_wh_px
        above, sigma = heights(from_aim(unknowns[:7], size), self.evidence.things, size, unknowns[7])
        return Joint(replace(self.evidence, float_m=sigma, weight=1 / (1 + (above / sigma / OUTLIER) ** 2)))


def bundle(
    shots: Sequence[Shot], verticals: Floats | None = None, *, picture_wh_px: tuple[int, int] | None = None
) -> Bundle:
    """Shots of one session, each with its own corners -> Bundle.

    `verticals` and `picture_wh_px` are as in `calibrate`, seen in the first shot. Where the picture sags from shot
    to shot, each shot's corners say by how much. Raises: BadScene when no shot shows the goal, when the corners fit
    none, when the films differ in size or the phone was moved.
    """
    seen = [(shot.clip, shot.scene, anchors(shot)) for shot in shots if shot.scene is not None]
    if not seen:
        raise BadScene("No shot of this session shows the goal: click its corners in one of them.")
    if len({(clip.size_wh_px, scene.goal_size_m) for clip, scene, _ in seen}) > 1:
        raise BadScene("The films of this session differ in the picture's or the goal's size: make them two sessions.")
    clip, first, _ = seen[0]
    corners, sigma_px = _common([scene for _, scene, _ in seen], clicked_px(clip.size_wh_px))
    scene = replace(first, goal_corners_px=corners)
    things = [_shifted(thing, one, scene) for _, one, found in seen for thing in found]
    evidence, words = gathered(scene, clip, things, None, verticals, sigma_px, picture_wh_px)
    best = search(evidence)[0]
    why_not = refusal(best)
    if why_not:
        raise BadScene(why_not)
    camera, bias_px, bias_sd_px = _refined(replace(best, evidence=replace(evidence, things=_shared(things))), words)
    alone = (calibrate(one, film, own, None, verticals, picture_wh_px=picture_wh_px).camera for film, one, own in seen)
    before = next((single for single in alone if single is not None), camera)
    return Bundle(camera, before, bias_px, bias_sd_px, len(seen))


def _refined(fit: Fit, lens_words: str) -> tuple[Camera, float, float]:
    """Fit of all shots' things -> the session's camera, the balls' bias in px, its standard deviation."""
    size = fit.evidence.size_wh_px
    joint, at = Joint(fit.evidence), np.append(to_aim(fit.parameters, size), BIAS_PX)
    for _ in range(3):
        joint = joint.weighed_at(at)
        at, cost = least_squares(joint, at)
    slope = jacobian(joint, at)
    spread = np.linalg.inv(slope.T @ slope) * max(1.0, cost / (len(slope) - 8))
    turn = jacobian(lambda aims: from_aim(aims, size), at[:7])
    parameters = from_aim(at[:7], size)
    covariance = floored(np.asarray(turn @ spread[:7, :7] @ turn.T), size, math.exp(parameters[LOG_FOCAL]))
    best = Fit(joint.evidence, parameters, cost)
    words = height_from(best), focal_from(best, covariance, lens_words)
    if stands_behind(best):
        parameters, covariance = other_side(parameters, covariance)
    camera = Camera(parameters, covariance, size, best.residual_px(), *words)
    return camera, float(at[7]), math.sqrt(spread[7, 7])


def _common(scenes: Sequence[Scene], click_px: float) -> tuple[Floats, float]:
    """Scenes -> the corners they agree on where the first has them, how well those are known."""
    first = scenes[0].goal_corners_px
    shapes = [scene.goal_corners_px - scene.goal_corners_px.mean(axis=0) for scene in scenes]
    clicks: list[Floats] = []
    for shape in shapes:
        if all(np.abs(shape - other).max() > SAME_PX for other in clicks):
            clicks.append(shape)
    middle = np.median(clicks, axis=0)
    if any(np.abs(shape - middle).max() > MOVED * click_px for shape in clicks):
        raise BadScene(MOVED_OR_ZOOMED)
    return first.mean(axis=0) + np.mean(clicks, axis=0), click_px / math.sqrt(len(clicks))


def _shifted(thing: Anchor, own: Scene, common: Scene) -> Anchor:
    """A thing on the ground of one shot -> where it would be seen in the first."""
    drift = common.goal_corners_px.mean(axis=0) - own.goal_corners_px.mean(axis=0)
    return replace(thing, at_px=thing.at_px + drift)


def _shared(things: Sequence[Anchor]) -> list[Anchor]:
    """Things of all shots -> the same without what they share: the balls' bias, and that people are the same few."""
    people = sum(thing.kind == "person" for thing in things)
    together = math.sqrt(max(1.0, people / FRIENDS))
    return [replace(thing, share=BALL_SHARE if thing.kind == "ball" else thing.share * together) for thing in things]
