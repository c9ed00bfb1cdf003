"""The speed through one lens: what the lens leaves open is taken off, and what is not known is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kicky.domain import Flight, Shot
from kicky.measures.alike import sharper, speed_one_lens
from kicky.measures.flown import SPEEDS_WIDER
from kicky.measures.speed import speed
from kicky.scene.lens import GUESS_MM, LONG_SIDE_MM
from tests.outcome.test_outcome import shot

SD, OWN_SD = 0.2, 0.04


def seen_from_behind(own_sd: float = OWN_SD, usual: float = 1.0) -> Shot:
    """-> a shot whose speed grows with the focal length, which is open, `usual` times that of the usual lens."""
    made = shot(to=(1.5, 1.2))
    flown = made.flight
    assert flown is not None
    rng = np.random.default_rng(3)
    count = 400
    off = rng.normal(0, SD, count)
    focal = np.log(usual * max(made.clip.size_wh_px) * GUESS_MM / LONG_SIDE_MM) + off
    launch = np.array([0.0, -25.0, 3.0]) * np.exp(off + rng.normal(0, own_sd, count))[:, None]
    cameras = np.repeat(flown.cameras[:1], count, axis=0)
    cameras[:, 0] = focal
    many = {"samples_m": np.repeat(flown.samples_m[:1], count, axis=0), "launch_ms": launch, "cameras": cameras}
    wide = replace(flown, **many, crossing=np.repeat(flown.crossing[:1], count, axis=0), likely=np.empty(0))
    return replace(made, flight=wide)


def half(measure) -> float:  # type: ignore[no-untyped-def]
    assert measure.value is not None
    return float((measure.high - measure.low) / 2 / measure.value)


def test_what_the_lens_leaves_open_is_taken_off() -> None:
    seen = seen_from_behind()
    assert half(speed(seen)) > 0.3
    assert half(speed_one_lens(seen)) == pytest.approx(1.645 * np.hypot(SPEEDS_WIDER * OWN_SD, 0.03), abs=0.02)


def test_two_lenses_tell_the_same_ratio() -> None:
    near, far = (speed_one_lens(seen_from_behind(usual=usual)).value for usual in (1.0, 2.0))
    assert near is not None
    assert far is not None
    assert near / far == pytest.approx(2.0, rel=0.1)  # the same pixels, seen through twice the lens


def test_what_would_be_told_is_as_sure_as_the_lens_then() -> None:
    told = sharper(seen_from_behind())
    assert told["now"] > 0.3
    assert told["lens"] == pytest.approx(1.645 * SPEEDS_WIDER * np.hypot(0.04, 0.06), abs=0.02)
    assert told["ball"] < told["now"]


def test_without_a_flight_there_is_neither() -> None:
    none = replace(shot(), flight=None, flight_why_not="The ball was not seen.")
    assert speed_one_lens(none).value is None
    assert "not seen" in speed_one_lens(none).why_not
    assert sharper(none) == {}


def test_a_path_that_what_followed_rules_out_does_not_count() -> None:
    made = shot(to=(1.5, 1.2))
    flown = made.flight
    assert isinstance(flown, Flight)
    launch = np.tile([0.0, -25.0, 3.0], (len(flown.launch_ms), 1))
    launch[: len(launch) // 2] *= 2
    share = np.r_[np.zeros(len(launch) // 2), np.ones(len(launch) - len(launch) // 2)]
    weighed = replace(flown, launch_ms=launch, likely=share / share.sum())
    value = speed(replace(made, flight=weighed)).value
    assert value == pytest.approx(3.6 * np.hypot(25.0, 3.0), rel=0.02)
