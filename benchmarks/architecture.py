"""docs/architecture.md's picture and the shot it follows: `python -m benchmarks.architecture`.

The picture is drawn from the imports of kicky/, floor by floor as tests/test_architecture.py has them; the shot is the
first of the samples, drawn and analysed anew (half a minute).
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np

from kicky import footage, pipeline, scene, tracking, video
from kicky.detectors import make
from kicky.domain import Label, Report, Shot
from kicky.measures.flown import Z_90
from kicky.service import gallery
from kicky.service.work import silent
from tests.test_architecture import LAYERS, ROOT, imported

GUIDE = ROOT / "docs" / "architecture.md"
PICTURE = ROOT / "docs" / "pictures" / "architecture.svg"
WIDTH, FLOOR, TALL, LETTER, GAP, EDGE, MARGIN = 1010, 52, 30, 7.2, 10, 24, 150
Step = tuple[str, str, str]
"""A function, its arrow, what it gave."""
BEGIN, END = "<!-- walk -->\n", "<!-- /walk -->"
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1d2b24; text-anchor: middle }
.part { text-anchor: start; font-weight: 600 }
.count { font-size: 9px; fill: #5b6f65 }
.room { fill: #eef6f0; stroke: #2f7d4f }
.floor { fill: #f7f8f7 }
path { fill: none; stroke: #6f8a7b; stroke-width: 0.8; opacity: 0.55 }
@media (prefers-color-scheme: dark) {
  text { fill: #e4efe8 } .part { text-anchor: start; font-weight: 600 }
.count { fill: #9db3a7 } .room { fill: #1c2b23; stroke: #58b380 } .floor { fill: #141a17 }
}
"""


def imports() -> dict[str, set[str]]:
    """-> room: the rooms it imports from."""
    rooms = {room for floor in LAYERS for room in floor}
    found: dict[str, set[str]] = {room: set() for room in rooms}
    for path in sorted((ROOT / "kicky").rglob("*.py")):
        room = path.relative_to(ROOT / "kicky").with_suffix("").parts[0]
        if room in rooms:
            found[room] |= {name.partition(".")[2] for name in imported(path) if name.startswith("kicky.")} & rooms
    return {room: others - {room} for room, others in found.items()}


