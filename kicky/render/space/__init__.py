"""A replay (docs/replay.md) -> pictures of it, drawn without a browser: from the keeper's eyes, or any other view.

told: its document as arrays. stands: where it is looked from. canvas: what shapes are drawn on. ground: what stands
still. people: rounded figures. picture: all of it at a moment. film: those in their time, with the words beneath.
"""

from .film import Shown, replayed, shown
from .stands import offered

__all__ = ["Shown", "offered", "replayed", "shown"]
