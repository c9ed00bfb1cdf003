"""Body -> a figure to turn: the shooter, the ball and its way, a moment at a time; another shot as a ghost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import plotly.graph_objects as go

from ..body.limbs import ARMS, BALL_RADIUS_M, HEAD, LEGS, TRUNK
from . import manikin
from .look import CHALK, NEUTRAL, PATH, PITCH, empty
from .manikin import Mesh, Point

if TYPE_CHECKING:
    from ..storage.bodies import BodyView
    from ..storage.views import MeasureView

STANDING, GHOST, SHADE, LIKELY = "#4a7fc1", "#c06bb0", "#0c2a17", "#a3aea6"
SIDE, BEHIND, ABOVE, FILMED = VIEWS = ("Side", "Behind", "Above", "As filmed")
SHOWN_M, HIGH, NEAR = 2.4, 2.2, 2.0  # from the figure's foot to its top: in metres, and in Plotly's unit; the eye's way
HIPS_M, LOWEST = 0.9, 0.05  # a phone in the grass looks at a body from ahead, not from under the ground
MARGIN_M, ARROW_M, GRID_M, GRASS_M = 0.35, 0.7, 0.5, -0.012
SLOWER_MS = 90  # a frame is shown for: 0.02 s of the swing
LIGHT = {"ambient": 0.8, "diffuse": 0.7, "specular": 0.1, "roughness": 0.9, "fresnel": 0.1}


class Label(NamedTuple):
    """An angle, what it is called, at which joint it is written, in which colour, and whether on the outer side."""

    name: str
    word: str
    joint: int
    colour: str
    outer: bool


ROOM = 6 * "\u00a0"  # from the joint to the limb's edge
# Colours to be read on light and on dark.
LABELS = (
    Label("kicking_knee", "", 4, "#b8681a", True),
    Label("support_knee", "", 5, "#4a7fc1", False),
    Label("trunk_lean", "lean ", HEAD, "#76817a", False),
)


class Ghost(NamedTuple):
    """Another shot's body, and whether it is shown in a mirror."""

    view: BodyView
    mirrored: bool


def body(view: BodyView, moment: int, seen: str, ghost: Ghost | None = None) -> go.Figure:
    """Body, the row shown, one of VIEWS, another body or None -> the figure; its frames are the whole swing."""
    figure = empty()
    span = _span(view, ghost)
    _field(figure, span, view)
    still = len(figure.data)
    rows = range(len(view.since_s))
    for trace in _moving(view, moment, seen, ghost):
        figure.add_trace(trace)
    moved = list(range(still, len(figure.data)))
    figure.frames = [
        go.Frame(
            name=str(row), data=list(_moving(view, row, seen, ghost)), traces=moved,
            layout={"annotations": [_when(view, row)]},
        )
        for row in rows
    ]  # fmt: skip
    _stand(figure, span, eye(view, seen), view.joints_m[view.contact])
    figure.update_layout(annotations=[_when(view, moment)])
    _play(figure, [str(row) for row in (*rows, moment)])
    _slide(figure, view, moment)
    return figure


def eye(view: BodyView, seen: str) -> Point:
    """Body, one of VIEWS -> from which direction it is looked at, of length 1."""
    if seen == FILMED:
        x, y, z = view.phone_m
        away = (x, y, max(z - HIPS_M, LOWEST * math.hypot(x, y)))
    else:
        beside = -1.0 if view.kicks_left else 1.0
        away = {BEHIND: (0.0, -1.0, 0.06), ABOVE: (0.0, -0.02, 1.0)}.get(seen, (beside, 0.0, 0.06))
    size = max(math.hypot(*away), 1e-9)
    return away[0] / size, away[1] / size, away[2] / size


def mirrored(joints: Sequence[Point]) -> tuple[Point, ...]:
    """Joints -> left is right. A joint keeps its name: it goes by the part it plays, not by its side."""
    return tuple((-x, y, z) for x, y, z in joints)


