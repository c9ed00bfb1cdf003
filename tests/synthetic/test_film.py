"""Films, scene files, labels and truth on disk."""

import csv
import json

import av
import numpy as np
import pytest

from kicky import synthetic
from kicky.errors import KickyError, StorageFailed, UnknownPart
from kicky.synthetic import film, sample, synthesize, write

TINY = (160, 90)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes `synthesize` film tiny pictures, ten of each shot."""
    monkeypatch.setattr(film, "sample", lambda seed, **wish: sample(seed, size_wh=TINY, fps=30, **wish))
    painted = film.render
    monkeypatch.setattr(film, "render", lambda shot: (i for i, _ in zip(painted(shot), range(10), strict=False)))


def test_the_film_plays_everywhere_and_has_every_frame(tmp_path):
    shot = sample(3, view="diagonal", kind="goal", size_wh=TINY, fps=30)
    path = write(shot, tmp_path / "new")
    assert path == tmp_path / "new" / f"{shot.name}.mp4"
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        times = [float(frame.time) for frame in container.decode(stream)]
    np.testing.assert_allclose(times, shot.time_s, atol=1e-3)
    scene = json.loads((tmp_path / "new" / f"{shot.name}.scene.json").read_text(encoding="utf-8"))
    np.testing.assert_allclose(scene["goal_corners_px"], shot.goal_corners_px, atol=0.01)
    assert scene["goal_size_m"] == list(shot.goal_size_m)
    assert {p.suffix for p in path.parent.iterdir()} == {".mp4", ".json"}  # nothing unfinished is left


@pytest.mark.usefixtures("quick")
def test_many_shots_are_spread_evenly(tmp_path):
    films = synthesize(tmp_path, 8, 1)
    assert [p.stem for p in films] == [f"{view}_{n:02d}" for n in (1, 2) for view in synthetic.VIEWS]
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    truth = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert [r["clip"] for r in rows] == [t["name"] for t in truth] == [p.stem for p in films]
    assert {r["foot"] for r in rows} == {"left", "right"}
    assert {t["kind"] for t in truth} == set(synthetic.KINDS)
    assert {r["view"] for r in rows} == set(synthetic.VIEWS)
    for row, true in zip(rows, truth, strict=True):
        assert row["outcome"] == true["outcome"]
        assert int(row["contact_frame"]) == true["contact_frame"]
        assert len(true["ball_px"]) == len(true["time_s"]) == len(true["joints_px"])
        assert set(true["angles_deg"]) == {"kicking_knee", "support_knee", "trunk_lean", "hip_drive"}


@pytest.mark.usefixtures("quick")
def test_one_view_can_be_asked_for_and_progress_is_told(tmp_path):
    told: list[float] = []
    films = synthesize(tmp_path, 2, 7, "side", lambda stage, share: told.append(share))
    assert [p.stem for p in films] == ["side_01", "side_02"]
    assert told == [0, 0.5, 1]


def test_bad_wishes_are_refused_and_leave_nothing(tmp_path):
    with pytest.raises(KickyError, match="at least one"):
        synthesize(tmp_path / "none", 0, 1)
    with pytest.raises(UnknownPart, match="behind, diagonal, side, behind_goal"):
        synthesize(tmp_path / "none", 2, 1, "above")
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="choose another folder"):
        write(sample(1, size_wh=TINY, fps=30), tmp_path / "file")


def test_a_film_that_breaks_off_leaves_nothing(tmp_path, monkeypatch):
    def breaks(shot):
        yield np.zeros((90, 160, 3), np.uint8)
        raise OSError("no space left")

    monkeypatch.setattr(film, "render", breaks)
    with pytest.raises(StorageFailed, match="make room"):
        write(sample(1, size_wh=TINY, fps=30), tmp_path)
    assert list(tmp_path.glob("*.mp4")) == []
    assert list(tmp_path.glob(".*.mp4")) == []
