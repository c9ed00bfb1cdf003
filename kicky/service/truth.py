"""Ground truth: clips in a queue, what labellers say of each, and whether they agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import jobs as queue
from .. import storage
from ..errors import BadLabel, called
from ..storage import answers, files, labels
from ..storage.answers import SETTLED, STARS, TRUTH, Answer
from ..storage.kinds import COPY
from ..storage.views import JobView
from ..truth import agreement, questions, told
from ..truth.agreement import Agreement

STILL_PX = 640
ORDERS = {
    "unlabelled": "Not labelled yet first",
    "disagree": "Where detectors disagree first",
    "unsure": "Where the verdict is least sure first",
    "stars": "Best rated first",
    "added": "As they came",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A clip in the queue. `labelled` by the labeller who asks; `stars` are the highest anybody gave, 0 for none."""

    id: int
    name: str
    session: str
    labelled: bool
    stars: int
    disagree: bool
    unsure: float


@dataclass(frozen=True, slots=True)
class LabelView:
    """A clip to be labelled: its film as a browser plays it (None while it is made), where to look, who said what.

    `ball` are frame, x and y as shares of the picture, where the ball is thought to be.
    """

    id: int
    name: str
    frames: int
    film: Path | None
    contact: int | None
    arrival: int | None
    ball: tuple[tuple[int, float, float], ...]
    mine: Mapping[str, Answer]
    players: tuple[str, ...]
    size_wh_px: tuple[int, int]
    work: JobView | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A clip and field on which two differ: who says what."""

    clip_id: int
    clip: str
    field: str
    said: Mapping[str, str]


def items(who: str = "", session_id: int | None = None) -> list[Item]:
    """Labeller, session (None: all) -> its clips as they came, oldest first; one read for ten thousand of them."""
    told = answers.everything()
    made = []
    for row in storage.queue_rows(session_id):
        said = told.get(row.id, {})
        stars = max((int(fields[STARS]) for fields in said.values() if STARS in fields), default=0)
        mine = {name for name in said.get(who, {}) if name.startswith(TRUTH)}
        verdicts = {outcome for outcome, _, _ in row.shots}
        feet = {foot for _, foot, _ in row.shots}
        p_goal = next((p for _, _, p in reversed(row.shots) if p is not None), None)
        unsure = 1.0 if p_goal is None else abs(p_goal - 0.5) * 2
        made.append(Item(row.id, row.name, row.session, bool(mine), stars, len(verdicts) > 1 or len(feet) > 1, unsure))
    return made


def ordered(found: Sequence[Item], order: str) -> list[int]:
    """Clips, one of ORDERS -> their numbers in that order."""
    keys: dict[str, Callable[[Item], tuple[float, ...]]] = {
        "unlabelled": lambda item: (item.labelled,),
        "disagree": lambda item: (not item.disagree, item.labelled),
        "unsure": lambda item: (item.labelled, item.unsure),
        "stars": lambda item: (-item.stars,),
    }
    key = keys.get(order)
    return [item.id for item in (sorted(found, key=key) if key else found)]


def to_label(clip_id: int, who: str) -> LabelView:
    """Clip, labeller -> what the page shows; a copy of the film for the browser is asked for where there is none.

    Nobody is told what somebody else said. Raises: NotFound.
    """
    row = storage.clip(clip_id)
    film, work = film_of(clip_id)
    contact, arrival, ball = _thought(clip_id)
    mine = {name.removeprefix(TRUTH): answer for name, answer in answers.said(clip_id).get(who, {}).items()}
    size = row.width, row.height
    return LabelView(
        clip_id, row.name, row.frames, film, contact, arrival, ball, mine, tuple(storage.players()), size, work
    )


def film_of(clip_id: int) -> tuple[Path | None, JobView | None]:
    """Clip -> its film as every browser plays it; where it is not made yet, None and the work that makes it."""
    row = storage.clip(clip_id)
    if copy := files.there(row.browser_copy):
        return copy, None
    storage.film_there(row)
    job = queue.latest(COPY, clip_id)
    if job is None or not (job.active or job.state == "failed"):
        queue.submit(COPY, [clip_id], {})
        job = queue.latest(COPY, clip_id)
    return None, job


def _thought(clip_id: int) -> tuple[int | None, int | None, tuple[tuple[int, float, float], ...]]:
    """Clip -> where the newest analysis puts contact, arrival and ball; of one just cut out, where a ball flew."""
    cut = labels.get(clip_id, answers.CUT_KICK)
    contact = int(cut) if cut.isdecimal() else None
    shot_id = storage.newest_shot(clip_id)
    if shot_id is None:
        return contact, None, ()
    report = storage.report(shot_id)
    from ..footage import as_filmed

    seen = as_filmed(report.shot)
    width, height = seen.clip.size_wh_px
    ball = tuple(
        (frame, float(x) / width, float(y) / height)
        for frame, (x, y) in enumerate(seen.ball.centre_px.tolist())
        if x == x and y == y
    )
    return seen.kick_frame if seen.kick_frame is not None else contact, report.outcome.frame, ball


def answer(clip_id: int, name: str, value: str, who: str, seen: int | None = None) -> int:
    """Clip, question, answer, labeller, the number of his answer as it was shown -> the new answer's number.

    Raises: BadLabel, NotFound, Outdated.
    """
    kept = questions.checked(name, value, storage.clip(clip_id).frames)
    return answers.say(clip_id, TRUTH + name, kept, named(who), seen)


def rate(clip_id: int, stars: int, who: str) -> None:
    """Clip, one to five stars -> remembered. Raises: BadLabel, NotFound."""
    if str(stars) not in questions.STARS:
        raise BadLabel(f"{stars} stars: give one to five.")
    answers.say(clip_id, STARS, str(stars), named(who))


def undo(clip_id: int, who: str) -> str | None:
    """Clip, labeller -> the question whose newest answer was taken away, None when there was none."""
    gone = answers.undo(clip_id, named(who))
    return gone and gone.removeprefix(TRUTH)


def contradiction(view: LabelView) -> str:
    """Clip with answers -> what in them cannot be true at once, "" where all can."""
    return questions.contradiction({name: each.value for name, each in view.mine.items()})


def named(who: str) -> str:
    """What somebody typed as a name -> it. Raises: BadLabel for none, and for the name kept for what was settled."""
    name = " ".join(who.split())
    if not name or name in (SETTLED, told.CORRECTED) or len(name) > 40:
        raise BadLabel("Say first who labels: a name of up to 40 letters.")
    return name


def labellers() -> list[str]:
    """-> who has answered anything, in the order of the alphabet."""
    return told.labellers()


def agreements(one: str, other: str) -> list[Agreement]:
    """Two labellers -> their agreement, a line for each question both answered."""
    return agreement.agreements(told.said().values(), one, other)


def disputes() -> list[Dispute]:
    """-> every question on which labellers differ and that nobody settled."""
    names = {row.id: row.name for row in storage.queue_rows(None)}
    return [
        Dispute(clip_id, names.get(clip_id, "?"), name, said)
        for clip_id, by_who in told.said().items()
        for name, said in agreement.disputed(by_who, SETTLED).items()
    ]


def disputed_still(clip_id: int, name: str, value: str) -> bytes:
    """Clip, question, an answer -> a JPEG of the frame it names; else of the goal line or the kick, as it is thought.

    Raises: NotFound, UnreadableClip, UnfitClip for a frame that the clip does not have.
    """
    from .. import video
    from . import stills

    row = storage.clip(clip_id)
    film = storage.film_there(row)
    contact, arrival, _ = _thought(clip_id)
    thought = arrival if name in ("outcome", "how") else contact
    frame = int(value) if value.isdecimal() else row.frames // 2 if thought is None else thought
    with called(row.file, row.name):
        clip, _ = video.open_listed(film)
        return stills.jpeg(stills.shrunk(video.still(clip, frame), STILL_PX))


def settle(clip_id: int, name: str, value: str) -> None:
    """Clip, question, the answer that counts -> settled. Raises: BadLabel, NotFound."""
    answers.say(clip_id, TRUTH + name, questions.checked(name, value, storage.clip(clip_id).frames), SETTLED)


def untold(sessions: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Sessions -> how many analysed clips of each nobody has told the truth of, and the first; only where there are."""
    return labels.untold(TRUTH, sessions)


def of_clip(clip_id: int) -> dict[str, str]:
    """Clip -> what counts as true of it: settled, or what all who answered agree on."""
    return told.truths().get(clip_id, {})


def truths() -> dict[int, dict[str, str]]:
    """-> clip: what counts as true of it, for those of which anything is."""
    return told.truths()
