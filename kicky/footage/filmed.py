"""Shot whose camera was steadied -> the same places in the pixels of each frame as it was filmed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..domain import Candidates, Flight, Floats, Ints, Pose, Shot, Steadying, Track


def as_filmed(shot: Shot) -> Shot:
    """Shot -> the same with ball, players, candidates and body where the film's own frames show them.

    The goal is where the take's first frame shows it. The shot itself where the camera stood still.
    """
    steadying = shot.clip.steadying
    if steadying is None:
        return shot
    pose: Pose | None = shot.pose and replace(
        shot.pose, landmarks_px=_places(steadying, shot.pose.frames, shot.pose.landmarks_px)
    )
    found: Candidates | None = shot.candidates and replace(
        shot.candidates,
        centre_px=_places(steadying, shot.candidates.frame, shot.candidates.centre_px),
        diameter_px=shot.candidates.diameter_px * _sizes(steadying, shot.candidates.frame, shot.candidates.centre_px),
    )
    flight: Flight | None = shot.flight and replace(
        shot.flight, seen_px=_places(steadying, shot.flight.seen, shot.flight.seen_px)
    )
    scene = shot.scene and replace(
        shot.scene, goal_corners_px=steadying.to_film(shot.clip.take[0], shot.scene.goal_corners_px)
    )
    ball, *players = (_track(steadying, track) for track in (shot.ball, *shot.players))
    return replace(
        shot, clip=replace(shot.clip, steadying=None), ball=ball, players=tuple(players), pose=pose, candidates=found,
        flight=flight, scene=scene,
    )  # fmt: skip


def _track(steadying: Steadying, track: Track) -> Track:
    frames = np.arange(len(track.score))
    larger = _sizes(steadying, frames, track.centre_px)
    return replace(
        track, centre_px=_places(steadying, frames, track.centre_px), size_px=track.size_px * larger[:, None]
    )


def _places(steadying: Steadying, frames: Ints, points_px: Floats) -> Floats:
    """(n,) frames, (n, ..., 2) places in the reference -> (n, ..., 2) in each frame's own pixels."""
    return np.array([steadying.to_film(f, p) for f, p in zip(frames.tolist(), points_px, strict=True)]).reshape(
        points_px.shape
    )


def _sizes(steadying: Steadying, frames: Ints, points_px: Floats) -> Floats:
    """(n,) frames, (n, 2) places -> (n,) how much larger a thing is there as filmed than in the reference."""
    whole = np.linalg.inv(steadying.homography[frames])
    middle = np.concatenate([points_px, np.ones((len(points_px), 1))], axis=1)
    depth = np.einsum("nk,nk->n", whole[:, 2], middle)
    # The homography's Jacobian has the determinant det(H) / depth³.
    return np.asarray(np.sqrt(np.abs(np.linalg.det(whole) / depth**3)))
