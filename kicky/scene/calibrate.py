"""Goal in the picture, what is known of the lens, things on the ground -> the camera, and how surely.

The unknowns are those of `domain.Camera`. Four corners give eight equations, but a goal seen from the front
hardly tells focal length from distance, nor how the ground lies; the lens's prior and what stands on the ground
decide those. The covariance carries what stays open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..camera import Y, Z
from ..domain import Camera, Clip, Floats, Scene
from ..errors import BadScene
from . import from_corners, lens
from .anchors import Anchor, anchors, places_m
from .evidence import Evidence, clicked_px, from_goal_line, goal_corners_m, places_told, with_told
from .fit import Fit, focal_from, from_the_front, height_from, other_side, search, spread_about, stands_behind
from .vertical import vertical_vanishing_point

__all__ = ["Anchor", "anchors", "calibrate", "goal_corners_m"]

NO_GOAL, NO_PRIOR, NO_GROUND = 3.0, 3.5, 6.0  # standard deviations beyond which there is no camera

GIVEN_UP = {
    "distance": "You said the ball lay {said} from the goal line; goal and ball say about {seen}: left out.",
    "ball": "The ball that lies there does not fit the goal, so the camera was worked out without it.",
    "person": "Neither the ball nor the people fit the goal, so the camera was worked out without them.",
    "lens": "The goal does not fit the lens that the film names, so the camera was worked out from the goal alone.",
    "marks": "The lines or the spot that were clicked do not fit the goal, so the camera was worked out without them.",
}

NO_FIT = (
    "The four corners fit no goal of {} × {} m that stands upright: correct its size, or click the inner corners "
    "again, where the posts meet bar and ground."
)
NO_HEIGHT = (
    "The goal is seen from about {} m above the ground, not from {} m: correct the height you gave, or leave it out."
)
NO_DISTANCE = (
    "The ball cannot have lain {} m from the goal line, as was said: correct that, the goal's size or its corners."
)
NO_MARKS = "The lines or the spot that were clicked do not fit the goal: click them again, or the goal's corners."
NO_BALL = (
    "The corners put the lying ball far {} the ground: correct the goal's size or the camera's height, or click the "
    "corners again; a goal that leans cannot be used."
)


def outlook(picture: NDArray[np.uint8]) -> tuple[Floats | None, tuple[int, int]]:
    """Picture -> edges that are plumb in the world (None: too few agree), and its size without black bars.

    `calibrate` takes them as `verticals` and `picture_wh_px`.
    """
    plumb = vertical_vanishing_point(picture)
    return (plumb.lines_px if plumb else None), lens.without_bars(picture)


def calibrate(
    scene: Scene,
    clip: Clip,
    anchors: Sequence[Anchor],
    prior: Camera | None = None,
    verticals: Floats | None = None,
    *,
    sigma_px: float | None = None,
    picture_wh_px: tuple[int, int] | None = None,
) -> Scene:
    """Scene, its film, things on the ground -> Scene with its camera, or with the reason why there is none.

    `prior` is the session's camera, `verticals` (n, 2, 2) segments in the picture that are plumb in the world.
    `sigma_px` is how well the corners are known (None: as clicked), `picture_wh_px` the picture without black bars.
    The corners look alike from both sides of the goal: the ball and the people tell which it is, and without
    them it is the shooter's.
    """
    try:
        from_corners(scene.goal_corners_px, scene.goal_size_m, any_order=False)
    except BadScene as error:
        return replace(scene, camera=None, camera_why_not=str(error))
    things = with_told(anchors, scene.ball_m)
    evidence, lens_words = gathered(scene, clip, things, prior, verticals, sigma_px, picture_wh_px)
    scene = replace(scene, guess_px=_guessed(scene, clip, evidence, lens_words, prior))
    found, given_up = _found(evidence)
    if why_not := refusal(found[0]):
        if scene.camera_height_m is not None:
            free = search(replace(evidence, scene=replace(scene, camera_height_m=None)))[0]
            if not refusal(free):
                why_not = NO_HEIGHT.format(f"{free.parameters[Z]:.1f}", f"{scene.camera_height_m:g}")
        return replace(scene, camera=None, camera_why_not=why_not, given_up="")
    if prior is not None:
        return replace(scene, camera=_inherited(found[0], prior), camera_why_not="", given_up=given_up)
    camera = _camera(found, lens_words)
    return replace(scene, camera=camera, camera_why_not="", given_up=given_up)


def _guessed(scene: Scene, clip: Clip, evidence: Evidence, words: str, session: Camera | None) -> float | None:
    """-> the focal length in px that is a guess, None where it was told; with a session's camera, the shot's own."""
    if session is None:
        return evidence.focal[0] if words == lens.A_GUESS else None
    told = scene.lens is not None or scene.focal_px is not None or clip.lens_mm is not None
    return None if told else scene.guess_px


def _found(evidence: Evidence) -> tuple[list[Fit], str]:
    """Evidence -> the cameras that explain it, best first, and in words what had to be given up for it, "" for nothing.

    Where all of it contradicts itself, what is least sure gives way: the ball, then the people, then the lens. The
    pitch's marks do where the rest is explained better without them. The corners that a person clicked come last.
    Where nothing helps, all of it is kept, and its refusal.
    """
    found = search(evidence)
    if not refusal(found[0]):
        return found, ""
    bare = replace(evidence, scene=replace(evidence.scene, marks=()))
    tried = [_given_up(evidence)]
    if evidence.scene.marks:
        fits = search(bare)
        tried.append((fits, GIVEN_UP["marks"]) if not refusal(fits[0]) else _given_up(bare))
    helps = [(fits, words) for fits, words in tried if words]
    return min(helps, key=lambda one: one[0][0].cost, default=(found, ""))


def _given_up(evidence: Evidence) -> tuple[list[Fit], str]:
    """Evidence that contradicts itself -> cameras without what is least sure, and what that was; none, "": no help."""
    focal_px, log_sd = evidence.focal
    less = evidence
    for kind, words in GIVEN_UP.items():
        if kind == "distance":
            if not places_told(less.things):
                continue
            less = replace(less, things=with_told(less.things, None))
        elif kind == "lens":
            if log_sd >= lens.GUESS_SD:  # nobody stated one
                continue
            less = replace(less, focal=(focal_px, lens.GUESS_SD))
        elif any(thing.kind == kind for thing in less.things):
            less = replace(less, things=[thing for thing in less.things if thing.kind != kind])
        else:
            continue
        fits = search(less)
        if not refusal(fits[0]):
            return fits, _contradiction(words, evidence.scene, fits[0])
    return [], ""


def _contradiction(words: str, scene: Scene, without: Fit) -> str:
    """What is said of a thing given up, the scene, the camera without it -> the same with the numbers that disagree."""
    if scene.ball_m is None or "{said}" not in words:
        return words
    balls = [thing for thing in without.evidence.things if thing.kind == "ball"]
    places, _ = places_m(without.parameters[None], balls, without.evidence.size_wh_px)
    return words.format(said=f"{scene.ball_m.value:g} m", seen=f"{np.abs(places[..., 1]).mean():.0f} m")


def gathered(
    scene: Scene,
    clip: Clip,
    things: Sequence[Anchor],
    prior: Camera | None = None,
    verticals: Floats | None = None,
    sigma_px: float | None = None,
    picture_wh_px: tuple[int, int] | None = None,
) -> tuple[Evidence, str]:
    """What `calibrate` takes -> the evidence, seen from the front of the goal, and what the lens's prior rests on."""
    focal_px, log_sd, lens_words = lens.prior(clip, scene, picture_wh_px, prior)
    evidence = Evidence(
        scene,
        clip.size_wh_px,
        sigma_px or clicked_px(clip.size_wh_px),
        (focal_px, log_sd),
        list(things),
        np.empty((0, 2, 2)) if verticals is None else np.asarray(verticals, dtype=float),
        from_the_front(prior) if prior is not None else None,
    )
    return evidence, lens_words