def beside(view: BodyView, ghost: Ghost, row: int) -> tuple[Point, ...] | None:
    """Body, ghost, row of the body -> the ghost's joints as long before or after its own contact; None: not seen."""
    off = [abs(since - view.since_s[row]) for since in ghost.view.since_s]
    nearest = min(range(len(off)), key=off.__getitem__)
    if off[nearest] > 0.015:
        return None
    joints = ghost.view.joints_m[nearest]
    return mirrored(joints) if ghost.mirrored else joints


def _moving(view: BodyView, row: int, seen: str, ghost: Ghost | None) -> Iterator[Any]:
    """-> what a moment is drawn of: always as many traces, in the same order."""
    joints = view.joints_m[row]
    yield _lines(_flat(joints), SHADE, 5, 0.45, "shadow")
    for name, colour, mesh in (
        ("standing side", STANDING, manikin.side(joints, "standing")),
        ("trunk and head", NEUTRAL, manikin.trunk(joints)),
        ("kicking side", PATH, manikin.side(joints, "kicking")),
    ):
        yield _mesh(mesh, colour, 1.0, name)
    at_contact = row == view.contact
    yield _lines(_core(view.likely_m if at_contact else ()), LIKELY, 2, 0.75, "likely")
    yield _words(view if at_contact and seen != ABOVE else None, joints, seen)
    if ghost is not None:
        other = beside(view, ghost, row)
        yield _mesh(manikin.everything(other) if other else Mesh([], []), GHOST, 0.5, "the other")


def _mesh(mesh: Mesh, colour: str, opacity: float, name: str) -> go.Mesh3d:
    """Corners and faces -> the trace, to the millimetre."""
    xs, ys, zs = ([round(corner[axis], 3) for corner in mesh.corners] for axis in range(3))
    i, j, k = ([face[corner] for face in mesh.faces] for corner in range(3))
    return go.Mesh3d(
        x=xs, y=ys, z=zs, i=i, j=j, k=k, color=colour, opacity=opacity, name=name, hoverinfo="skip",
        lighting=LIGHT, lightposition={"x": 2000, "y": -3000, "z": 9000},
    )  # fmt: skip


def _lines(points: Sequence[Point | None], colour: str, width: int, opacity: float, name: str) -> go.Scatter3d:
    xs, ys, zs = ([point and round(point[axis], 3) for point in points] for axis in range(3))
    line = {"color": colour, "width": width}
    return go.Scatter3d(
        x=xs, y=ys, z=zs, mode="lines", line=line, opacity=opacity, name=name, hoverinfo="skip", connectgaps=False
    )


def _flat(joints: Sequence[Point]) -> list[Point | None]:
    """Joints -> the shadow that the limbs throw on the ground from a sun straight above."""
    chains = [*LEGS.values(), *ARMS.values(), TRUNK, (0, HEAD)]
    return _broken([[(joints[at][0], joints[at][1], 0.02) for at in chain] for chain in chains])


def _core(bodies: Sequence[Sequence[Point]]) -> list[Point | None]:
    """Likely bodies of ten joints -> their legs and trunks as one broken line."""
    return _broken([[joints[at] for at in chain] for joints in bodies for chain in (*LEGS.values(), TRUNK)])


def _broken(paths: Sequence[Sequence[Point]]) -> list[Point | None]:
    return [point for path in paths for point in (*path, None)]


def angle_words(measure: MeasureView) -> str:
    """Angle -> '149° ± 12°', '' where it is not given."""
    if measure.value is None or measure.low is None or measure.high is None:
        return ""
    return f"{measure.value:.0f}° ± {(measure.high - measure.low) / 2:.0f}°".replace("-", "−")


