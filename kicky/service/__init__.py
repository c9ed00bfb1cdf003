"""What a page or the command line may ask for: one function a question, plain values in and out.

Everything here raises KickyError only. What needs pictures or arrays is imported inside functions:
a page that lists sessions must not wait for OpenCV.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from .. import jobs as queue
from .. import storage, weights
from ..detectors import DETECTORS
from ..errors import NotFound, UnknownPart
from ..harder import Harder
from ..speeds import Unit
from ..storage import settings
from ..storage.bodies import BodyView
from ..storage.database import told
from ..storage.views import (
    AdviceView,
    CameraView,
    ClipView,
    CrossingView,
    CurveView,
    DrawingView,
    FlightView,
    JobView,
    MeasureView,
    PassageView,
    RangeView,
    SampleView,
    SceneView,
    SessionView,
    ShotView,
    SwingView,
)
from . import gallery, judging
from .cards import strike_card
from .coaching import (
    CoachView,
    CostView,
    ServerView,
    advice,
    advise,
    advise_session,
    answer_offer,
    coaches,
    free_models,
    holds,
    offered_server,
    server_models,
    server_settings,
    session_advice,
    session_brief,
    session_costs,
    set_server,
    thumb,
)
from .contact import KickStrip, kick_by_hand, kick_strip, move_kick, under_way
from .pointing import BallStill, LyingView, ball_by_hand, ball_still, refuse_outside, show_ball, unsure_of_ball
from .provenance import ProvenanceView, provenance, provenance_still
from .scenes import (
    check_goal,
    clear_scene,
    corners_in_order,
    goal_sizes,
    propose_goal,
    scene,
    scene_lens,
    set_scene,
    settle_goal,
    still,
)
from .sharpening import Sharper, next_to_usual, said_of, sharper, state
from .stating import (
    Ball,
    LensView,
    StatedView,
    ball_places,
    filmed_with,
    lens,
    phones,
    stated,
    your_phone,
    zooms,
)
from .taught import ClipChoice, DatasetView, LabellerView, PictureView, RunView, ThingView
from .teaching import (
    SIZES,
    article,
    bring_in,
    correct,
    curves,
    data_set,
    data_sets,
    label,
    label_files,
    labelled_still,
    labellers,
    pictures,
    starts,
    teach_clips,
    teaching,
    train,
    train_now,
    trainings,
)
from .together import SessionCameraView, refine_session, refining, session_camera

if TYPE_CHECKING:
    import pandas as pd

    from ..domain import Report

__all__ = [
    "SIZES",
    "AdviceView",
    "Ball",
    "BallStill",
    "BodyView",
    "CameraView",
    "ClipChoice",
    "ClipView",
    "CoachView",
    "CostView",
    "CrossingView",
    "CurveView",
    "DatasetView",
    "DrawingView",
    "FlightView",
    "Harder",
    "JobView",
    "KickStrip",
    "LabellerView",
    "LensView",
    "LyingView",
    "MeasureView",
    "PassageView",
    "PictureView",
    "ProvenanceView",
    "RangeView",
    "RunView",
    "SampleView",
    "SceneView",
    "ServerView",
    "SessionCameraView",
    "SessionView",
    "Sharper",
    "ShotView",
    "StatedView",
    "SwingView",
    "ThingView",
    "Unit",
    "advice",
    "advise",
    "advise_session",
    "answer_offer",
    "article",
    "ball_by_hand",
    "ball_places",
    "ball_still",
    "body",
    "bring_in",
    "check_goal",
    "clear_scene",
    "coaches",
    "corners_in_order",
    "correct",
    "curves",
    "data_set",
    "data_sets",
    "filmed_with",
    "free_models",
    "goal_sizes",
    "holds",
    "holds_clips",
    "kick_by_hand",
    "kick_strip",
    "label",
    "label_files",
    "labelled_still",
    "labellers",
    "lens",
    "move_kick",
    "next_to_usual",
    "offered_server",
    "phones",
    "pictures",
    "propose_goal",
    "provenance",
    "provenance_still",
    "refine_session",
    "refining",
    "said_of",
    "scene",
    "scene_lens",
    "server_models",
    "server_settings",
    "session_advice",
    "session_brief",
    "session_camera",
    "session_costs",
    "set_scene",
    "set_server",
    "set_slow_motion",
    "settle_goal",
    "sharper",
    "show_ball",
    "starts",
    "state",
    "stated",
    "still",
    "strike_card",
    "teach_clips",
    "teaching",
    "thumb",
    "train",
    "train_now",
    "trainings",
    "under_way",
    "unsure_of_ball",
    "your_phone",
    "zooms",
]  # fmt: skip

OnProgress = Callable[[str, float], None]
SAMPLES = "Samples"


def silent(stage: str, share: float) -> None:
    """Progress that nobody watches."""


def untried() -> dict[int, int]:
    """-> session: how many of its clips nobody tried to analyse yet."""
    return storage.untried()


def sessions() -> list[SessionView]:
    """-> every session, newest first."""
    return storage.sessions()


def speed_unit() -> Unit:
    """-> what speeds are told in. Raises: StorageFailed."""
    return settings.speed_unit()


def set_speed_unit(unit: Unit) -> None:
    """Unit -> remembered: every page, chart, card, film and coach tells speeds in it from now on."""
    settings.set_speed_unit(unit)


def holds_clips() -> bool:
    """-> whether there is any clip at all."""
    return storage.holds_clips()


def last_session() -> SessionView | None:
    """-> the newest session with shots, else with clips; the samples only when there is nothing of the player's own."""
    filled = [session for session in storage.sessions() if session.clips]
    ranked = sorted(filled, key=lambda session: (session.place == SAMPLES, not session.shots))
    return ranked[0] if ranked else None


