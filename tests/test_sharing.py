"""A session's page holds everything it shows and loads nothing; a table of measures starts no formula."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest

from kicky.errors import NotFound
from kicky.service import coaching, players, saturdays, sharing, shots
from kicky.speeds import Unit
from kicky.storage import settings

from .pages.filled import fill
from .pages.test_pages import app, whole


@pytest.fixture
def taken(own_home: Path) -> list[int]:
    """-> the shots of the filled house."""
    (own_home / "films").mkdir()
    return fill(own_home / "films")


def session_of(shot_id: int) -> int:
    return shots.one(shot_id).session_id


def test_the_page_tells_the_session_and_needs_nothing(taken: list[int]) -> None:
    session = session_of(taken[0])
    list(coaching.advise_session(session, "Ana"))
    page = sharing.session_page(session)
    assert "Saturday 7 November 2026 · Parc" in page
    assert "3 shots, 1 of 2 decided went in." in page
    assert "about 90 km/h (79–140)" in page
    assert "<h2>Where they went</h2><svg" in page
    assert page.count("<circle") == 2  # the third shot's flight is not known
    assert page.count("data:image/jpeg;base64,") == 1
    assert "<h2>The coach</h2><h3>Ana: " in page
    assert not re.search(r"(src|href)\s*=\s*['\"]?(https?:)?//", page)
    assert "<script" not in page


def test_speeds_are_told_in_the_unit_that_was_chosen(taken: list[int]) -> None:
    settings.set_speed_unit(Unit.MPH)
    page = sharing.session_page(session_of(taken[0]))
    assert "about 55 mph (49–87)" in page
    assert "km/h" not in page
    assert "<td>–</td>" in page  # the third shot's is not known


def test_a_name_with_markup_stays_a_name(taken: list[int]) -> None:
    page = sharing.session_page(session_of(taken[3]))
    assert "<b>Zo" not in page
    assert "&lt;b&gt;Zo&lt;/b&gt;" in page
    assert "Behind the *school*" in page


def test_a_session_without_a_shot_has_no_page(taken: list[int]) -> None:
    with pytest.raises(NotFound, match="analyse its clips first"):
        sharing.session_page(999)


@pytest.mark.parametrize(
    "name", ["=1+1", "+x", "-x", "@sum", '=HYPERLINK("http://e.com")', "Zoë 🎯", "a,b\n'c\"", "x" * 200]
)
def test_no_cell_of_the_table_is_a_formula(taken: list[int], name: str) -> None:
    players.name(taken[0], name)
    rows = list(csv.DictReader(io.StringIO(sharing.measures_csv().decode("utf-8-sig"))))
    assert len(rows) == 6
    assert not [cell for row in rows for key, cell in row.items() if key == "player" and cell[:1] in "=+-@" and cell]
    written = next(row["player"] for row in rows if row["shot_id"] == str(taken[0]))
    assert written.removeprefix("'") == " ".join(name.split())


def test_the_parquet_table_is_the_table(taken: list[int]) -> None:
    back = pd.read_parquet(io.BytesIO(sharing.measures_parquet()))
    whole_table = saturdays.per_shot()
    assert back["shot_id"].tolist() == whole_table["shot_id"].tolist()
    assert back["speed"].dropna().tolist() == whole_table["speed"].dropna().tolist()


def test_the_page_is_offered_with_its_saturday(taken: list[int]) -> None:
    saturday = app().switch_page("pages/9_Saturday.py").run()
    offered = [button.label for button in whole(saturday).get("download_button")]
    assert "Save a page to send" in offered
