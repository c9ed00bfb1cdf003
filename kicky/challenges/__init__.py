"""What friends play for: targets in the goal's mouth, the weak foot, streaks, the hardest, one against another.

tries: what a game knows of a shot, and how many were hit. targets: parts of the goal's mouth, and what each shot made
of them. games: the challenges. standings: who leads, as surely as that is known. rivals: two players over their days.

A shot that nobody could tell is neither a hit nor a miss: it is counted beside them, and a place or a win that hangs on
it is called open.
"""

from .games import GAMES, IN_A_ROW, Game, weak_foot
from .rivals import OPEN, Duel, duel, duels
from .standings import Place, Strongest, leaders, places, strongest
from .targets import CORNERS, ZONES, Zone, chance, on_target
from .tries import Crossing, Result, Run, Spread, Tally, Try, longest, tally

__all__ = [
    "CORNERS",
    "GAMES",
    "IN_A_ROW",
    "OPEN",
    "ZONES",
    "Crossing",
    "Duel",
    "Game",
    "Place",
    "Result",
    "Run",
    "Spread",
    "Strongest",
    "Tally",
    "Try",
    "Zone",
    "chance",
    "duel",
    "duels",
    "leaders",
    "longest",
    "on_target",
    "places",
    "strongest",
    "tally",
    "weak_foot",
]
