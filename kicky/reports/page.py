"""What a report says -> one HTML file that needs nothing beside it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import plotly.io

from ..charts import reliability
from . import tables

STYLE = """
:root { color-scheme: light dark; --line: #8886; --soft: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.9rem; margin-bottom: .2rem } h2 { margin-top: 2.2rem; font-size: 1.3rem }
.wide { overflow-x: auto } table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap }
th { background: var(--soft) } .soft { opacity: .75 } ul { padding-left: 1.2rem } code { overflow-wrap: anywhere }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem }
figure { margin: 0; border: 1px solid var(--line); border-radius: .6rem; overflow: hidden }
figure img { width: 100%; display: block } figcaption { padding: .6rem .8rem; font-size: .88rem }
.right { color: #1f8a4c } .wrong { color: #c2504a } @media (prefers-color-scheme: dark) { .right { color: #5fc389 } }
"""
ANSWERED = "Answered, and right"
ABOUT = (
    "Out of all clips: what was not answered is not right. A speed or a knee is right where its 90 % interval holds "
    "the truth."
)
WORDS = {"goal": "goal", "no_goal": "no goal", "unsure": "undecided"}


def page(told: Mapping[str, Any], stills: Mapping[str, bytes]) -> str:
    """Document, clip: JPEG -> HTML."""
    parts = [
        f"<h1>{escape(_title(told))}</h1><p class=soft>{escape(told['made_at'])} · {told['clips']} clips</p>",
        _listed("Mind this", told["notes"]),
        _section(ANSWERED, f"{_table(answered_rows(told))}<p class=soft>{ABOUT}</p>"),
        *(_scores(told, by) for by in told["runs"][0]["scores"]),
        _section("Side by side", _items(each["sentence"] for each in told["comparisons"])),
        _section("What each part is worth", _table(ablation_rows(told["ablations"]))),
        _section("Is P(goal) what it says?", _curves(told)),
        _section("The article, on its own clips", f"{_table(told['reference'])}<p>{escape(told['ladder'])}</p>"),
        _section(f"Clips that went wrong ({len(told['wrong'])})", _gallery(told["wrong"], stills)),
        _section("What it rests on", _provenance(told)),
    ]
    head = f"<meta charset=utf-8><meta name=viewport content='width=device-width'><title>{escape(_title(told))}</title>"
    return f"<!doctype html><html lang=en><head>{head}<style>{STYLE}</style></head><body>{''.join(parts)}</body></html>"


def ablation_rows(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Ablations -> lines of a table."""
    return [
        {
            "Detector": row["detector"], "Without": row["without"], "Of": row["of"],
            "Right with it": f"{row['with']} of {row['n']}", "Right without": f"{row['left']} of {row['n']}",
            "Lost / gained": f"{row['lost']} / {row['gained']}", "p": f"{row['mcnemar_p']:.2g}",
            "Brier with → without": f"{row['brier_with']:.3f} → {row['brier_without']:.3f}",
        }
        for row in rows
    ]  # fmt: skip


def score_rows(told: Mapping[str, Any], by: str) -> list[dict[str, str]]:
    """Document, how its clips are divided -> lines of the table, all runs of one part together.

    Runs that leave a part out have a table of their own.
    """
    runs = [run for run in told["runs"] if not run["without"]] or told["runs"]
    names = list(dict.fromkeys(name for run in runs for name in run["scores"][by]))
    tuned = set(told["runs"][0]["tuned"])
    return [
        tables.row(run["name"], f"{name} (chosen on)" if by == "split" and name in tuned else name, figures)
        for name in names
        for run in runs
        if (figures := run["scores"][by].get(name)) is not None
    ]


def answered_rows(told: Mapping[str, Any]) -> list[dict[str, str]]:
    """Document -> lines of the table of what was answered and right: all clips, then each part, all runs together."""
    runs = [run for run in told["runs"] if not run["without"]] or told["runs"]
    rows = []
    for by in runs[0]["scores"]:
        names = list(dict.fromkeys(name for run in runs for name in run["scores"][by]))
        parts = [(run["name"], name, run["scores"][by].get(name)) for name in names for run in runs]
        rows += [tables.answered_row(run, name, figures) for run, name, figures in parts if figures]
    return [row for at, row in enumerate(rows) if row not in rows[:at]]


def _title(told: Mapping[str, Any]) -> str:
    return f"Evaluation of {told['label_set']}"


def _scores(told: Mapping[str, Any], by: str) -> str:
    return _section(f"By {by}", f"{_table(score_rows(told, by))}<p class=soft>{tables.LEVEL}</p>")


def _section(title: str, inside: str) -> str:
    return f"<h2>{escape(title)}</h2>{inside}" if inside else ""


def _listed(title: str, lines: Sequence[str]) -> str:
    return _section(title, _items(lines)) if lines else ""


def _items(lines: Any) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    if not rows:
        return ""
    kept = [title for title in rows[0] if any(row[title] != tables.NONE for row in rows)]
    head = "".join(f"<th>{escape(title)}</th>" for title in kept)
    body = "".join("<tr>" + "".join(f"<td>{escape(row[title])}</td>" for title in kept) + "</tr>" for row in rows)
    return f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _curves(told: Mapping[str, Any]) -> str:
    curves = {run["name"]: run["reliability"] for run in told["runs"] if run["weighed"] and not run["without"]}
    if not any(curves.values()):
        return ""
    figure = reliability(curves)
    figure.update_layout(paper_bgcolor="#fcfcf7", plot_bgcolor="#fcfcf7", font={"color": "#15231a"}, height=420)
    return str(plotly.io.to_html(figure, full_html=False, include_plotlyjs=True, config={"displayModeBar": False}))


def _gallery(wrong: Sequence[Mapping[str, Any]], stills: Mapping[str, bytes]) -> str:
    shown = [each for each in wrong if each["clip"] in stills]
    figures = "".join(_figure(each, stills[each["clip"]]) for each in shown)
    rest = [each["clip"] for each in wrong if each["clip"] not in stills]
    more = f"<p class=soft>Not shown: {escape(', '.join(rest))}.</p>" if rest else ""
    return f"<div class=gallery>{figures}</div>{more}" if wrong else ""


def _figure(each: Mapping[str, Any], still: bytes) -> str:
    tags = f" · {', '.join(each['tags'])}" if each["tags"] else ""
    head = f"<strong>{escape(each['clip'])}</strong> · {escape(each['split'])}{escape(tags)}"
    how = f" ({each['how'].replace('_', ' ')})" if each["how"] else ""
    lines = [f"Was {WORDS[each['truth']]}{escape(how)}."]
    for name, said in each["said"].items():
        mark = "right" if said["right"] else "wrong"
        sure = "" if said["p_goal"] is None else f" {100 * said['p_goal']:.0f} %"
        word = WORDS.get(said["outcome"], escape(said["outcome"]))
        lines.append(f"<span class={mark}>{escape(name)}: {word}{sure}</span> · {escape(said['why'])}")
    picture = base64.b64encode(still).decode()
    alt = escape(f"The ball's way in {each['clip']}", quote=True)
    return (
        f"<figure><img src='data:image/jpeg;base64,{picture}' alt=\"{alt}\">"
        f"<figcaption>{head}<br>{'<br>'.join(lines)}</figcaption></figure>"
    )


def _provenance(told: Mapping[str, Any]) -> str:
    lines = [f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in told["provenance"].items()]
    for run in told["runs"]:
        about = ", ".join(f"{name} {value}" for name, value in run["made_with"].items() if name != "taught")
        lines.append(f"{run['name']} ({run['about']}): {about}")
    again = f"<p>Made again by <code>{escape(told['command'])}</code></p>" if told["command"] else ""
    return _items(lines) + again
