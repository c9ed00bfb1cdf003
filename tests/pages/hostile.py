"""A house in which all text that is not the program's own is hostile, and what of it a page would show live."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from kicky.drawings import Shape
from kicky.service import coaching, shots, truth
from kicky.storage import advice, drawings, films
from kicky.storage.columns import Base
from kicky.storage.database import writing
from kicky.storage.kinds import BY_LOOK
from kicky.storage.tables import JobRow
from kicky.storage.views import PassageView
from kicky.ui import TABS

from . import judged
from .filled import fill

HOST = "hostile.example"
BEGIN, END = "77001", "77002"  # digits: no page changes their case
NASTY = (
    f"<b>x</b>![a](//{HOST}/a.png) [b](http://{HOST}/b) <img src='http://{HOST}/c.png'> <a href='//{HOST}/d'>d</a> "
    f"*e* **f** _g_ `h` ~~i~~ $j^2$ :red[k] :material/home: :smile: http://{HOST}/l www.{HOST} m@{HOST} -> o\n# p\n- q"
)
# What the program reads as words, names or numbers of its own: hostile in a house of its own, where a page may refuse.
OWN_WORDS = {
    "run": {"key", "label_set", "detector", "downstream", "truth_key", "scores"},
    "clip": {"sha256", "scene"}, "session": {"scene"}, "cut": {"state"},
    "shot": {"method", "outcome", "how", "foot", "player_by", "detector", "players", "seconds"},
    "measure": {"name"}, "label": {"field", "value"}, "appearance": {"label"}, "advice": {"coach", "prompt_hash"},
    "drawing": {"shapes"},
    "setting": {"key", "value"}, "job": {"kind", "state", "settings"},
}  # fmt: skip
FILES = {"clip": {"file", "browser_copy"}, "film": {"path", "browser_copy"}, "shot": {"evidence", "film"}}
# Where Streamlit shows text as it is. All other text of an element counts as Markdown.
LETTER_BY_LETTER = {
    "Selectbox.options", "Selectbox.raw_value", "MultiSelect.options", "MultiSelect.raw_values", "TextInput.default",
    "TextInput.value", "PlotlyChart.alt", "Video.alt", "Image.alt", "Image.url", "Video.url", "Text.body",
}  # fmt: skip
NAMES = {"id", "form_id", "key", "user_key", "element_id"}


def own_word(table: str, column: str) -> bool:
    return column in OWN_WORDS.get(table, ())


def of_file(table: str, column: str) -> bool:
    return column in FILES.get(table, ())


def name_or_note(table: str, column: str) -> bool:
    """All that is neither: a column that is new is one of these until somebody says otherwise."""
    return not (own_word(table, column) or of_file(table, column))


def hostile(about: str) -> str:
    return f"{BEGIN}{NASTY}{about}{END}"


def house(folder: Path) -> list[int]:
    """Folder for the films -> a house with rows in every table that a page shows; its shots."""
    folder.mkdir()
    taken = fill(folder)
    judged.house()
    session, clips = shots.session_of(str(taken[0])) or 0, sorted(item.id for item in truth.items())
    for who, outcome in (("Ana", "goal"), ("Ben", "no_goal")):
        truth.answer(clips[0], "outcome", outcome, who)
        truth.answer(clips[0], "note", f"as {who} saw it", who)
        truth.answer(clips[0], "shooter", who, who)
    passage = [PassageView("Verdict", "Goal!", True, "contradicts what was measured")]
    for coach in ("rules", "server"):
        about = {"coach": coach, "model": "nemotron", "prompt_hash": "ab", "seconds": 2.0}
        advice.keep_advice(passage, shot_id=taken[0], **about)
        advice.keep_advice(passage, session_id=session, player="Ana", **about)
    drawings.keep(clips[0], 6, 0.2, [Shape("text", ((0.5, 0.5),), "elbow"), Shape("line", ((0.1, 0.1), (0.9, 0.5)))])
    film = films.add_film(
        session, folder / "clip_1.mp4", size_bytes=(folder / "clip_1.mp4").stat().st_size,
        modified_ns=(folder / "clip_1.mp4").stat().st_mtime_ns, frames=24, duration_s=0.8, width=320, height=180,
    )  # fmt: skip
    films.add_cut(film, 2, 9, "kept", by_hand=True)
    kinds = ("analyze", "restrike", "refine", "autolabel", "train", "propose", "evaluate", "beside", "compare")
    with writing() as db:
        for kind in kinds:
            for state in ("queued", "running", "failed"):
                clip = clips[1] if kind in ("analyze", "restrike") else None
                settings = {"film_id": film, "session_id": session, "name": "park"}
                job = JobRow(
                    kind=kind, clip_id=clip, state=state, stage="looking", message="No room.", settings=settings
                )
                db.add(job)
        db.connection().execute(sa.text("UPDATE shot SET player_by = :by, player_p = 0.7 WHERE id = :id"),
                                {"by": BY_LOOK, "id": taken[1]})  # fmt: skip
    coaching.set_server("http://localhost:8080/v1", "nemotron")
    return taken


def poison(chosen: Callable[[str, str], bool]) -> list[str]:
    """Which table's column -> hostile in every row that has text there; the columns that were."""
    done = []
    with writing() as db:
        connection = db.connection()
        connection.execute(sa.text("PRAGMA foreign_keys=OFF"))
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if not chosen(table.name, column.name) or not (texts(column) or isinstance(column.type, sa.JSON)):
                    continue
                rowid, alike = sa.literal_column("rowid"), dict[str, int]()
                for number, value in connection.execute(sa.select(rowid, column).select_from(table)).all():
                    # What is the same stays the same: a player, or who labelled two clips, is one all the same.
                    said = f"{table.name}.{column.name}.{alike.setdefault(repr(value), len(alike))}"
                    if value is not None and (new := spoilt(value, said)) != value:
                        connection.execute(sa.update(table).where(rowid == number).values({column.name: new}))
                        done.append(f"{table.name}.{column.name}")
    return done


