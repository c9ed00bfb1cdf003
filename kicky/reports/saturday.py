"""One session -> a page to send to a friend: table, map, best shots, the coach's words; it needs nothing beside it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from .. import speeds
from ..charts.look import OUTCOMES
from ..shown import HOWS, VERDICTS
from ..speeds import Unit

STYLE = """
:root { color-scheme: light dark; --line: #8886 }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 1.5rem auto; padding: 0 1rem }
header { background: #1d6b3b; color: #fdfdf6; border-radius: .9rem; padding: 1.2rem 1.5rem }
h1 { margin: 0; font-size: 1.7rem } h2 { margin: 2rem 0 .6rem; font-size: 1.25rem } header p { margin: .3rem 0 0 }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .95rem }
.wide { overflow-x: auto } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line) }
img, svg { width: 100%; height: auto; border-radius: .7rem } figure { margin: 0 0 1.2rem; break-inside: avoid }
.soft { opacity: .75; font-size: .9rem } @media print { body { margin: 0 } header { print-color-adjust: exact } }
"""
FEET = {"left": "left", "right": "right", "unsure": "not sure"}
GOAL_M = (7.32, 2.44)
UNCERTAIN = "An uncertain shot is neither a hit nor a miss: it stands beside those that could be told."


def page(
    title: str,
    rows: pd.DataFrame,
    players: Sequence[Mapping[str, str]],
    best: Sequence[tuple[str, bytes]],
    words: Sequence[tuple[str, str]],
    unit: Unit = Unit.KMH,
    games: Sequence[tuple[str, str]] = (),
) -> str:
    """Title, its shots, a line a player, the best shots' titles with JPEGs, the coach's titles with texts, what speeds
    are told in, the challenges' titles with what they came to -> HTML.
    """
    goals, decided = int(rows["goal"].sum()), int(rows["goal"].notna().sum())
    parts = [
        f"<header><h1>{escape(title)}</h1><p>{len(rows)} shots, {goals} of {decided} decided went in.</p></header>",
        _section("Who", _table(players)),
        _section("Against each other", _games(games)),
        _section("Where they went", _map(rows)),
        _section("The best", "".join(_figure(name, picture) for name, picture in best)),
        _section("The coach", "".join(f"<h3>{escape(head)}</h3><p>{escape(text)}</p>" for head, text in words)),
        _section("Every shot", _table(_each(rows, unit))),
        "<p class=soft>Made by KICKY on one computer from one phone. Intervals hold the truth nine times in ten.</p>",
    ]
    head = f"<meta charset=utf-8><meta name=viewport content='width=device-width'><title>{escape(title)}</title>"
    return f"<!doctype html><html lang=en><head>{head}<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{title}</h2>{inside}</section>" if inside else ""


def _games(games: Sequence[tuple[str, str]]) -> str:
    if not games:
        return ""
    lines = "".join(f"<li><strong>{escape(title)}</strong>: {escape(text)}</li>" for title, text in games)
    return f"<ul>{lines}</ul><p class=soft>{escape(UNCERTAIN)}</p>"


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row.values()) + "</tr>" for row in rows)
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _each(rows: pd.DataFrame, unit: Unit) -> list[dict[str, str]]:
    fast = zip(speeds.column(rows), speeds.column(rows, "speed_across"), strict=True)
    said = [speeds.told(speed, across, unit) for speed, across in fast]
    return [
        {
            "Shot": str(number), "Player": "" if pd.isna(row.player) else str(row.player),
            "Result": VERDICTS.get(row.outcome, row.outcome), "How": HOWS.get(row.how, str(row.how)),
            "Foot": FEET.get(row.foot, str(row.foot)), "Speed": said[number - 1],
        }
        for number, row in enumerate(rows.itertuples(), start=1)
    ]  # fmt: skip


def _map(rows: pd.DataFrame) -> str:
    """Shots -> the goal as the shooter sees it with a dot for each whose crossing is known; drawn as SVG."""
    known = rows.dropna(subset=["crossing_x", "crossing_z"])
    if not len(known):
        return ""
    width, height = GOAL_M
    dots = "".join(
        f"<circle cx='{min(max(row.crossing_x, -5.4), 5.4):.2f}' cy='{-min(max(row.crossing_z, 0.11), 3.7):.2f}' "
        "r='.11' "
        f"fill='{OUTCOMES.get(row.outcome, '#8a938c')}' stroke='#15231a' stroke-width='.03'/>"
        for row in known.itertuples()
    )
    others = "; where the others passed is not known" if len(known) < len(rows) else ""
    frame = f"<path d='M{-width / 2} 0V{-height}H{width / 2}V0' fill='none' stroke='#f4f7ee' stroke-width='.12'/>"
    key = " ".join(f"<tspan fill='{colour}'>● {VERDICTS[name].lower()}</tspan>" for name, colour in OUTCOMES.items())
    return (
        f"<svg viewBox='-5.6 -4 11.2 4.7' role='img' aria-label='Where {len(known)} shots crossed the goal line'>"
        "<rect x='-5.6' y='-4' width='11.2' height='4' fill='#22352a'/>"
        f"<rect x='-5.6' y='0' width='11.2' height='.7' fill='#1d6b3b'/>{frame}{dots}"
        f"<text x='-5.4' y='-3.6' font-size='.32' font-family='sans-serif'>{key}</text></svg>"
        f"<p class=soft>{len(known)} of {len(rows)} shots{others}.</p>"
    )


def _figure(title: str, picture: bytes) -> str:
    data = base64.b64encode(picture).decode()
    name = escape(title, quote=True)
    return f"<figure><img src='data:image/jpeg;base64,{data}' alt='{name}'><figcaption>{name}</figcaption></figure>"
