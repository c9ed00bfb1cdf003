"""A film of a whole session -> where its shots are, and each of them as a clip.

film: the film where it lies, opened without reading it through. bursts: where a ball flies towards the goal. cutting: a
stretch of it as a film of its own.
"""

from .bursts import Burst, propose
from .cutting import cut
from .film import SessionFilm, open_film, refuse_changed, unchanged

__all__ = ["Burst", "SessionFilm", "cut", "open_film", "propose", "refuse_changed", "unchanged"]