def new_session(date: dt.date, place: str = "") -> int:
    """Date, place -> the new session's number; where that day had one there already, its place gets a number too."""
    return storage.add_session(date, _apart(date, place.strip()))


def update_session(session_id: int, date: dt.date, place: str) -> None:
    """Session -> with another date or place. Raises: NotFound."""
    storage.change_session(session_id, date=date, place=_apart(date, place.strip(), but=session_id))


def _apart(date: dt.date, place: str, but: int | None = None) -> str:
    """Day, place -> the place as no other session of that day is known by: two of one day are told apart."""
    taken = {session.place for session in storage.sessions() if session.date == date and session.id != but}
    names = (f"{place} ({number})".strip() for number in range(2, len(taken) + 3))
    return place if place not in taken else next(name for name in names if name not in taken)


def clips(session_id: int) -> list[ClipView]:
    """Session -> its clips, in the order they came. Raises: NotFound."""
    queue.repair()
    return storage.clips(session_id)


def add_clip(session_id: int, name: str, source: BinaryIO | Path, slow_motion: float | None = None) -> ClipView:
    """Session, the film's name, its bytes -> the clip, proved to be a whole film.

    `slow_motion` is how many times slower than real time it plays; None: what the film says, 1 where that is nothing.
    Raises: UnreadableClip, UnfitClip (also when the same bytes are here already), NotFound,
    StorageFailed; nothing is kept then.
    """
    from . import intake

    clip_id = intake.take_in(session_id, name, source, slow_motion)
    return next(clip for clip in storage.clips(session_id) if clip.id == clip_id)


def set_slow_motion(clip_id: int, slow_motion: float) -> None:
    """Clip, how many times slower than real time it plays -> so from now on; a shot it had is judged again.

    Raises: NotFound, UnfitClip where the number makes no sense.
    """
    from .intake import retime

    detector = retime(clip_id, slow_motion)
    if detector:
        analyze([clip_id], detector)


