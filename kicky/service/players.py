"""The people: who they are, who struck a shot, one renamed or forgotten."""

from __future__ import annotations

from collections.abc import Mapping

from .. import storage


def names() -> list[str]:
    """-> the names we know."""
    return storage.players()


def name(shot_id: int, player_name: str) -> None:
    """Shot, name -> remembered, also through a new analysis; an empty name takes it back. Raises: NotFound.

    Shots that nobody named are proposed to be of whom their shooter looks like.
    """
    storage.name_shooter(shot_id, player_name)


def confirm(shot_id: int) -> None:
    """Shot -> its shooter is who is proposed. Raises: NotFound when nobody is."""
    storage.confirm(shot_id)


def confirm_all(proposed: Mapping[int, str]) -> None:
    """Shot -> name: the shooter of each is who was proposed; where somebody else or nobody is by now, it stays so."""
    storage.confirm_all(proposed)


def deny(shot_id: int) -> None:
    """Shot -> its shooter is not who is proposed; somebody else may be proposed now. Raises: NotFound."""
    storage.deny(shot_id)


def rename(name: str, new: str) -> None:
    """Name, another -> the other's from now on; two that are known become one. Raises: StorageFailed."""
    from ..storage.removing import rename_player

    rename_player(name, new)


def forget(name: str) -> int:
    """Name -> gone, with looks, advice and labels; of how many shots it was taken. Raises: StorageFailed."""
    from ..storage.removing import forget_player
    from ..teach import forgetting

    forgetting.forget_person(name)
    return forget_player(name)
