"""Kicks as the picture has them: all in multiples of the lying ball, so that hardly a number hangs on the lens.

One phi (16,) is a kick seen by a phone whose lens and place nobody told; a batch is (h, 16):

    across down  how fast the ball leaves in the picture, px/s
    rate         of its depth, 1/s: above 0 it goes away from the phone
    kick         when, s of the film
    beside below from where the ball was seen to lie to where it was struck, px
    width        natural log of the lying ball's true width over the measured one
    focal        natural log of the focal length, px
    tilt roll    of the phone, rad
    spin back    about the vertical and as backspin, rad/s
    drag         natural log of drag acceleration over speed squared, 1/m
    bias swell   how much too large diameters are measured in flight: px, and a share of the true ones
    slide        what the grass takes from a ball that slides before it rolls, m/s²

The ball's width gives its depth, and with it the way to the kicks of `flight.dynamics`: the ball lies at the origin of
the ground, the phone looks along -y.
"""

from __future__ import annotations

import numpy as np

from .. import camera as pinhole
from ..domain import Floats
from ..flight import dynamics as d
from ..flight import frame
from ..flight.starts import Start

(ACROSS, DOWN, RATE, KICK, BESIDE, BELOW, WIDTH, FOCAL, TILT, ROLL, SPIN, BACKSPIN, DRAG, BIAS, SWELL, SLIDE) = range(
    16
)
SIZE = 16
AWAY_M = 20.0  # where on its axis the frame of a flight has the phone: any place serves
BOUNCE, RUBS, MOST_RUBBED = 0.6, 0.64, 0.4  # speed kept upwards; lost along: for each m/s downwards, at most


def depth_m(phi: Floats, start: Start) -> Floats:
    """(h, 16) -> (h,) how far from the phone the ball lies, along the axis."""
    return np.asarray(np.exp(phi[:, FOCAL] - phi[:, WIDTH]) * d.DIAMETER_M / start.diameter_px)


def launches_ms(phi: Floats, start: Start, size_wh_px: tuple[int, int]) -> tuple[Floats, Floats]:
    """(h, 16) -> (h, 3) velocities off the foot as the phone has them: right, down, forward; (h, 3) where it lies."""
    depth, place = depth_m(phi, start), _place_m(phi, start, size_wh_px)
    px_m = depth * np.exp(-phi[:, FOCAL])
    velocity = phi[:, RATE, None] * place
    velocity[:, :2] += px_m[:, None] * phi[:, [ACROSS, DOWN]]
    return velocity, place


def thetas(phi: Floats, start: Start, size_wh_px: tuple[int, int]) -> Floats:
    """(h, 16) -> (h, 21) the same kicks for `flight.dynamics`."""
    theta = np.zeros((len(phi), d.SIZE))
    velocity, place = launches_ms(phi, start, size_wh_px)
    turned = pinhole.rotation(_camera(phi))
    theta[:, d.VX : d.VZ + 1] = (velocity[:, None] @ turned)[:, 0]
    ball = (place[:, None] @ turned)[:, 0]
    theta[:, d.X], theta[:, d.Y] = ball[:, 0], AWAY_M + ball[:, 1]
    theta[:, d.KICK] = phi[:, KICK]
    theta[:, d.SPIN : d.DRAG + 1] = phi[:, SPIN : DRAG + 1]
    theta[:, d.BOUNCE], theta[:, d.KEEP], theta[:, d.SLIDE] = BOUNCE, _kept(theta[:, d.VX : d.VZ + 1]), phi[:, SLIDE]
    theta[:, d.BIAS : d.SWELL + 1] = phi[:, BIAS : SWELL + 1]
    focal = np.exp(phi[:, FOCAL])
    camera = theta[:, d.CAMERA :]
    camera[:, frame.FOCAL], camera[:, frame.UP] = focal, focal * np.tan(phi[:, TILT])
    camera[:, frame.ROLLED], camera[:, frame.SCALE] = phi[:, ROLL], AWAY_M / focal
    camera[:, frame.HEIGHT] = d.RADIUS_M - ball[:, 2]
    return theta


def _kept(velocity: Floats) -> Floats:
    """(h, 3) -> (h,) share of its speed along the ground that a ball keeps where it first comes down.

    Friction takes the more, the harder it comes down; what hardly rises hardly loses.
    """
    along = np.maximum(np.hypot(velocity[:, 0], velocity[:, 1]), 1e-3)
    return np.asarray(1.0 - np.minimum(RUBS * np.maximum(velocity[:, 2], 0.0) / along, MOST_RUBBED))


def _place_m(phi: Floats, start: Start, size_wh_px: tuple[int, int]) -> Floats:
    """(h, 16) -> (h, 3) where the ball lies as the phone has it: right, down, forward."""
    flat = start.px + phi[:, [BESIDE, BELOW]] - np.array(size_wh_px) / 2
    ray = np.concatenate([flat * np.exp(-phi[:, FOCAL, None]), np.ones((len(phi), 1))], axis=1)
    return np.asarray(depth_m(phi, start)[:, None] * ray)


def _camera(phi: Floats) -> Floats:
    """(h, 16) -> (h, 7) as domain.Camera names them, where it stands left out."""
    camera = np.zeros((len(phi), 7))
    camera[:, [pinhole.LOG_FOCAL, pinhole.TILT, pinhole.ROLL]] = phi[:, [FOCAL, TILT, ROLL]]
    return camera