def films_in(folder: str) -> list[Path]:
    """Folder on this machine -> the films in it, by name. Raises: NotFound, StorageFailed."""
    path = Path(folder.strip()).expanduser()
    if not folder.strip() or not path.is_dir():
        raise NotFound(f"There is no folder {folder.strip() or 'without a name'} on this machine: correct the path.")
    return judging.films_in(path)


def analyze(clip_ids: Sequence[int], detector: str = "motion") -> list[int]:
    """Clips -> their jobs, queued; a worker process does them. Raises: NotFound, UnknownPart."""
    part, _, model = detector.partition(":")
    if part not in DETECTORS:
        raise UnknownPart(f"There is no detector {detector!r}; choose one of: {', '.join(DETECTORS)}.")
    if model:
        weights.entry(model)
    return queue.submit("analyze", clip_ids, {"detector": detector})


def jobs(session_id: int | None = None, active_only: bool = False) -> list[JobView]:
    """-> jobs, newest first."""
    return queue.jobs(session_id, active_only)


def cancel(job_id: int) -> None:
    """Job -> stopped as soon as may be; one that is over stays as it is. Raises: NotFound."""
    queue.cancel(job_id)


def run_again(job_id: int) -> int:
    """Job -> the number of a new one for the same work. Raises: NotFound."""
    return queue.run_again(job_id)


def shots(session_id: int | None = None) -> list[ShotView]:
    """-> each clip's newest analysis, newest session first. Raises: NotFound."""
    return storage.shots(session_id)


def shot(shot_id: int) -> ShotView:
    """Number -> that shot. Raises: NotFound."""
    return storage.shots(shot_id=shot_id)[0]


def session_of(shot: str) -> int | None:
    """A shot's number as an address has it -> its session; None where there is no such shot."""
    try:
        return storage.shots(shot_id=int(shot))[0].session_id
    except (ValueError, NotFound):
        return None


def flight(shot_id: int) -> FlightView:
    """Number -> that shot in metres, or why it is not given. Raises: NotFound."""
    from .flights import view

    return view(shot(shot_id))


def swing(shot_id: int) -> SwingView:
    """Number -> the body's angles through that shot's kick, or why they are not given. Raises: NotFound."""
    from .swings import view

    return view(shot_id)


def body(shot_id: int) -> BodyView:
    """Number -> that shot's shooter in metres about the ball, or why it is not given. Raises: NotFound."""
    from .bodies import view

    return view(shot_id)


def replay(shot_id: int) -> dict[str, Any]:
    """Number -> that shot in three dimensions as docs/replay.md has it, or `why_not`. Raises: NotFound."""
    from .replays import view

    return view(shot_id)


def published(measure: MeasureView) -> RangeView | None:
    """Measure -> the published range and where it lies in it, None where nobody published one."""
    from .swings import published

    return published(measure)


def name_shooter(shot_id: int, player_name: str) -> None:
    """Shot, name -> remembered, also through a new analysis; an empty name takes it back. Raises: NotFound.

    Shots that nobody named are proposed to be of whom their shooter looks like.
    """
    storage.name_shooter(shot_id, player_name)


def confirm_shooter(shot_id: int) -> None:
    """Shot -> its shooter is who is proposed. Raises: NotFound when nobody is."""
    storage.confirm(shot_id)


def confirm_shooters(proposed: Mapping[int, str]) -> None:
    """Shot -> name: the shooter of each is who was proposed; where somebody else or nobody is by now, it stays so."""
    storage.confirm_all(proposed)


def deny_shooter(shot_id: int) -> None:
    """Shot -> its shooter is not who is proposed; somebody else may be proposed now. Raises: NotFound."""
    storage.deny(shot_id)


def players() -> list[str]:
    """-> the names we know."""
    return storage.players()


def detectors() -> list[str]:
    """-> what can see ball and players with what is here; the first is the default and needs no weights."""
    return ["motion", *(f"rfdetr:{name}" for name in weights.named("student"))]


