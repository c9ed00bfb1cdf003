"""Text that is not ours is letters on every page, whatever it says and whichever column of the database holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import hostile, ours

ROOT = Path(__file__).resolve().parents[2]


def test_pages_show_nothing_as_markdown_but_words_of_ours_and_what_went_through_plain() -> None:
    assert list(ours.read(ROOT).breaches()) == []


def columns(of: dict[str, set[str]]):
    return lambda table, column: column in of.get(table, ())


@pytest.mark.parametrize("house", ["names and notes", "words of the program's own", "files"])
def test_hostile_text_in_every_column_is_letters_on_every_page(house: str, own_home: Path) -> None:
    shots = hostile.house(own_home / "films")
    own, files = columns(hostile.OWN_WORDS), columns(hostile.FILES)
    chosen = {
        "names and notes": lambda *column: not (own(*column) or files(*column)),
        "words of the program's own": own,
        "files": files,
    }[house]
    assert hostile.poison(chosen)
    live, seen = {}, set()
    for where, page in hostile.opened(shots):
        if house == "names and notes":
            assert not page.exception, where
        if found := hostile.live(page):
            live[where] = found
        seen |= hostile.seen(page)
    assert live == {}
    print(sorted(seen))
