"""Flight -> its path in the air and on the pitch, in metres, the goal far away as the shooter sees it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from .look import BALL, CHALK, NEUTRAL, OUTCOMES, PATH, PITCH, empty, plan, tint

if TYPE_CHECKING:
    from ..storage.flights import FlightView, Point

FULL_GOAL_M = 7.32
# Laws of the Game, law 1: how far the two areas reach beyond the posts and into the pitch, and the penalty mark.
AREAS_M, MARK_M = ((5.5, 5.5), (16.5, 16.5)), 11.0
GRID_M, MARGIN_M = 5.0, 1.5
FARTHEST = 1.3
NEAR_M = 4.0  # a name that may stand beside the penalty mark
LONGEST, EYE, CENTRE = 2.2, {"x": 0.95, "y": -1.5, "z": 0.55}, {"x": 0.0, "y": 0.0, "z": -0.22}
ROLES = {"shooter": PATH, "keeper": "#4a7fc1"}


def flight_3d(view: FlightView, outcome: str) -> go.Figure:
    """Flight, its outcome -> goal, pitch, path with likely others about it, where it was seen, the phone."""
    figure = empty()
    width, height = view.goal_size_m
    flown = [point for path in (view.path_m, *view.samples_m) for point in path]
    # A phone far behind the shooter would make the flight small; the map shows it in any case.
    far = FARTHEST * max([y for _, y, _ in flown], default=MARK_M)
    phone = [view.camera.xyz_m] if view.camera and abs(view.camera.xyz_m[1]) < far else []
    reach = flown + phone
    across = _bounds([-width / 2, width / 2, *(x for x, _, _ in reach)])
    out = _bounds([0.0, *(y for _, y, _ in reach)])
    _ground(figure, across, out)
    frame = [(-width / 2, 0, 0), (-width / 2, 0, height), (width / 2, 0, height), (width / 2, 0, 0)]
    _line(figure, frame, {"color": NEUTRAL, "width": 9})
    _line(figure, _broken(view.samples_m), {"color": PATH, "width": 2}, opacity=0.25)
    for path, dash in zip(_parts(view), ("solid", "dot"), strict=True):
        _line(figure, path, {"color": PATH, "width": 6, "dash": dash})
    _dots(figure, _seen(view), PATH, 4, "the ball was seen here")
    if view.crossing:
        place = [(view.crossing.x_m, 0.0, view.crossing.z_m)]
        _dots(figure, place, OUTCOMES.get(outcome, NEUTRAL), 8, "at the goal")
    _dots(figure, phone, NEUTRAL, 6, "the phone", "square")
    _stand(figure, across, out, max([height, *(z for _, _, z in reach)]) + 0.3)
    return figure


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    return min(values) - MARGIN_M, max(values) + MARGIN_M


def _stand(figure: go.Figure, across: tuple[float, float], out: tuple[float, float], high: float) -> None:
    """Bounds in metres -> one scale for all three axes, and a place to look from: right of the shooter and above."""
    sides = (across[1] - across[0], out[1] - out[0], high)
    scale = LONGEST / max(sides)
    ranges = (list(across), [-out[1], -out[0]], [-0.1, high])
    axes = {
        f"{name}axis": {"visible": False, "showspikes": False, "range": bounds}
        for name, bounds in zip("xyz", ranges, strict=True)
    }
    ratio = dict(zip("xyz", (side * scale for side in sides), strict=True))
    figure.update_layout(
        height=380, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode="turntable",
        scene={**axes, "aspectmode": "manual", "aspectratio": ratio, "camera": {"eye": EYE, "center": CENTRE}},
    )  # fmt: skip


def _line(figure: go.Figure, points: Iterable[Point | None], line: dict[str, Any], opacity: float = 1.0) -> None:
    """Points in the world's axes -> a line; a None breaks it. Plotly's axes are right-handed: y is turned about."""
    rows = [(None, None, None) if point is None else (point[0], -point[1], point[2]) for point in points]
    if rows:
        xs, ys, zs = zip(*rows, strict=True)
        figure.add_scatter3d(x=xs, y=ys, z=zs, mode="lines", line=line, opacity=opacity, hoverinfo="skip")


def _dots(figure: go.Figure, points: Sequence[Point], colour: str, size: int, words: str, sign: str = "circle") -> None:
    if not points:
        return
    figure.add_scatter3d(
        x=[x for x, _, _ in points], y=[-y for _, y, _ in points], z=[z for _, _, z in points], mode="markers",
        marker={"color": colour, "size": size, "symbol": sign, "line": {"color": CHALK, "width": 1}}, name=words,
        customdata=[(y, z) for _, y, z in points],
        hovertemplate=f"<b>{words}</b><br>%{{customdata[0]:.1f}} m out, %{{customdata[1]:.1f}} m high<extra></extra>",
    )  # fmt: skip


def _ground(figure: go.Figure, across: tuple[float, float], out: tuple[float, float]) -> None:
    """The pitch between these bounds, with a line every GRID_M metres and the goal line."""
    (x0, x1), (y0, y1) = across, out
    figure.add_mesh3d(
        x=[x0, x1, x1, x0], y=[-y0, -y0, -y1, -y1], z=[-0.08] * 4, i=[0, 0], j=[1, 2], k=[2, 3], color=PITCH,
        hoverinfo="skip", lighting={"ambient": 1, "diffuse": 0, "specular": 0},
    )  # fmt: skip
    steps = range(int(y0 // GRID_M) + 1, int(y1 // GRID_M) + 1)
    rows = [line for step in steps if step for line in ((x0, step * GRID_M, 0.0), (x1, step * GRID_M, 0.0), None)]
    steps = range(int(x0 // GRID_M) + 1, int(x1 // GRID_M) + 1)
    rows += [line for step in steps for line in ((step * GRID_M, y0, 0.0), (step * GRID_M, y1, 0.0), None)]
    _line(figure, rows, {"color": CHALK, "width": 1}, opacity=0.4)
    _line(figure, [(x0, 0.0, 0.0), (x1, 0.0, 0.0)], {"color": CHALK, "width": 4})


def _parts(view: FlightView) -> tuple[list[Point], list[Point]]:
    """Flight -> the path while it holds, and how it would have gone on."""
    flown = sum(time_s <= view.until_s for time_s in view.time_s)
    if view.crossing and view.crossing.reached:
        flown = len(view.path_m)
    return list(view.path_m[:flown]), list(view.path_m[max(flown - 1, 0) :]) if flown < len(view.path_m) else []


def _seen(view: FlightView) -> list[Point]:
    return [point for point, seen in zip(view.path_m, view.seen, strict=True) if seen]


def _broken(paths: Iterable[Sequence[Point]]) -> list[Point | None]:
    """Paths -> one, broken between them: a figure draws one line faster than many."""
    return [point for path in paths for point in (*path, None)]


def pitch_map(view: FlightView, outcome: str) -> go.Figure:
    """Flight, its outcome -> the pitch from above, goal at the top: path, players at contact, phone and its view."""
    width = view.goal_size_m[0]
    phone = view.camera.xyz_m if view.camera else None
    spots = [(x, y) for x, y, _ in view.path_m] + [(place.x_m, place.y_m) for place in view.places]
    spots += [phone[:2]] if phone else []
    xs, ys = [x for x, _ in spots] + [-width / 2, width / 2], [y for _, y in spots] + [0.0]
    figure = plan((min(xs) - 2, max(xs) + 2), (max(ys) + 2, min(ys) - 2.5), 420)
    figure.update_layout(plot_bgcolor=PITCH)
    _wedge(figure, view, max(ys) + 6)
    _lines(figure, width)
    _flat(figure, _broken(view.samples_m), {"color": tint(PATH, 0.3), "width": 1})
    for path, dash in zip(_parts(view), ("solid", "dot"), strict=True):
        _flat(figure, path, {"color": PATH, "width": 3, "dash": dash})
    _marks(figure, [(x, y) for x, y, _ in _seen(view)], PATH, 5)
    if view.crossing:
        _marks(figure, [(view.crossing.x_m, 0.0)], OUTCOMES.get(outcome, NEUTRAL), 11, ["at the goal"])
    for place in view.places:
        words = f"{place.label} {place.role}" if place.role in ROLES else place.label
        spot, away = (place.x_m, place.y_m), _away(place.x_m, place.y_m) if width == FULL_GOAL_M else "bottom left"
        _marks(figure, [spot], ROLES.get(place.role, BALL), 15, [words], beside=away)
    if phone:
        _marks(figure, [phone[:2]], CHALK, 12, ["  phone"], "square", beside="middle right")
    return figure


def _away(x: float, y: float) -> str:
    """Where somebody stands -> on which side of him his name is never taken for that of the penalty mark."""
    if abs(x) > NEAR_M or abs(y - MARK_M) > NEAR_M:
        return "bottom left"
    return f"{'bottom' if y >= MARK_M - 0.5 else 'top'} {'left' if x <= 0 else 'right'}"


def _wedge(figure: go.Figure, view: FlightView, far_m: float) -> None:
    """What the phone sees of the ground."""
    if view.camera is None:
        return
    x, y, _ = view.camera.xyz_m
    ends = [(x + 2 * far_m * u, y + 2 * far_m * v) for u, v in view.camera.edges]
    figure.add_scatter(
        x=[x, *(end[0] for end in ends), x], y=[y, *(end[1] for end in ends), y], mode="lines", fill="toself",
        fillcolor=tint(CHALK, 0.10), line={"color": tint(CHALK, 0.35), "width": 1}, hoverinfo="skip",
    )  # fmt: skip


def _lines(figure: go.Figure, width: float) -> None:
    """Goal line and goal; the areas and the mark only where the goal is of full size."""
    chalk = {"color": CHALK, "width": 1.5}
    figure.add_shape(type="line", xref="paper", x0=0, x1=1, y0=0, y1=0, line=chalk)
    if width == FULL_GOAL_M:
        for beyond, deep in AREAS_M:
            x = width / 2 + beyond
            _flat(figure, [(-x, 0, 0), (-x, deep, 0), (x, deep, 0), (x, 0, 0)], chalk)
        _marks(figure, [(0.0, MARK_M)], tint(CHALK, 0.6), 3, sign="line-ew-open")
    _flat(figure, [(-width / 2, 0, 0), (width / 2, 0, 0)], {"color": CHALK, "width": 7})


def _flat(figure: go.Figure, points: Iterable[Point | None], line: dict[str, Any]) -> None:
    rows = [(None, None) if point is None else point[:2] for point in points]
    if rows:
        xs, ys = zip(*rows, strict=True)
        figure.add_scatter(x=xs, y=ys, mode="lines", line=line, hoverinfo="skip")


def _marks(
    figure: go.Figure,
    spots: Sequence[tuple[float, float]],
    colour: str,
    size: int,
    words: Sequence[str] = (),
    sign: str = "circle",
    beside: str = "",
) -> None:
    figure.add_scatter(
        x=[x for x, _ in spots], y=[y for _, y in spots], mode="markers+text" if words else "markers",
        marker={"color": colour, "size": size, "symbol": sign, "line": {"color": CHALK, "width": 1}},
        text=list(words), textposition=beside or "top center",
        textfont={"color": CHALK, "size": 12}, hoverinfo="skip",
    )  # fmt: skip