def _camera(fits: Sequence[Fit], lens_words: str) -> Camera:
    """Fits, best first -> the camera, on the side of the goal that ball and people tell."""
    best = fits[0]
    parameters, spread = best.parameters, spread_about(fits)
    if stands_behind(best):
        parameters, spread = other_side(parameters, spread)
    words = height_from(best), focal_from(best, spread, lens_words)
    return Camera(parameters, spread, best.evidence.size_wh_px, best.residual_px(), *words)


def _inherited(fit: Fit, prior: Camera) -> Camera:
    """Fit, the session's camera -> the camera of one shot, nudged at most.

    The corners may be the very clicks the session's camera rests on: they do not make it surer than it was.
    """
    turn = fit.evidence.sigma_px / 2 / prior.focal_px
    spread = prior.covariance + np.diag([0, turn**2, turn**2, 0, 0, 0, 0])
    parameters = fit.parameters if prior.parameters[Y] >= 0 else other_side(fit.parameters, spread)[0]
    return replace(prior, parameters=parameters, covariance=spread, residual_px=fit.residual_px())


def refusal(fit: Fit) -> str:
    """-> why no camera explains the corners, in words, "" when one does."""
    scene = fit.evidence.scene
    width, height = (f"{side:g}" for side in scene.goal_size_m)
    rows = fit.evidence(fit.parameters[None])[0]
    if math.sqrt(np.mean(rows[:8] ** 2)) > NO_GOAL or np.abs(rows[8:11]).max() > NO_PRIOR:
        return NO_FIT.format(width, height)
    if np.abs(fit.evidence.off_marks(fit.parameters[None])).max(initial=0.0) > NO_PRIOR:
        return NO_MARKS
    off = from_goal_line(fit.parameters[None], fit.evidence.things, fit.evidence.size_wh_px)[0]
    for told, wrong in zip(places_told(fit.evidence.things), off, strict=True):
        if abs(wrong) > NO_PRIOR:
            return NO_DISTANCE.format(f"{told.value:g}")
    balls = [off for thing, off in zip(fit.evidence.things, fit.float_sd(), strict=True) if thing.kind == "ball"]
    middle = float(np.median(balls)) if balls else 0.0
    return NO_BALL.format("above" if middle > 0 else "below") if abs(middle) > NO_GROUND else ""
