"""What may be asked of the coaches.

A page shows the analysis at once, then goes through `advise` and draws each passage as it comes. The answer is stored
when it is whole; a page that is left, or a coach that fails before its first section, leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from .. import packages, weights
from ..coaches import COACHES
from ..coaches.address import checked, machine
from ..errors import UnknownPart
from ..registry import load
from ..storage import advice as store
from ..storage import settings
from ..storage.views import AdviceView, PassageView, ShotView

if TYPE_CHECKING:
    from ..domain import Brief, Image

TITLES = {"rules": "Rules", "server": "A server of your own"}
Passages = Generator[PassageView, None, None]
OnPiece = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class CoachView:
    """One coach to choose. `missing` says what to do before it can be asked, `warning` what to expect, both or neither.

    `sends_to` is the machine that facts and pictures go to, empty when nothing leaves this process; `fetches` what
    it lacks; `newer` a model that would take the place of the one it has, or is offered, "" where there is none.
    """

    name: str
    title: str
    ready: bool
    missing: str = ""
    warning: str = ""
    sends_to: str = ""
    fetches: tuple[str, ...] = ()
    newer: str = ""


@dataclass(frozen=True, slots=True)
class CostView:
    """Something that cost goals, in words, and the missed shots that show it."""

    text: str
    shots: tuple[ShotView, ...]


@dataclass(frozen=True, slots=True)
class ServerView:
    """The player's server: its address, empty while there is none, its model, and whether a key is kept."""

    address: str = ""
    model: str = ""
    has_key: bool = False


def coaches() -> list[CoachView]:
    """-> every coach, the default first."""
    views = {"minicpm": _minicpm, "server": _server}
    return [views[name]() if name in views else CoachView(name, TITLES.get(name, name), True) for name in COACHES]


def unheard(_piece: str) -> None:
    """A piece of advice that nobody counts."""


def advise(shot_id: int, coach: str = "rules", on_piece: OnPiece = unheard) -> Passages:
    """Shot, coach -> the passages as they come; asking again is a new answer, stored beside the old.

    `on_piece` gets each piece that the coach sends, long before a passage is whole, and an empty one each second while
    none comes; what it raises, or closing the generator, stops the coach and nothing is stored.
    Raises: NotFound, UnknownPart, CoachFailed, MissingWeights; a coach that breaks off later is completed by the rules.
    """
    from . import briefs

    brief = briefs.of_shot(shot_id)
    pictures = briefs.strike(shot_id) if _looks(coach) else []
    yield from _advised(brief, pictures, coach, on_piece, shot_id=shot_id)


def advice(shot_id: int) -> list[AdviceView]:
    """Shot -> what coaches said of it, newest first. Raises: NotFound."""
    return store.advice_of_shot(shot_id)


def advise_session(session_id: int, player: str, coach: str = "rules", on_piece: OnPiece = unheard) -> Passages:
    """Session, player -> what improved, what did not, what to train next, as `advise` gives it. Raises as `advise`."""
    about = {"session_id": session_id, "player": player}
    yield from _advised(session_brief(session_id, player), [], coach, on_piece, **about)


def session_advice(session_id: int, player: str) -> list[AdviceView]:
    """Session, player -> what coaches said of it, newest first. Raises: NotFound."""
    return store.advice_of_session(session_id, player)


def session_brief(session_id: int, player: str) -> Brief:
    """Session, player ("" for shots without a name) -> the facts: goals with intervals, means, sure changes.

    Raises: NotFound when the session has no shot of that player.
    """
    from . import briefs

    return briefs.of_session(session_id, player)


def session_costs(session_id: int, player: str) -> list[CostView]:
    """Session, player -> at most two things that cost most goals, with the shots that show them. Raises: NotFound."""
    from . import briefs

    shots = briefs.shots_of(session_id, player)
    found = session_brief(session_id, player).costs
    return [CostView(cost.text, tuple(shots[place] for place in cost.shots)) for cost in found]


def holds(view: AdviceView) -> bool:
    """Advice -> whether a coach would be told the same today; False once the facts are others. Raises: NotFound."""
    from ..coaches.prompt import prompt_hash
    from . import briefs

    if view.shot_id is not None:
        return prompt_hash(briefs.of_shot(view.shot_id)) == view.prompt_hash
    return prompt_hash(session_brief(view.session_id or 0, view.player)) == view.prompt_hash


def thumb(advice_id: int, up: bool | None) -> None:
    """Advice, up, down or neither -> kept for evaluation. Raises: NotFound."""
    store.set_thumbs(advice_id, up)


