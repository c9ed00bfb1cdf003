"""What the store holds -> plotly figures. No Streamlit here, and no theme: the page lends its colours.

saturdays: many shots. many: their map, and players side by side. mouth: where one crossed the goal's plane. space: its
flight in 3-D and from above. pace: how fast one was. swing: its angles through the kick. learning: how a student
learns, and how well it sees. reliability: is a probability kept. answered: how often each question is answered, and
rightly. body: the shooter in 3-D, and another beside; manikin: limbs of tubes. targets: what is played for, on the
goal's mouth, and what each shot made of it.
"""

from .answered import answered_bars
from .body import VIEWS, Ghost, angle_words, body, moment_words
from .learning import losses, precision, students
from .many import MOST, shot_map, small_multiples
from .mouth import goal_mouth
from .pace import speed_bar
from .reliability import reliability
from .saturdays import (
    EACH,
    LEVEL,
    NOBODY,
    by_player,
    conversion_words,
    foot_split,
    goals_by_saturday,
    measure_by_saturday,
)
from .space import flight_3d, pitch_map
from .swing import swing
from .targets import target_map

__all__ = [
    "EACH",
    "LEVEL",
    "MOST",
    "NOBODY",
    "VIEWS",
    "Ghost",
    "angle_words",
    "answered_bars",
    "body",
    "by_player",
    "conversion_words",
    "flight_3d",
    "foot_split",
    "goal_mouth",
    "goals_by_saturday",
    "losses",
    "measure_by_saturday",
    "moment_words",
    "pitch_map",
    "precision",
    "reliability",
    "shot_map",
    "small_multiples",
    "speed_bar",
    "students",
    "swing",
    "target_map",
]
