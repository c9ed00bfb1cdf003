"""Passage -> whether it gives the strike to the other foot, or to one where the foot is not known."""

from __future__ import annotations

import re

from ...domain import Brief, Foot
from .phrases import phrases
from .text import plain, sentences

SIDED = phrases("foot.sided")
LEFTY = phrases("foot.lefty")
STANDING = phrases("foot.standing")
STRIKING = phrases("foot.striking")
PRACTICE = phrases("foot.practice")
_LEG_ONLY = ("knee", "ankle", "hip", "thigh", "leg", "toe", "toes", "shin")


def fault(title: str, text: str, brief: Brief) -> str:
    """Section's title, text, Brief -> what is wrong with it, empty when nothing is."""
    for sentence in sentences(plain(text)):
        if re.search(r"\bleft\b.*\bright\b|\bright\b.*\bleft\b", sentence) and title == "Drill":
            continue  # one after the other
        if LEFTY.search(sentence) and brief.foot is not (Foot.RIGHT if "righty" in sentence else Foot.LEFT):
            return "names the other foot"
        for found in SIDED.finditer(sentence):
            if why := _mention_fault(found, sentence, title, brief.foot):
                return why
    return ""


def _mention_fault(found: re.Match[str], sentence: str, title: str, foot: Foot) -> str:
    side, limb = found["side"] or found["word"], found["limb"] or ""
    before, after = sentence[: found.start()], sentence[found.end() :]
    if found["side"] and not limb and not re.search(r"\b(?:with|by|off) (?:the|your|his|her) $", before):
        return ""  # a side of the goal, not of the body
    near = " ".join([*before.split()[-6:], found[0], *after.split()[:6]])
    practice = title != "Verdict" and bool(PRACTICE.search(near) or (title == "Drill" and not _of_this_shot(sentence)))
    if foot is Foot.UNSURE:
        return "" if practice and not STANDING.search(near) else "names a foot that nobody could tell"
    if side == foot:
        wrong = bool(re.search(rf"\b(?:plant|{side} (?:standing|support\w*|plant\w*))\b", near)) and not re.search(
            r"\bhip\b|\bthen\b|\bfinish\b", near
        )
        return "calls the striking foot the standing one" if wrong and not _other_side(sentence, side) else ""
    if practice or _stands(near, found[0], limb):
        return ""
    return "names the other foot"


def _of_this_shot(sentence: str) -> bool:
    return bool(re.search(r"\b(?:here|this shot|used|struck|scored|you (?:hit|kicked))\b", sentence))


def _other_side(sentence: str, side: str) -> bool:
    return ("left" if side == "right" else "right") in sentence


def _stands(near: str, mention: str, limb: str) -> bool:
    """Words about a mention of the other side -> whether they are about the leg it stands on."""
    if "footed" in mention or "footer" in mention or "peg" in mention:
        return False
    standing, striking = _gap(STANDING, near, mention), _gap(STRIKING, near, mention)
    if standing is None and striking is None:
        return limb in _LEG_ONLY
    return standing is not None and (striking is None or standing <= striking or "plant" in near or "stand" in near)


def _gap(pattern: re.Pattern[str], near: str, mention: str) -> int | None:
    """Pattern, words, the mention -> how many signs lie between, None when it is not there."""
    at = near.index(mention)
    gaps = [max(found.start() - at - len(mention), at - found.end(), 0) for found in pattern.finditer(near)]
    return min(gaps, default=None)
