"""The nouns of the evidence: what was filmed and seen, nothing yet decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from .arrays import Bools, Floats, Ints, seal
from .steadying import Steadying


@dataclass(frozen=True, eq=False, slots=True)
class Clip:
    """One film: where it is, when each of its frames was captured, which frames make up the shot.

    `take` is the half-open range of frames between two hard cuts that stages look at; arrays over
    time always span the whole film, so that frame numbers are the film's own. `lens_mm` is the focal
    length as 35 mm film would have it, None when the file does not say. `steadying` is None for a camera that
    stood still: its pictures are looked at as they are; else pictures and places are those of its reference.
    `new` (T,) are the frames that do not repeat the one before, None where none does. `stated_slow` is how many times
    slower than life the file says it plays, 1 where it says nothing, None where it is slowed but not said how much.
    """

    path: Path
    sha256: str
    size_wh_px: tuple[int, int]
    time_s: Floats
    slow_motion: float = 1.0
    take: tuple[int, int] = (0, 0)
    lens_mm: float | None = None
    steadying: Steadying | None = None
    new: Bools | None = None
    stated_slow: float | None = 1.0

    def __post_init__(self) -> None:
        seal(self, time_s=("T",))
        if self.new is not None:
            seal(self, new=(len(self.time_s),))
        if not (np.diff(self.time_s) > 0).all():
            raise ValueError("Clip.time_s: expected strictly rising times")
        if self.take == (0, 0):
            object.__setattr__(self, "take", (0, len(self.time_s)))
        if not 0 <= self.take[0] < self.take[1] <= len(self.time_s):
            raise ValueError(f"Clip.take: expected a range within (0, {len(self.time_s)}), got {self.take}")

    @property
    def frame_s(self) -> float:
        """-> the usual time from one frame to the next."""
        return float(np.median(np.diff(self.time_s)))


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """One thing through the film: centre and size in each frame, NaN where it was not seen.

    `measured` is True where a detection stands behind the position, False where it was filled in.
    """

    label: str
    centre_px: Floats
    size_px: Floats
    score: Floats
    measured: Bools

    def __post_init__(self) -> None:
        seal(self, centre_px=("T", 2), size_px=("T", 2), score=("T",), measured=("T",))

    def box_px(self, frame: int) -> Floats:
        """Frame -> (4,) x0 y0 x1 y1, NaN where the thing was not seen."""
        half = self.size_px[frame] / 2
        return np.concatenate([self.centre_px[frame] - half, self.centre_px[frame] + half])

    def away_px(self, frames: Ints, points_px: Floats) -> Floats:
        """(n,), (n, 2) -> (n,) how far each point is from the box in that frame: 0 in it, NaN where it was not seen."""
        off = np.abs(points_px - self.centre_px[frames]) - self.size_px[frames] / 2
        return np.asarray(np.hypot(*np.maximum(off, 0.0).T))

    def nearest_seen(self, frame: int) -> int:
        """Frame -> itself, or the frame nearest in time in which the thing was seen. ValueError when never."""
        seen = np.flatnonzero(np.isfinite(self.centre_px[:, 0]) & np.isfinite(self.size_px[:, 0]))
        if not len(seen):
            raise ValueError(f"{self.label} was never seen")
        return int(seen[np.abs(seen - frame).argmin()])


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """m places in the film where the ball may be, ordered by frame: all that the detector offered, not one a frame.

    `frame` is the film's own number, `score` is 0..1.
    """

    frame: Ints
    centre_px: Floats
    diameter_px: Floats
    score: Floats

    def __post_init__(self) -> None:
        seal(self, frame=("m",), centre_px=("m", 2), diameter_px=("m",), score=("m",))


@dataclass(frozen=True, eq=False, slots=True)
class Rest:
    """A place where something lies that may be the ball, and leaves it: centre (2,) px, diameter.

    `frames` (k,) are those in which it is seen to lie there, in order, `shown` (k,) the share of it that is seen in
    each. `likely` is the natural log of the odds that it is the ball, by its look alone. `bare_frame` is the first one
    after those in which its place is seen empty, None where nobody looked or it never was.
    """

    centre_px: Floats
    diameter_px: float
    frames: Ints
    shown: Floats
    likely: float
    bare_frame: int | None = None

    def __post_init__(self) -> None:
        seal(self, centre_px=(2,), frames=("k",), shown=("k",))

    @property
    def leaves(self) -> int:
        """-> the last frame in which it is seen to lie there."""
        return int(self.frames[-1])


@dataclass(frozen=True, slots=True)
class Said:
    """What a person saw: the kick's frame, where the ball lies before it in the picture; None for what was not said."""

    kick_frame: int | None = None
    ball_px: tuple[float, float] | None = None