def history(session_id: int | None = None) -> pd.DataFrame:
    """Session (None: all) -> one row a shot, oldest first; a measure is three columns: name, name_low, name_high."""
    from .saturdays import table

    return table(session_id)


def samples() -> list[SampleView]:
    """-> the shots made at set-up to try the program on."""
    return gallery.samples()


def make_samples(folder: Path | None = None, count: int = 6, on_progress: OnProgress = silent) -> list[Path]:
    """-> the sample films, made unless they are there."""
    folder = folder or gallery.folder()
    with told(folder):
        return gallery.make(folder, count, on_progress)


def try_sample(name: str) -> int:
    """Sample -> the session it is in now, with its goal; its analysis queued unless it was done. Raises: NotFound."""
    from .intake import sample

    clip_id, session_id = sample(name, SAMPLES)
    clip = next(clip for clip in storage.clips(session_id) if clip.id == clip_id)
    if clip.shot_id is None:
        analyze([clip_id])
    return session_id


def synthesize(
    out: Path, count: int, seed: int, view: str | None = None, on_progress: OnProgress = silent, hard: bool = False
) -> list[Path]:
    """Folder, how many, seed -> films of shots whose every answer is known, labels.csv and truth.json.

    With `hard`, as people film them. Raises: KickyError, UnknownPart, StorageFailed.
    """
    from .. import synthetic

    with told(out):
        return list(synthetic.synthesize(out, count, seed, view, on_progress, hard=hard))


def analyze_file(
    path: Path,
    scene: Path | None = None,
    detector: str = "motion",
    slow_motion: float | None = None,
    out: Path | None = None,
    on_progress: OnProgress = silent,
    clicked_on: Path | None = None,
    force: bool = False,
    ball_px: tuple[float, float] | None = None,
    unit: Unit = Unit.KMH,
) -> Report:
    """Film, goal's file, … -> Report, without the database; with `out`, film.mp4 and report.json in there.

    `slow_motion` is how many times slower than real time the film plays, None: what the film itself says.
    `clicked_on` is the film on whose picture the goal was clicked, when it was another one of the same session
    (the corners are in its pixels, unless the goal's file says otherwise);
    `force` lets a teacher work without a graphics card; `ball_px` is where the ball lies before the kick, in the film's
    own pixels, where somebody says so; `unit` is what speeds are told in on the film.
    """
    from dataclasses import replace

    from .. import pipeline, render, video
    from ..domain import Said
    from ..scene import read
    from ..scene.drift import still_picture
    from ..storage.archive import write_whole

    goal = read(scene) if scene else None
    before = still_picture(video.open_clip(clicked_on)) if clicked_on else None
    if goal is not None and before is not None and goal.picture_wh_px is None:
        goal = replace(goal, picture_wh_px=(before.shape[1], before.shape[0]))
    clip = video.open_clip(path, slow_motion)
    if ball_px is not None:
        refuse_outside(clip, ball_px)
    with video.decoded_once():
        report = pipeline.analyze(
            clip, detector, goal, on_progress, clicked_on=before, said=Said(ball_px=ball_px), force=force
        )
        if out is not None:
            with told(out):
                out.mkdir(parents=True, exist_ok=True)
                text = json.dumps(report_json(report), indent=1, allow_nan=False)
                write_whole(out / "report.json", text.encode())
                render.film(report, out / "film.mp4", on_progress, unit=unit)
    return report


def report_json(report: Report) -> dict[str, Any]:
    """Report -> plain values, as the command line prints them; what was not seen is None."""
    from .document import report_json

    return report_json(report)


def unfit() -> list[str]:
    """-> what keeps KICKY from running on this machine at all, a sentence each; empty when it can."""
    from .checkup import unfit

    return unfit()


def doctor() -> list[str]:
    """-> what is not as it should be, a sentence each; empty when all is well."""
    from .checkup import problems

    return problems()