def _words(view: BodyView | None, joints: Sequence[Point], seen: str) -> go.Scatter3d:
    """Body at contact, None at other moments -> its angles, written at their joints, apart from each other."""
    given = view.angles if view else {}
    said = [(f"{ROOM}<b>{label.word}{text}</b>{ROOM}", label) for label in LABELS if (text := _told(given, label.name))]
    # From the side the standing knee is told ahead and the kicking one behind; else each on its own side.
    left = view is not None and view.kicks_left
    sides = ("right", "left") if (seen == SIDE) != left else ("left", "right")
    xs, ys, zs = ([joints[label.joint][axis] for _, label in said] for axis in range(3))
    return go.Scatter3d(
        x=xs, y=ys, z=zs, mode="text", text=[text for text, _ in said], name="angles", hoverinfo="skip",
        textposition=[f"middle {sides[label.outer]}" for _, label in said],
        textfont={"size": 14, "color": [label.colour for _, label in said]},
    )  # fmt: skip


def _told(angles: Mapping[str, MeasureView], name: str) -> str:
    return angle_words(angles[name]) if name in angles else ""


Span = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]


def _span(view: BodyView, ghost: Ghost | None) -> Span:
    """-> what is to be seen along each axis: the same in every moment, so that nothing jumps."""
    points = [point for joints in view.joints_m for point in joints]
    points += [(0.0, ARROW_M, 0.0), (0.0, 0.0, 0.0)]
    if ghost is not None:
        points += [p for row in range(len(view.since_s)) for p in beside(view, ghost, row) or ()]
    (x0, x1), (y0, y1), (_, high) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    return (x0 - MARGIN_M, x1 + MARGIN_M), (y0 - MARGIN_M, y1 + MARGIN_M), (-0.04, high + 0.15)


def _field(figure: go.Figure, span: Span, view: BodyView) -> None:
    """The ground with a line every half metre, the ball where it lay, the way that it goes and how sure that is."""
    (x0, x1), (y0, y1), _ = span
    flat = {"ambient": 1, "diffuse": 0, "specular": 0}
    figure.add_mesh3d(x=[x0, x1, x1, x0], y=[y0, y0, y1, y1], z=[-0.03] * 4, i=[0, 0], j=[1, 2], k=[2, 3],
                      color=PITCH, hoverinfo="skip", lighting=flat, name="ground")  # fmt: skip
    rows: list[list[Point]] = [[(x0, y, GRASS_M), (x1, y, GRASS_M)] for y in _steps(y0, y1)]
    rows += [[(x, y0, GRASS_M), (x, y1, GRASS_M)] for x in _steps(x0, x1)]
    figure.add_trace(_lines(_broken(rows), CHALK, 2, 0.4, "grid"))
    wide = ARROW_M * math.tan(math.radians(min(view.way_doubt_deg, 60.0)))
    figure.add_mesh3d(x=[0, -wide, wide], y=[0, ARROW_M, ARROW_M], z=[0.01] * 3, i=[0], j=[1], k=[2], color=PATH,
                      opacity=0.45, hoverinfo="skip", lighting=flat, name="doubt")  # fmt: skip
    figure.add_trace(_lines([(0.0, 0.0, 0.04), (0.0, ARROW_M, 0.04)], CHALK, 6, 1.0, "way"))
    figure.add_cone(x=[0], y=[ARROW_M], z=[0.04], u=[0], v=[0.22], w=[0], sizemode="raw", sizeref=1, anchor="tip",
                    colorscale=[[0, CHALK], [1, CHALK]], showscale=False, hoverinfo="skip", name="tip")  # fmt: skip
    figure.add_trace(_mesh(manikin.sphere((0.0, 0.0, BALL_RADIUS_M), BALL_RADIUS_M), "#ffffff", 1.0, "ball"))


def _steps(low: float, high: float) -> list[float]:
    return [GRID_M * step for step in range(math.ceil(low / GRID_M), math.floor(high / GRID_M) + 1)]


