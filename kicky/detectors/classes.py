"""What a model calls things -> what we call them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..domain import Label
from ..errors import MissingWeights

NAMES: Mapping[str, Label] = {
    **dict.fromkeys(("ball", "football", "soccer ball", "sports ball", "ball in goal"), Label.BALL),
    **dict.fromkeys(
        ("player", "person", "people", "human", "keeper", "goalkeeper", "shooter", "referee", "player with ball"),
        Label.PLAYER,
    ),
    **dict.fromkeys(("goal", "goal post", "goalpost", "goal posts", "goalposts", "goal frame"), Label.GOAL),
}


def plain(name: str) -> str:
    """Name -> lower case, words apart by one space.

    >>> plain("Player_with-Ball")
    'player with ball'
    """
    return re.sub(r"[\s_-]+", " ", name.strip().lower())


def labels(names: Mapping[int, str], model: str) -> dict[int, Label]:
    """A model's classes, its name -> those of them that we know; the rest is not looked for.

    >>> labels({0: "ball", 1: "player_with_ball", 2: "tree"}, "mine")
    {0: <Label.BALL: 0>, 1: <Label.PLAYER: 1>}

    Raises: MissingWeights when there is neither a ball nor a player among them.
    """
    known = {number: NAMES[plain(name)] for number, name in names.items() if plain(name) in NAMES}
    if not {Label.BALL, Label.PLAYER} & set(known.values()):
        seen = ", ".join(list(names.values())[:8]) or "nothing"
        raise MissingWeights(f"{model} knows neither ball nor player (it knows {seen}): choose another model.")
    return known