def texts(column: sa.Column[Any]) -> bool:
    return isinstance(getattr(column.type, "impl", column.type), sa.String)


def spoilt(value: Any, said: str) -> Any:
    """A text, or what holds texts -> the same, each of them hostile."""
    if isinstance(value, str):
        return hostile(said)
    if isinstance(value, list):
        return [spoilt(each, said) for each in value]
    return {key: spoilt(each, said) for key, each in value.items()} if isinstance(value, dict) else value


def live(test: AppTest) -> list[str]:
    """A page -> the hostile texts that would be more than letters on it, each with where it stands."""
    return [f"{where}: {text[:300]}" for where, text in _shown(test) if not _inert(where, text)]


def seen(test: AppTest) -> set[str]:
    """A page -> the columns whose text stands on it."""
    return {each for _, text in _shown(test) for each in re.findall(rf"q(\w+\.\w+)\.\d+{END}", text.replace("\\", ""))}


def _shown(test: AppTest) -> Iterator[tuple[str, str]]:
    pending: list[Any] = [test._tree]
    while pending:
        node = pending.pop()
        pending += list(getattr(node, "children", {}).values())
        if isinstance(proto := getattr(node, "proto", None), Message):
            yield from ((where, text) for where, text in _strings(proto) if BEGIN in text)


def _strings(message: Message) -> Iterator[tuple[str, str]]:
    for about, value in message.ListFields():
        values = [value] if isinstance(value, str | bytes | int | float | Message) else value
        for each in values:
            if isinstance(each, Message):
                yield from _strings(each)
            elif isinstance(each, str) and about.name not in NAMES:
                yield f"{message.DESCRIPTOR.name}.{about.name}", each


def _inert(where: str, text: str) -> bool:
    if where in LETTER_BY_LETTER:
        return True
    if where == "PlotlyChart.spec":  # Plotly shows a little HTML
        return not any("<" in part for each in _leaves(json.loads(text)) for part in _parts(each))
    if where.startswith(("BidiComponent.", "ComponentInstance.")):
        return True  # ours: they set textContent, and a test in the browser looks at them
    return not any(_lives(part) for part in _parts(text))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)


def _parts(text: str) -> list[str]:
    """Text -> what in it is hostile, also where it was cut short."""
    return re.findall(rf"{BEGIN}(.*?)(?:{END}|$)", text, re.DOTALL)


def _lives(part: str) -> bool:
    """A hostile part as it is given to Markdown -> whether anything in it is more than letters."""
    unescaped = re.sub(r"\\[!-/:-@\[-`{-~]", "\u2060", part)
    return (
        re.search(r"[*_`!\[\]<>$:~#|&\n\\]|[^\u2060]@|https?:|www\.|material/(?<!\u2060material/)", unescaped)
        is not None
    )


def opened(taken: list[int]) -> Iterator[tuple[str, AppTest]]:
    """Shots -> every page as a player opens it, with its folds and ways open, one after the other."""
    root = Path(__file__).resolve().parents[2]
    test = AppTest.from_file(str(root / "Home.py"), default_timeout=60)
    session = shots.session_of(str(taken[0])) or 0

    def at(page: str, address: dict[str, str], **state: Any) -> tuple[str, AppTest]:
        for key in list(test.query_params):
            del test.query_params[key]
        for key, value in address.items():
            test.query_params[key] = value
        for key, value in state.items():
            test.session_state[key] = value
        test.switch_page(page)
        return f"{page} {address} {state}", test.run()

    test.run()
    for way in ("Back up", "Restore", "Rename", "Delete"):
        yield at("Home.py", {}, keeping_what=way)
    yield at("pages/1_Analyze.py", {"session": str(session)})
    yield at("pages/2_Clips.py", {"session": str(session)})
    yield at("pages/2_Clips.py", {"session": str(session)}, clips_mode="Rate")
    for way in ("Answers", "Boxes", "Agreement", "Import and export"):
        yield at("pages/3_Label.py", {"who": "Ana"}, label_mode=way)
    for way in ("Where they went", "Saturdays", "Shot by shot", "All shots"):
        yield at("pages/4_History.py", {}, history_view=way)
    for shot in taken[:3]:
        folds = {f"{fold}_open_{shot}": True for fold in ("kick", "provenance", "swing")}
        for tab in TABS if shot == taken[0] else ("Coach", "Correct", "Details"):
            yield at("pages/5_Shot.py", {"shot": str(shot)}, shot_choice=shot, shot_tab=tab, **folds)
    yield at("pages/6_Evaluate.py", {})
    yield at("pages/7_Coach.py", {"session": str(session)})
    yield at("pages/8_Teach.py", {})