def server_settings() -> ServerView:
    """-> the player's server; the key itself is not told."""
    values = settings.server()
    return ServerView(values["address"], values["model"], bool(values["key"]))


def set_server(address: str, model: str = "", key: str | None = None) -> None:
    """Address ("" switches it off), model, key (None keeps the old one at the same machine) -> remembered.

    A key never goes on to another machine than it was given for. Raises: CoachFailed when that is no address.
    """
    address = address.strip()
    if key is None:
        old = settings.server()
        key = old["key"] if machine(old["address"]) == machine(address) else ""
    if address:
        checked(address, key.strip())
    settings.set_server(address, model.strip(), key.strip() if address else "")


def offered_server() -> ServerView:
    """-> the server that a backup named, while nobody has said whether to use it; else none."""
    offer = settings.offered()
    return ServerView(offer["address"], offer["model"])


def answer_offer(take: bool) -> None:
    """Whether to use the server that a backup named -> so it is. Raises: CoachFailed when that is no address."""
    offer = offered_server()
    if take and offer.address:
        set_server(offer.address, offer.model)
    settings.decline()


def server_models() -> list[str]:
    """-> what the player's server has, to choose from. Raises: CoachFailed."""
    made: Any = load(COACHES, "server")(**settings.server())
    return list(made.models())


def free_models() -> None:
    """Give back the memory that models hold; waits for an answer under way."""
    from ..coaches import minicpm

    minicpm.free()


def _advised(brief: Brief, pictures: list[Image], coach: str, on_piece: OnPiece, **about: Any) -> Passages:
    """Brief, pictures, coach, what it is about -> guarded passages; stored once the last one was taken."""
    from ..coaches.guard import guard
    from ..coaches.prompt import prompt_hash

    start, shown = perf_counter(), []
    with closing(guard(_heard(_made(coach)(brief, pictures), on_piece), brief)) as passages:
        for passage in passages:
            shown.append(PassageView(passage.title, passage.text, passage.replaced, passage.why))
            yield shown[-1]
    seconds = perf_counter() - start
    store.keep_advice(shown, coach=coach, model=_model(coach), prompt_hash=prompt_hash(brief), seconds=seconds, **about)


def _heard(pieces: Iterable[str], on_piece: OnPiece) -> Iterator[str]:
    """Pieces -> the same, each told; the coach is closed with it, or when the telling raises."""
    try:
        for piece in pieces:
            on_piece(piece)
            yield piece
    finally:
        if (close := getattr(pieces, "close", None)) is not None:
            close()


def _made(coach: str) -> Any:
    if coach not in COACHES:
        raise UnknownPart(f"There is no coach {coach!r}; choose one of: {', '.join(COACHES)}.")
    return load(COACHES, coach)(**(settings.server() if coach == "server" else {}))


def _looks(coach: str) -> bool:
    return coach != "rules"


def _model(coach: str) -> str:
    """Coach -> what stands behind it, as it is stored with its answers."""
    if coach == "minicpm":
        from ..coaches import minicpm

        name = minicpm.default()
        return f"MiniCPM-V {minicpm.VERSIONS[name]} {weights.fingerprint(name)}"
    return settings.server()["model"] if coach == "server" else ""


def _minicpm() -> CoachView:
    from ..coaches import minicpm

    name = minicpm.default()
    title = f"MiniCPM-V {minicpm.VERSIONS[name]}, on this machine"
    state, run = weights.state(name), packages.here()
    newer = minicpm.NEWER if name != minicpm.NEWER else ""
    if state != "here" or not run:
        what = "is not whole" if state == "wrong file" else "is not here yet"
        said = f"Its model {what}. Fetch it"
        if not run:
            also = ". Fetch them" if state == "here" else f", and its model {what}. Fetch both"
            said = f"The packages that it runs on are not here yet{also}"
        missing = f"{said} once, and it works without the internet."
        fetches = (*(() if run else (packages.NAME,)), *(() if state == "here" else (name,)))
        return CoachView("minicpm", title, False, missing, fetches=fetches, newer=newer)
    return CoachView("minicpm", title, True, warning=minicpm.warning(), newer=newer)


def _server() -> CoachView:
    address = settings.server()["address"]
    if not address:
        return CoachView("server", TITLES["server"], False, "No server is set: give its address first.")
    there = machine(address)
    warning = f"The shot's numbers, the player's name and three pictures of the strike leave this program for {there}."
    return CoachView("server", TITLES["server"], True, warning=warning, sends_to=there)