NOTHING_SAID = Said()


@dataclass(frozen=True, eq=False, slots=True)
class Camera:
    """A pinhole that sees the goal, and how surely it is known; `kicky.camera` turns it into pixels.

    `parameters` (7,): natural log of the focal length in px, pan, tilt, roll in rad, the lens's x, y, z in m.
    Pan 0 looks along -y, from the shooter to the goal, and grows towards +x; tilt grows upwards; roll grows
    clockwise. The principal point is the picture's centre. `height_from` and `focal_from` say in words what
    the two that corners alone do not give rest on.
    """

    parameters: Floats
    covariance: Floats
    size_wh_px: tuple[int, int]
    residual_px: float
    height_from: str
    focal_from: str

    def __post_init__(self) -> None:
        seal(self, parameters=(7,), covariance=(7, 7))

    @property
    def focal_px(self) -> float:
        return float(np.exp(self.parameters[0]))


@dataclass(frozen=True, slots=True)
class Told:
    """A number somebody told, 1 s.d. of it in the same unit, and in words who did."""

    value: float
    sd: float
    words: str


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """The goal in the picture: inner corners TL TR BR BL, the posts' feet on the ground.

    `camera_height_m` and `focal_px` are what the player stated, None when not known; so are `lens`, the focal length
    in mm as 35 mm film would have it, and `ball_m`, how far from the goal line the ball lay; `guess_px` is the focal
    length that the camera was found with where nobody and nothing told it. `source` is clicked,
    detected or inherited. `picture_wh_px` is the size of the picture whose pixels the corners are in, None for the
    film's own. `camera` is None until it has been worked out, or for a reason; `given_up` says
    what contradicted the rest and was left out for it.
    """

    goal_corners_px: Floats
    goal_size_m: tuple[float, float] = (7.32, 2.44)
    camera_height_m: float | None = None
    focal_px: float | None = None
    source: str = "clicked"
    camera: Camera | None = None
    camera_why_not: str = ""
    given_up: str = ""
    lens: Told | None = None
    ball_m: Told | None = None
    guess_px: float | None = None
    picture_wh_px: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        seal(self, goal_corners_px=(4, 2))


@dataclass(frozen=True, eq=False, slots=True)
class Flight:
    """The ball in metres from the kick to its first meeting with anything but the ground, and on if it had met nothing.

    Row by row the frames that begin before the kick and end 0.4 s after the goal's plane or the film:
    `time_s` (n,), `xyz_m` (n, 3), `sigma_m` (n, 3). `samples_m` (s, n, 3) are likely paths, `cameras` (s, 7)
    the parameters of the camera that goes with each; `launch_ms` (s, 3) their velocities off the foot;
    `crossing` (s, 3) the time, x and z at which each passes the goal's plane, NaN where it never does.
    `seen` (k,) are the frames in which a candidate lies on the path, `seen_px` (k, 2) where. After `until_s`
    the free flight no longer explains the ball: it met net, frame, keeper or ground for good, or was lost. `likely`
    (s,) is the share of each path once what the ball did then is known; they sum to one, and are alike until it is.
    """

    time_s: Floats
    xyz_m: Floats
    sigma_m: Floats
    kick_time_s: float
    kick_sigma_s: float
    until_s: float
    seen: Ints
    seen_px: Floats
    samples_m: Floats
    cameras: Floats
    launch_ms: Floats
    crossing: Floats
    residual_px: float
    likely: Floats = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        if not len(self.likely):
            object.__setattr__(self, "likely", np.full(len(self.launch_ms), 1 / max(len(self.launch_ms), 1)))
        seal(self, time_s=("n",), xyz_m=("n", 3), sigma_m=("n", 3), seen=("k",), seen_px=("k", 2))
        seal(self, samples_m=("s", len(self.time_s), 3), cameras=("s", 7), launch_ms=("s", 3), crossing=("s", 3))
        seal(self, likely=(len(self.launch_ms),))

    def rows(self, time_s: Floats) -> Ints:
        """(n,) moments -> (n,) the first row at or after each, the last row for those beyond."""
        return np.clip(np.searchsorted(self.time_s, time_s), 0, len(self.time_s) - 1)