def _stand(figure: go.Figure, span: Span, away: Point, joints: Sequence[Point]) -> None:
    """What is to be seen, from where, the body looked at -> one scale for all axes, none of them drawn; as through a
    long lens, so that lengths compare."""
    scale = SHOWN_M / HIGH  # without perspective the eye's distance does not matter, the axes' lengths do
    axes = {
        f"{name}axis": {"visible": False, "showspikes": False, "range": list(bounds)}
        for name, bounds in zip("xyz", span, strict=True)
    }
    reach = [*joints, (0.0, 0.0, 0.0)]
    middle = [(min(axis) + max(axis)) / 2 for axis in zip(*reach, strict=True)]
    centre = [(at - (low + high) / 2) / scale for at, (low, high) in zip(middle, span, strict=True)]
    camera = {
        "eye": {name: at + NEAR * part for name, at, part in zip("xyz", centre, away, strict=True)},
        "center": dict(zip("xyz", centre, strict=True)), "up": {"x": 0, "y": 0, "z": 1},
        "projection": {"type": "orthographic"},
    }  # fmt: skip
    ratio = {name: (high - low) / scale for name, (low, high) in zip("xyz", span, strict=True)}
    figure.update_layout(
        dragmode="turntable",
        scene={**axes, "aspectmode": "manual", "aspectratio": ratio, "camera": camera},
    )  # fmt: skip


def moment_words(view: BodyView, row: int) -> str:
    """Body, row -> 'contact', '0.10 s before', '0.10 s after'."""
    since = view.since_s[row]
    return "contact" if row == view.contact else f"{abs(since):.2f} s {'before' if since < 0 else 'after'}"


def _when(view: BodyView, row: int) -> dict[str, Any]:
    """-> the moment, written in the corner: it goes on while the swing is played."""
    return {
        "text": f"<b>{moment_words(view, row)}</b>", "x": 1.0, "y": 1.0, "xref": "paper", "yref": "paper",
        "xanchor": "right", "yanchor": "top", "xshift": -8, "yshift": -8, "showarrow": False, "font": {"size": 16},
    }  # fmt: skip


def _shown_for(milliseconds: int) -> dict[str, Any]:
    return {"frame": {"duration": milliseconds, "redraw": True}, "transition": {"duration": 0}, "mode": "immediate"}


def _slide(figure: go.Figure, view: BodyView, moment: int) -> None:
    """A slider through the swing under the body, contact marked on it: it needs no answer from the page."""
    steps = [
        {"label": "contact" if row == view.contact else "", "method": "animate", "args": [[str(row)], _shown_for(0)]}
        for row in range(len(view.since_s))
    ]
    figure.update_layout(
        height=480, margin={"l": 0, "r": 0, "t": 0, "b": 56},
        sliders=[{
            "active": moment, "steps": steps, "x": 0.0, "len": 1.0, "y": 0.0, "yanchor": "top",
            "pad": {"l": 16, "r": 16, "t": 8, "b": 0}, "currentvalue": {"visible": False}, "bgcolor": NEUTRAL,
            "activebgcolor": PATH, "bordercolor": NEUTRAL, "tickcolor": NEUTRAL, "ticklen": 5, "minorticklen": 5,
        }],
    )  # fmt: skip


def _play(figure: go.Figure, names: Sequence[str]) -> None:
    """Frames in their order -> a button that shows them slowly, and ends on the moment shown before."""
    button = {"label": "▶ Play slowly", "method": "animate", "args": [list(names), _shown_for(SLOWER_MS)]}
    figure.update_layout(
        updatemenus=[{
            "type": "buttons", "buttons": [button], "showactive": False, "x": 0.0, "y": 1.0, "xanchor": "left",
            "yanchor": "top", "pad": {"l": 4, "t": 4}, "bgcolor": CHALK, "bordercolor": NEUTRAL,
            "font": {"color": "#15231a", "size": 14},
        }],
    )  # fmt: skip
