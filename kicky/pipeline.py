"""Clip -> Report: every stage in order, and nothing else. Read this first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from time import perf_counter
from typing import Any

import supervision as sv

from . import choice, flight, footage, kick, outcome, roles, tracking, weights
from .body import fit, foot, legs, pose
from .detectors import make, weights_of
from .domain import NOTHING_SAID, Camera, Clip, Detector, OnProgress, Report, Said, Scene, Shot
from .measures import MEASURES
from .players.gallery import Gallery
from .players.looking import look
from .registry import load
from .scene.anchors import anchors
from .scene.calibrate import calibrate, outlook
from .scene.clicked import steadied
from .scene.drift import follow, still_picture
from .scene.sized import in_film, refuse_other_size
from .video import Image


def analyze(
    clip: Clip,
    detector: str,
    scene: Scene | None,
    on_progress: OnProgress,
    *,
    clicked_on: Image | None = None,
    session: Camera | None = None,
    said: Said = NOTHING_SAID,
    force: bool = False,
    detect: Detector | None = None,
) -> Report:
    """Clip, detector's name, goal (None: not in the picture) -> Report.

    `clicked_on` is the picture on which the goal was clicked when that was another clip: the goal is followed
    from there. `session` is the camera that all shots of the session gave together; `said` is what a person
    saw of ball and kick; `force` lets a teacher work without a graphics card. `detect` is the detector of
    that name where it is made already. Stages told to `on_progress`: footage, detect,
    scene, flight, pose, measure. Raises: UnknownPart, UnreadableClip, UnfitClip (the camera moves, the film is too
    short, no ball lies where a person says), BadScene (the goal was clicked on another picture), MissingWeights,
    Untrusted, TooSlow, OutOfMemory, and whatever `on_progress` raises to stop the work.
    """
    detect = detect or make(detector, force)
    scene = scene and in_film(scene, clip)
    watch = Stopwatch()
    with watch("footage"):
        if said.ball_px is not None and (point_at := getattr(detect, "point_at", None)):
            point_at(said.ball_px)
        listen = getattr(detect, "listen", None)  # the motion detector's first look needs no decode of its own
        film = footage.survey(clip, on_progress, listen(clip) if listen else None)
        whole = footage.first_take(clip, film)
        clip = footage.only_new(whole)
        said = footage.of_new(said, whole)
        notes = footage.notes(film, whole)
    with watch("detect"):
        seen = tracking.link(clip, _counted(clip, detect, on_progress))
    with watch("scene"):
        if scene is not None and clicked_on is not None:
            scene, moved = follow(scene, clicked_on, clip)
            notes += (moved,) if moved else ()
        elif scene is not None:
            scene = steadied(scene, clip)
        located = View(clip, session, scene) if scene is not None else _unlocated
        on_progress("scene", 1.0)
    with watch("flight"):
        likeliest = choice.settled(seen, scene, located, said)
        flown = roles.assigned(likeliest.told())
        on_progress("flight", 1.0)
    with watch("pose"):
        shot = kicked_by_foot(likeliest.shot, posed_and_described(flown, on_progress), on_progress)
        shot = shot if choice.kicked(likeliest, shot, said) else choice.without_shot(shot)
    with watch("measure"):
        report = judged(shot, made_with(detector), notes)
        on_progress("measure", 1.0)
    return footage.in_film(replace(report, seconds=watch.seconds), whole)


def again(report: Report, session: Camera | None) -> Report:
    """Report, its session's camera as all its shots give it -> the same shot judged anew, without decoding the film.

    Without a session's camera the shot gets its own, with what the film's still picture tells where it is there.
    """
    shot = footage.shot_of_new(report.shot)
    if shot.scene is None:
        return report
    if session is None and shot.clip.path.exists():
        scene = View(shot.clip, None)(shot).scene
    else:
        scene = calibrate(shot.scene, shot.clip, anchors(shot), session)
    fresh = replace(shot, scene=scene, flight=None, flight_why_not="")
    # Which ball and which kick it was is settled, unless only its flight told.
    flown = roles.assigned(flight.fit(fresh, anywhere=fresh.kick_source == "flight"))
    anew = judged(flown, report.made_with, report.notes)
    return footage.in_film(anew, report.shot.clip)


def resettled(report: Report, said: Said, on_progress: OnProgress, *, session: Camera | None = None) -> Report:
    """Report, what a person saw of ball and kick -> the same shot judged anew with that.

    Candidates and players stay as they were seen; which was the ball, flight, pose and all answers are worked out
    again. Stages told: scene, flight, pose, measure. Raises: UnfitClip when the frame is not in the take or no ball
    lies there, UnreadableClip, MissingWeights, and whatever `on_progress` raises.
    """
    watch = Stopwatch()
    with watch("scene"):
        before = footage.shot_of_new(report.shot)
        said = footage.of_new(said, report.shot.clip)
        located = View(before.clip, session) if before.scene is not None else _unlocated
        on_progress("scene", 1.0)
    with watch("flight"):
        likeliest = choice.settled(tracking.again(before), before.scene, located, said)
        flown = roles.assigned(likeliest.told())
        on_progress("flight", 1.0)
    with watch("pose"):
        shot = posed_and_described(flown, on_progress)
        shot = shot if choice.kicked(likeliest, shot, said) else choice.without_shot(shot)
    with watch("measure"):
        anew = judged(shot, report.made_with, report.notes)
        on_progress("measure", 1.0)
    return footage.in_film(replace(anew, seconds={**report.seconds, **watch.seconds}), report.shot.clip)


class View:
    """Shot -> the same with the camera that its goal gives, or the reason why it gives none, said in its scene.

    What the film's still picture shows of it is looked up once; `session` is the camera of the session's shots.
    A `scene` given is held against that picture. Raises: BadScene where it was clicked on one of another size.
    """

    def __init__(self, clip: Clip, session: Camera | None, scene: Scene | None = None) -> None:
        picture = still_picture(clip)
        if scene is not None:
            refuse_other_size(scene, picture)
        self._verticals, self._picture_wh_px = outlook(picture)
        # A phone held in the hand stands elsewhere in each film.
        self._session = session if clip.steadying is None else None

    def __call__(self, shot: Shot) -> Shot:
        assert shot.scene is not None
        scene = calibrate(
            shot.scene, shot.clip, anchors(shot), self._session, self._verticals, picture_wh_px=self._picture_wh_px
        )
        return replace(shot, scene=scene)


def _unlocated(shot: Shot) -> Shot:
    """Shot without a goal in the picture -> as it is."""
    return shot


def kicked_by_foot(seen: Shot, posed: Shot, on_progress: OnProgress) -> Shot:
    """Shot as the ball was seen to leave, the same with flight and pose -> posed, or what a foot at the ball says.

    A flight may begin where nobody's foot is at the ball. If one is there when the lying ball was seen to leave,
    that was the kick, and the flight is fitted anew to it.
    """
    if (seen.kick_source, posed.kick_source) != ("departure", "flight") or legs.strikes(posed):
        return posed
    other = posed_and_described(roles.assigned(replace(seen, kick_source=kick.BODY)), on_progress)
    return roles.assigned(flight.fit(other)) if legs.strikes(other) else posed


def posed_and_described(shot: Shot, on_progress: OnProgress) -> Shot:
    """Shot with its kick -> the same with the shooter's pose, the keeper who stands still, and how the players look."""
    gallery = Gallery(shot)
    return look(pose.around_contact(shot, on_progress, gallery.keep), gallery)