@dataclass(frozen=True, eq=False, slots=True)
class Pose:
    """A body around contact: MediaPipe's 33 landmarks in n frames, NaN where no body was found.

    `landmarks_px` are in the picture; `world_m` are metres about the hips (x right, y down, z away
    from the camera) as MediaPipe guesses them; `visibility` is 0..1.
    """

    frames: Ints
    landmarks_px: Floats
    world_m: Floats
    visibility: Floats

    def __post_init__(self) -> None:
        seal(self, frames=("n",), landmarks_px=("n", 33, 2), world_m=("n", 33, 3), visibility=("n", 33))

    def at(self, frame: int) -> int | None:
        """Frame -> its row here, None when that frame was not looked at or shows no body."""
        rows = np.flatnonzero(self.frames == frame)
        if not len(rows) or np.isnan(self.landmarks_px[rows[0]]).all():
            return None
        return int(rows[0])


BODY_JOINTS = (
    "kicking shoulder", "standing shoulder", "kicking hip", "standing hip", "kicking knee", "standing knee",
    "kicking ankle", "standing ankle", "kicking toe", "standing toe", "kicking elbow", "standing elbow",
    "kicking wrist", "standing wrist", "head",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """The shooter in metres from the last step to the follow-through: `since_s` (n,) from contact, which is a row.

    `joints_m` (n, 15, 3) is the likeliest body, its joints in the order of BODY_JOINTS; `samples_m` (s, n, 10, 3) are
    likely ones, without arms and head. `ball_m` (3,) is where the ball lay, `way_rad` (s,) which way the shot goes in
    each sample: cos and sin of it along x and y. Axes as everywhere, see `camera` (7,), which is placed by the ball's
    size. `p_left` is how likely the kicking side is the left one.
    """

    since_s: Floats
    joints_m: Floats
    samples_m: Floats
    way_rad: Floats
    ball_m: Floats
    camera: Floats
    p_left: float

    def __post_init__(self) -> None:
        seal(self, since_s=("n",), joints_m=("n", 15, 3), samples_m=("s", len(self.since_s), 10, 3))
        seal(self, way_rad=(len(self.samples_m),), ball_m=(3,), camera=(7,))

    @property
    def contact(self) -> int:
        """-> the row of contact."""
        return int(np.abs(self.since_s).argmin())


@dataclass(frozen=True, eq=False, slots=True)
class Appearance:
    """What the player of that label looks like in one clip.

    `shirt`, `shorts`, `socks` (k,) are shares of colours, all NaN where too little was seen. `build` (3,) is the height
    in metres, and shoulders and legs as shares of the trunk; each NaN where it was not seen.
    """

    label: str
    shirt: Floats
    shorts: Floats
    socks: Floats
    build: Floats

    def __post_init__(self) -> None:
        seal(self, shirt=("k",), shorts=("k",), socks=("k",), build=(3,))


@dataclass(frozen=True, eq=False, slots=True)
class Shot:
    """The evidence: everything seen, nothing yet decided.

    `kick_frame` is the last frame in which the ball is still where it was struck; None when no kick
    was found, with the reason in `kick_why_not`. `kick_source` is what told it: flight, departure (the ball seen
    to leave its place), speed, or hand (a person); empty in what an older program stored. `shooter` and `keeper`
    are labels of `players`; why nobody is said to have struck the ball stands in `shooter_why_not`. `rests` are the
    places where the ball may have lain, `ball_sure` is how likely the one chosen, and its kick, are the right ones.
    `body` is the shooter in metres, None until worked out, or for the reason in `body_why_not`.
    """

    clip: Clip
    ball: Track
    players: tuple[Track, ...] = ()
    scene: Scene | None = None
    pose: Pose | None = None
    kick_frame: int | None = None
    kick_why_not: str = ""
    shooter: str | None = None
    shooter_why_not: str = ""
    keeper: str | None = None
    candidates: Candidates | None = None
    flight: Flight | None = None
    flight_why_not: str = ""
    looks: tuple[Appearance, ...] = ()
    kick_source: str = ""
    rests: tuple[Rest, ...] = ()
    ball_sure: float = 1.0
    body: Body | None = None
    body_why_not: str = ""

    def player(self, label: str) -> Track:
        """Label -> that player's track. Raises KeyError where nobody has that label."""
        return {player.label: player for player in self.players}[label]
