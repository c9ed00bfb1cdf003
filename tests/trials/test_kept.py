"""What an evaluation remembers rests on every file its answers come from: one forgotten, and an old answer stays."""

import ast
from pathlib import Path

from kicky.home import PROJECT
from kicky.trials import kept

ROOT = PROJECT / "kicky"
APART = {
    "drafts",
    "errors",
    "home",
    "packages",
    "registry",
    "storage",
    "system",
    "weights",
    "evaluation",
    "shares",
    "shown",
    "machine",
    "reading",
}
"""What decides nothing about an answer: words, places, how things are written down."""


def asked_by(part: Path) -> set[str]:
    """File or folder of the program -> the parts beside it that it imports."""
    found: set[str] = set()
    for file in [part] if part.is_file() else part.rglob("*.py"):
        package = ("kicky", *file.relative_to(ROOT).parts[:-1])
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = package[: len(package) - node.level + 1]
                names = [node.module.split(".")[0]] if node.module else [alias.name for alias in node.names]
                found |= {base[1]} if len(base) > 1 else set(names)
    return found


def test_what_answers_rest_on_is_whole() -> None:
    named = {name.removesuffix(".py") for name in kept.JUDGING}
    asked = set().union(*(asked_by(ROOT / part) for part in kept.JUDGING))
    there = {name for name in asked if (ROOT / name).is_dir() or (ROOT / f"{name}.py").is_file()}
    assert there - APART - {"trials"} <= named