def judged(shot: Shot, made_with: Mapping[str, Any], notes: tuple[str, ...]) -> Report:
    """Shot with all its evidence -> the answers."""
    shot = fit.fitted(outcome.weighed(shot))
    measures = tuple(load(MEASURES, name)(shot) for name in MEASURES)
    return Report(shot, outcome.decide(shot), foot.call(shot), measures, made_with, notes=notes)


def made_with(detector: str) -> dict[str, str]:
    """Detector's name -> what a report rests on: versions, and the hash of every weight used."""
    packages = ("numpy", "opencv-python", "av", "mediapipe", "supervision", "trackers")
    model = weights_of(detector)
    seen_with = {"weights": model, "weights_sha256": weights.fingerprint(model)} if model else {}
    known = {"detector": detector, "method": outcome.METHOD, "pose": weights.fingerprint("pose"), **seen_with}
    return known | {name: version(name) for name in packages}


class Stopwatch:
    """Wall seconds a stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = perf_counter()
        yield
        self.seconds[stage] = perf_counter() - start


def _counted(clip: Clip, detect: Detector, on_progress: OnProgress) -> Iterator[sv.Detections]:
    """The detector's own answers, with progress told on the way."""
    total = clip.take[1] - clip.take[0]
    for count, found in enumerate(detect(clip), start=1):
        on_progress("detect", count / total)
        yield found
