"""Figures in words: each with its interval and n, or a dash."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..evaluation.answered import QUESTIONS
from ..evaluation.reference import THEIRS, Reference

Figures = Mapping[str, Any]
"""Scores as `Scores.to_json` has them."""
NONE = "–"
LEVEL = "In brackets: the 95 % interval."
COLUMNS = {
    "goal": "Goal", "goal_of_decided": "… of decided", "coverage": "Decided", "precision": "Precision",
    "recall": "Recall", "brier": "Brier", "foot": "Foot", "foot_of_decided": "… foot decided", "pose": "Body found",
    "contact_1": "Contact ±1", "contact_2": "Contact ±2", "contact_off": "Contact off", "ball_half": "Ball ≤ ½ ball",
    "ball_4px": "Ball ≤ 4 px", "ap": "AP@50:95", "ms": "ms a frame", "memory_mb": "Memory",
}  # fmt: skip
"""Figure: what stands above it."""


def cell(name: str, figures: Figures) -> str:
    """One of COLUMNS, scores -> the figure in words."""
    value = figures.get(name)
    if value is None:
        return NONE
    if name == "contact_off":
        return f"{value[0]:.0f} / {value[1]:.0f} frames"
    if name == "ap":
        return ", ".join(f"{label} {100 * each:.0f} %" for label, each in value.items()) or NONE
    if name in ("ms", "memory_mb"):
        return f"{value:.0f}{' MB' if name == 'memory_mb' else ''}"
    return spread(value, name)


def spread(interval: Mapping[str, Any], name: str = "") -> str:
    """Interval as plain values -> "83 % (55–95), 10/12"; of a Brier score "0.12 (0.05–0.19), n 40".

    >>> spread({"value": 0.75, "low": 0.468, "high": 0.911, "n": 12, "k": 9})
    '75 % (47–91), 9/12'
    """
    if interval["value"] is None:
        return NONE
    if name == "brier":
        about = "" if interval["low"] is None else f" ({max(interval['low'], 0):.2f}–{interval['high']:.2f})"
        return f"{interval['value']:.2f}{about}, n {interval['n']}"
    between = f"{100 * interval['low']:.0f}–{100 * interval['high']:.0f}"
    return f"{100 * interval['value']:.0f} % ({between}), {interval['k']}/{interval['n']}"


def row(name: str, split: str, figures: Figures) -> dict[str, str]:
    """Run, split, scores -> a line of the table."""
    clips = str(figures["clips"]) + (f", {len(figures['failed'])} failed" if figures["failed"] else "")
    return {"Run": name, "Split": split, "Clips": clips} | {
        title: cell(column, figures) for column, title in COLUMNS.items()
    }


def answered_row(name: str, part: str, figures: Figures) -> dict[str, str]:
    """Run, part of the clips, scores -> a line of the table of what was answered, and rightly, out of all clips."""
    told = {each["question"]: each for each in figures.get("answered", ())}
    cells = {title: answered_cell(told[key]) if key in told else NONE for key, (title, _) in QUESTIONS.items()}
    return {"Run": name, "Clips of": part} | cells


def answered_cell(counts: Mapping[str, Any]) -> str:
    """Counts of one question -> them in words, the share first where the truth is known.

    >>> share = {"value": 0.75, "low": 0.468, "high": 0.911, "n": 12, "k": 9}
    >>> answered_cell({"right": 9, "wrong": 1, "given": 0, "none": 2, "share": share})
    '75 % (47–91), 9/12; 1 wrong, 2 not answered'
    >>> answered_cell({"right": 0, "wrong": 0, "given": 5, "none": 1, "share": share})
    '5 answered, truth not known; 1 not answered'
    """
    given, words = counts["given"], []
    if counts["right"] or counts["wrong"] or not given:
        words.append(spread(counts["share"]))
    words += [f"{given} answered, truth not known"] if given else []
    rest = [f"{counts[key]} {word}" for key, word in (("wrong", "wrong"), ("none", "not answered")) if counts[key]]
    return "; ".join([*words, *([", ".join(rest)] if rest else [])])


def reference_row(line: Reference) -> dict[str, str]:
    """A line of the article -> a line of the table, marked as on other clips."""
    known = {"goal": line.goal, "foot": line.foot, "pose": line.pose}
    return {"Run": f"Article: {line.detector}", "Split": f"{line.split} ({THEIRS})", "Clips": str(line.clips)} | {
        title: spread(known[column].to_json()) if column in known else NONE for column, title in COLUMNS.items()
    }


def literal(text: object) -> str:
    r"""Text -> the same in a Markdown file, without a picture, link, tag or cell of its own.

    >>> literal("![x](y) <b>|\n# z_1")
    '!\\[x\\](y) \\<b>\\| # z_1'
    """
    return re.sub(r"([\\`\[\]<|])", r"\\\1", " ".join(str(text).split()))


def code(text: str) -> str:
    """Text -> it as code in a Markdown file.

    >>> code("evaluate --clips a`b")
    '`` evaluate --clips a`b ``'
    """
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}{text}{ticks}" if ticks == "`" else f"{ticks} {text} {ticks}"


def markdown(rows: Sequence[Mapping[str, str]], without_empty: bool = True) -> str:
    """Lines of one shape -> a Markdown table; columns in which nothing stands are left out."""
    if not rows:
        return ""
    head = [title for title in rows[0] if not without_empty or any(row[title] != NONE for row in rows)]
    lines = [head, ["---"] * len(head), *([literal(row[title]) for title in head] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
