"""Where the ball lay before the kick, as the player says it -> metres from the goal line, and how surely."""

from __future__ import annotations

import math

from ..domain import Told
from ..errors import BadScene

SPOT, BOX, METRES, STEPS = "spot", "box", "metres", "steps"
# The penalty mark by the goal's inner size: metres, standard deviation. The smaller the game, the more leagues differ.
MARKS_M = {
    (7.32, 2.44): (11.0, 0.3),  # Laws of the Game, Law 1
    (4.88, 2.13): (8.2, 0.5),  # nine yards, the FA's 9 v 9
    (3.66, 1.83): (8.0, 0.6),
    (5.0, 2.0): (8.0, 0.6),
    (3.0, 2.0): (6.0, 0.3),  # Futsal Laws of the Game, Law 1
}
BOX_M = {(7.32, 2.44): (16.5, 0.5)}
STEP_M, STEP_SD, METRE_SD, LEAST_SD_M = 0.8, 0.12, 0.03, 0.3
NEAREST_M, FARTHEST_M = 0.5, 60.0
MOST_STEPS = int(FARTHEST_M / STEP_M)


def offered(goal_size_m: tuple[float, float]) -> dict[str, str]:
    """Goal -> what may be said of the ball's place there, with its words.

    >>> list(offered((7.32, 2.44)).values())[:2], list(offered((6.40, 2.13)))
    (['Penalty spot (11 m)', 'Edge of the box (16.5 m)'], ['metres', 'steps'])
    """
    said = {}
    if mark := MARKS_M.get(goal_size_m):
        said[SPOT] = f"Penalty spot ({mark[0]:g} m)"
    if edge := BOX_M.get(goal_size_m):
        said[BOX] = f"Edge of the box ({edge[0]:g} m)"
    return said | {METRES: "Metres from the goal line", STEPS: "Steps from the goal line"}


def spot(said: str, number: float | None, goal_size_m: tuple[float, float]) -> Told:
    """What was said, the metres or steps that were counted, the goal -> how far from the goal line in metres.

    Raises: BadScene where this goal has no such mark, or nobody kicks from so near or far.

    >>> spot("steps", 20, (7.32, 2.44))
    Told(value=16.0, sd=1.92, words='20 steps from the goal line')
    """
    if said not in offered(goal_size_m):
        raise BadScene("This goal has no mark of that kind: say the metres or steps from the goal line.")
    if said in (SPOT, BOX):
        metres, sd_m = (MARKS_M if said == SPOT else BOX_M)[goal_size_m]
        return Told(metres, sd_m, "the penalty spot" if said == SPOT else "the edge of the box")
    counted = float("nan") if number is None else float(number)
    metres = counted * STEP_M if said == STEPS else counted
    if not (math.isfinite(metres) and NEAREST_M <= metres <= FARTHEST_M):
        raise BadScene(
            f"The ball lay between {NEAREST_M:g} and {FARTHEST_M:g} m, or 1 and {MOST_STEPS} steps, "
            "from the goal line: correct the number."
        )
    sd_m = metres * STEP_SD if said == STEPS else max(metres * METRE_SD, LEAST_SD_M)
    unit = "m" if said == METRES else "step" if counted == 1 else "steps"
    return Told(round(metres, 2), round(sd_m, 2), f"{counted:g} {unit} from the goal line")
