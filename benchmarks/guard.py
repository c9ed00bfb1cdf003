"""What the guard lets through and what it takes away: `python -m benchmarks.guard`, on the replies in replies/.

Also how soon the coach without a model says its first passage, from the brief.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from time import perf_counter

from kicky.coaches.guard import guard
from kicky.coaches.rules import Rules, sections

from .replies import Reply, adversarial, briefs, sound


def pieces(text: str, size: int = 4) -> Iterable[str]:
    """Text -> as a model streams it."""
    return (text[start : start + size] for start in range(0, len(text), size))


def let_through(reply: Reply) -> bool:
    """Reply with a bad section -> whether that one was shown."""
    passages = list(guard(pieces(reply.text()), briefs()[reply.brief]))
    return reply.bad is not None and not passages[reply.bad].replaced


def altered(reply: Reply) -> list[str]:
    """Sound reply -> what was said against each passage that was taken away."""
    return [f"{p.title}: {p.why}" for p in guard(pieces(reply.text()), briefs()[reply.brief]) if p.replaced]


def first_passage_s() -> list[float]:
    """-> seconds from each brief to the rules coach's first passage."""
    seconds = []
    for brief in briefs().values():
        sections.cache_clear()
        start = perf_counter()
        next(guard(Rules()(brief), brief))
        seconds.append(perf_counter() - start)
    return seconds


def row(name: str, bad: Sequence[Reply], good: Sequence[Reply]) -> str:
    """Name, replies -> one line of the table."""
    shown, taken = sum(map(let_through, bad)), sum(bool(altered(reply)) for reply in good)
    told = f"{shown:3} of {len(bad):3} contradictions shown", f"{taken:3} of {len(good):3} sound replies altered"
    return f"{name:10} {told[0]}   {told[1]} ({taken / len(good):.1%})"


def main() -> None:
    """Print the table."""
    bad, good = adversarial(), sound()
    for batch in dict.fromkeys(reply.batch for reply in bad):
        print(row(batch, [r for r in bad if r.batch == batch], [r for r in good if r.batch == batch]))
    print(row("all", bad, good))
    seconds = [1000 * wait for wait in first_passage_s()]
    print(f"rules: first passage after {median(seconds):.1f} ms (slowest {max(seconds):.1f}), n = {len(seconds)}")


if __name__ == "__main__":
    main()
