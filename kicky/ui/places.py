"""Where the ball crossed and where the phone stood -> words, as a friend would say them."""

from __future__ import annotations

from ..shown import Z_90, give_or_take, metres, percent
from ..storage.flights import CameraView, CrossingView, FlightView
from ..storage.views import ShotView


def place(crossing: CrossingView, goal_size_m: tuple[float, float]) -> tuple[str, str]:
    """Crossing, goal's width and height -> where, across and in height, as a friend would say it."""
    (width, height), side = goal_size_m, "right" if crossing.x_m >= 0 else "left"
    inside = width / 2 - abs(crossing.x_m)
    if inside < 0:
        across = f"{metres(-inside)} outside the {side} post"
    elif inside < width / 3:
        across = f"{metres(inside)} inside the {side} post"
    else:
        across = f"{metres(abs(crossing.x_m))} {side} of the middle"
    over = crossing.z_m - height
    return across, f"{metres(over)} over the bar" if over > 0 else f"{metres(max(crossing.z_m, 0.0))} high"


def zone(crossing: CrossingView) -> str:
    """Crossing -> 'Top left', 'Outside the goal'."""
    name = crossing.zone or "outside the goal"
    return name[:1].upper() + name[1:]


def fits(crossing: CrossingView, goal_size_m: tuple[float, float], shot: ShotView) -> bool:
    """Crossing, goal's size, shot -> whether the likeliest place and the verdict say the same.

    A verdict weighs all the paths that fit and what the ball did after them; the likeliest of them alone may say other.
    """
    if shot.outcome == "unsure":
        return not near(crossing, goal_size_m)
    inside_too = ("saved", "short", "post", "unclear")  # no goal, though the path led into it
    return bool(crossing.zone) == (shot.outcome == "goal") or (shot.outcome == "no_goal" and shot.how in inside_too)


def near(crossing: CrossingView, goal_size_m: tuple[float, float]) -> str:
    """Crossing, goal's size -> 'Close to the left post', '' where nine in ten paths keep clear of the frame."""
    (width, height), side = goal_size_m, "right" if crossing.x_m >= 0 else "left"
    beside, over = abs(crossing.x_m) - width / 2, crossing.z_m - height
    doubt_x, doubt_z = (Z_90 * sigma for sigma in crossing.sigma_m)
    inside = beside < 0 and over < 0
    post = abs(beside) <= doubt_x and over < doubt_z
    bar = abs(over) <= doubt_z and beside < doubt_x
    if post and (not bar or (abs(beside) < abs(over)) == inside):
        return f"Close to the {side} post"
    return "Close to the bar" if bar else ""


def crossing_words(crossing: CrossingView, goal_size_m: tuple[float, float]) -> str:
    """Crossing, goal's size -> the sentence, with what nine in ten flights keep to."""
    across, up = place(crossing, goal_size_m)
    doubt_x, doubt_z = (metres(Z_90 * sigma) for sigma in crossing.sigma_m)
    return f"{across[:1].upper()}{across[1:]} (± {doubt_x}), {up} (± {doubt_z})."


def camera_words(camera: CameraView) -> str:
    """Camera -> where the phone stood and what its lens is taken for, and by what."""
    x, y, height = camera.xyz_m
    _, doubt_y, doubt_height = (Z_90 * sigma for sigma in camera.sigma_m)
    away = (x * x + y * y) ** 0.5
    return (
        f"The phone stood {metres(away)} from the goal ({give_or_take(away, doubt_y)}), its lens {metres(height)} "
        f"above the ground ({give_or_take(height, doubt_height)}; from {_source(camera.height_from)}). "
        f"It sees {camera.angle_deg:.0f}° across, give or take {percent(Z_90 * camera.focal_sigma)} "
        f"(from {_source(camera.focal_from)}); lengths and speeds are as uncertain as that. {camera.given_up}"
    ).rstrip()


def _source(words: str) -> str:
    return "what you said" if words == "you said" else words


def seen_words(view: FlightView) -> str:
    """Flight -> in how many frames the ball was seen on it."""
    count = sum(view.seen)
    return f"The ball was seen in {count} frame{'s' * (count != 1)} between the foot and the goal."