def direct(uses: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Imports -> those that no longer way through other rooms explains."""
    beneath: dict[str, set[str]] = {}
    for room in (room for floor in reversed(LAYERS) for room in floor):  # only downwards: what is below is known
        beneath[room] = uses[room].union(*(beneath[other] for other in uses[room]))
    for room, others in sorted(uses.items()):
        yield from ((room, other) for other in sorted(others) if not any(other in beneath[via] for via in others))


def parts_of_the_house() -> list[tuple[str, int, int]]:
    """-> the headings under "The rooms" in the guide, each with the first of its rows and the one after its last."""
    told = GUIDE.read_text(encoding="utf-8").partition("## The rooms\n")[2].partition("\n## ")[0]
    first = {name: re.search(r"\*\*`(\w+)`\*\*", text)[1] for name, text in re.findall(r"### (.+)\n([^#]*)", told)}  # type: ignore[index]
    begins = [next(number for number, row in enumerate(rows()) if room in row) for room in first.values()]
    return list(zip(first, begins, [*begins[1:], len(rows())], strict=True))


def rows() -> list[list[str]]:
    """-> the floors from the top, one that is too wide for the picture in several rows."""
    wide: list[list[str]] = []
    for floor in LAYERS:
        row: list[str] = []
        for room in floor:
            if row and sum(map(_wide, row)) + _wide(room) + GAP * (len(row) + 2) > WIDTH - MARGIN:
                wide.append(row)
                row = []
            row.append(room)
        wide.append(row)
    return wide


def picture() -> str:
    """-> the rooms, floor by floor, and who imports whom, as SVG."""
    uses = imports()
    at: dict[str, tuple[float, float]] = {}
    for number, row in enumerate(rows()):
        x = MARGIN + (WIDTH - MARGIN - sum(map(_wide, row)) - GAP * (len(row) - 1)) / 2
        for room in row:
            at[room] = x + _wide(room) / 2, EDGE + number * FLOOR
            x += _wide(room) + GAP
    height = EDGE + len(rows()) * FLOOR
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">']
    parts += [
        "<title>The rooms of kicky/: each imports only from floors below its own</title>",
        f"<style>{STYLE}</style>",
    ]
    for name, begin, end in parts_of_the_house():
        top, tall = EDGE - 8 + begin * FLOOR, (end - begin) * FLOOR - 6
        parts.append(f'<rect class="floor" x="0" y="{top}" width="{WIDTH}" height="{tall}" rx="6"/>')
        parts += [
            f'<text class="part" x="12" y="{top + 22 + 17 * number}">{line}</text>'
            for number, line in enumerate(wrap(name, 20))
        ]
    parts += [_line(at[room], at[other]) for room, other in direct(uses)]
    for room, (x, y) in at.items():
        left = f"{x - _wide(room) / 2:.1f}"
        users = sum(room in others for others in uses.values())
        parts.append(f'<rect class="room" x="{left}" y="{y}" width="{_wide(room):.1f}" height="{TALL}" rx="6"/>')
        parts.append(f'<text x="{x:.1f}" y="{y + 15}">{room}</text>')
        parts.append(f'<text class="count" x="{x:.1f}" y="{y + 26}">{users or ""}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _wide(room: str) -> float:
    return LETTER * len(room) + 22


def _line(above: tuple[float, float], below: tuple[float, float]) -> str:
    (x0, y0), (x1, y1) = above, below
    y0 += TALL
    bend = max((y1 - y0) / 2, 12)
    return f'<path d="M{x0:.1f} {y0:.1f}C{x0:.1f} {y0 + bend:.1f} {x1:.1f} {y1 - bend:.1f} {x1:.1f} {y1:.1f}"/>'


def walk(folder: Path) -> Iterator[Step]:
    """Folder to draw in -> for each step of the first sample shot: the function, its arrow, what came out of it."""
    (film,) = gallery.make(folder, 1, silent)
    truth = json.loads(film.with_suffix(".truth.json").read_text(encoding="utf-8"))
    clip = video.open_clip(film)
    size, last_s = "×".join(map(str, clip.size_wh_px)), clip.time_s[-1]
    yield "video.open_clip", "file -> Clip", f"{film.name}: {len(clip.time_s)} frames of {size}, {last_s:.2f} s"
    found = footage.survey(clip, silent)
    still = "the camera moves" if found.moved else "the camera stands still"
    yield "footage.survey", "Clip -> Footage", f"{len(found.takes)} take, {still}"
    seen = list(make("motion")(clip))
    labels = np.concatenate([each.class_id for each in seen if each.class_id is not None])
    counts = f"{(labels == Label.BALL).sum()} balls that may be, {(labels == Label.PLAYER).sum()} bodies"
    yield "detectors.make", "Clip -> sv.Detections", f"{len(seen)} of them, a frame each: {counts}"
    report = pipeline.analyze(clip, "motion", scene.read(film.with_suffix(".scene.json")), silent)
    yield from _evidence(report.shot, len(tracking.link(clip, iter(seen)).players))
    yield from _answers(report, truth)


def _evidence(shot: Shot, players: int) -> Iterator[Step]:
    """Shot with all its evidence, how many players were linked -> the steps that gathered it."""
    assert shot.scene is not None
    assert shot.scene.camera is not None
    assert shot.flight is not None
    assert shot.pose is not None
    assert shot.body is not None
    camera, flight = shot.scene.camera, shot.flight
    yield "tracking.link", "Detections -> Sighting", f"{players} players and all balls that may be, frame by frame"
    x, y, z = camera.parameters[4:7]
    low, high = camera.focal_px * np.exp(np.array([-Z_90, Z_90]) * camera.covariance[0, 0] ** 0.5)
    where = f"the phone {y:.1f} m before the goal line, {abs(x):.1f} m {'right' if x > 0 else 'left'}, {z:.1f} m up"
    yield "scene.calibrate.calibrate", "Scene -> Camera", f"{where}; focal length {low:.0f} to {high:.0f} px"
    kick = shot.kick_frame or 0
    lay = "{:.0f}, {:.0f}".format(*shot.ball.centre_px[kick - 1])
    yield "choice.settled", "Sighting -> Shot", f"the ball that lay at {lay} px, struck in frame {kick}"
    off = f"{flight.residual_px:.1f} px off what was seen in {len(flight.seen)} frames"
    yield "flight.fit", "Shot -> Flight", f"{len(flight.samples_m)} likely paths from {flight.kick_time_s:.3f} s; {off}"
    marks = f"33 landmarks of {shot.shooter} in {len(shot.pose.frames)} frames"
    yield "body.pose.around_contact", "Shot -> Pose", marks
    many, _, joints, _ = shot.body.samples_m.shape
    yield "body.fit.fitted", "Shot -> Body", f"{many} likely bodies of {joints} joints"


def _answers(report: Report, truth: Mapping[str, Any]) -> Iterator[Step]:
    """Report, what was drawn -> the steps that made the answers of the evidence."""
    outcome, foot, speed = report.outcome, report.foot, report.measure("speed")
    verdict = f"{outcome.verdict}, {outcome.how}, P(goal) {outcome.p_goal:.2f}"
    yield "outcome.decide", "Shot -> Outcome", f"{verdict} (drawn: {truth['outcome']})"
    yield "body.foot.call", "Shot -> FootCall", f"{foot.foot}, P(left) {foot.p_left:.2f} (drawn: {truth['foot']})"
    told = f"{speed.value:.1f} km/h ({speed.low:.1f} to {speed.high:.1f})"
    yield "measures.speed.speed", "Shot -> Measure", f"{told} (drawn: {truth['speed_kmh']:.1f})"
    given = sum(measure.value is not None for measure in report.measures)
    yield (
        "pipeline.analyze",
        "Clip -> Report",
        f"{given} of {len(report.measures)} measures; the others say why not",
    )


def with_walk(steps: Iterable[Step]) -> str:
    """Steps -> the guide with them in their place."""
    before, _, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    rows = "".join(f"| `{function}` | {arrow} | {gave} |\n" for function, arrow, gave in steps)
    return (
        f"{before}{BEGIN}| Function | Arrow | What it gave |\n| --- | --- | --- |\n{rows}{END}{rest.partition(END)[2]}"
    )


def main() -> None:
    """Draw the picture, follow the shot."""
    PICTURE.write_text(picture(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        GUIDE.write_text(with_walk(walk(Path(folder))), encoding="utf-8")


if __name__ == "__main__":
    main()
