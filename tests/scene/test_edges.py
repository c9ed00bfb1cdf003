"""Long straight edges: which way their pieces run, and which pieces are parts of one."""

import cv2
import numpy as np
import pytest

from kicky.scene.edges import joined, segments


def test_pieces_run_downwards_where_steep_and_to_the_right_where_flat() -> None:
    picture = np.full((400, 400), 60, np.uint8)
    for turn in np.radians(np.arange(5, 180, 15)):
        way = 180 * np.array([np.cos(turn), np.sin(turn)])
        ends = [tuple(int(k) for k in 200 + share * way) for share in (0.3, 1.0)]
        cv2.line(picture, *ends, 220, 3)
        cv2.line(picture, *[(400 - x, 400 - y) for x, y in ends[::-1]], 220, 3)
    pieces = segments(picture)
    across, down = (pieces[:, 2:] - pieces[:, :2]).T
    steep = np.abs(down) > np.abs(across)
    assert steep.sum() > 10
    assert (~steep).sum() > 10
    assert (down[steep] > 0).all()
    assert (across[~steep] > 0).all()


@pytest.mark.parametrize(("gap", "parts"), [(20.0, 1), (90.0, 2)], ids=["a leg's breadth", "most of a post"])
@pytest.mark.parametrize("after", [True, False])
def test_pieces_of_one_line_are_one_edge_unless_far_apart(gap: float, parts: int, after: bool) -> None:
    """Whichever side of the longer piece the shorter is."""
    short = np.array([200.0 + gap, 50.0, 260.0 + gap, 50.0]) if after else np.array([40.0 - gap, 50.0, 100.0 - gap, 50])
    found = joined(np.stack([[100.0, 50.0, 200.0, 50.0], short]))
    assert len(found) == parts
    assert found[0] == pytest.approx(
        [100.0, 50.0, 200.0, 50.0] if parts == 2 else [min(100, short[0]), 50.0, max(200, short[2]), 50.0]
    )
