"""A body at some moments -> how far it is from what was seen and from what bodies can do, each in its own spread.

Everything takes m bodies at once: joints (m, CORE, 3) in metres; `free` (m, 7), the natural logarithms of the lengths
of bones and the shot's turn. Figures without a source of their own are spreads within which anybody moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import camera as lens
from ..domain import Floats
from .evidence import APART_S, DEPTHS, Evidence
from .limbs import HIPS, SHOULDERS
from .skeleton import (
    ANKLE_UP_M,
    ANKLES,
    BONES,
    HEIGHT_M,
    KNEES,
    SHARES,
    TOES,
    bend_deg,
    facing,
    trunk,
    unit,
)

BONE_SD_M = 0.012
ASIDE, ASIDE_SD = (0.25, -0.1), 0.3  # sines of thighs against the pelvis: away from it, and under it
SIDEWAYS_SD = 0.15  # sine of what a knee bends about another axis than the pelvis's: the hip turns, the knee hardly
HABIT_S, DEPTH_S = 0.3, 0.25  # for so long a habit, or a wrong guess of depth, is one and the same
_HABIT = float(np.sqrt(APART_S / HABIT_S))
DEPTH_SHARE = 0.35  # MediaPipe's bones are off by some 16° in depth, sine and bias
_DEPTH_SD = DEPTH_SHARE * HEIGHT_M * np.array([0.11, 0.20, 0.245, 0.245, 0.246, 0.246, 0.115, 0.115])
_DEPTH_SD *= np.sqrt(DEPTH_S / APART_S)

# At contact. Standing foot: Scurr & Hall 2009, 0.33 ± 0.07 m beside, 0.10 ± 0.08 behind, its ankle a hand farther
# back; spreads wider, for players who are none of theirs. Knees: theirs are 156 ± 10° and 135 ± 8° at a penalty.
BESIDE_M, BESIDE_SD_M, BEHIND_M, BEHIND_SD_M = 0.33, 0.12, 0.13, 0.14
KNEE_DEG, KNEE_SD_DEG = (146.0, 138.0), 20.0
ANKLE_BEHIND_M, ANKLE_BESIDE_M, ANKLE_HIGH_M = (0.21, 0.09), (0.02, 0.10), (0.145, 0.06)
TURNED, FORWARD = (0.2, 0.4), 0.5  # pelvis towards the kicking side: sine of the turn; cosine at least
RAISED = (0.13, 0.1)  # sine of the pelvis's tilt, the kicking side up: 7.4 ± 4.8° of theirs
RUN_UP = (0.5, 0.35)  # sine of the run-up's angle: 30 ± 15° (Scurr & Hall 2009), wider for the same reason
ALONG_SD, FORWARD_SPEED = 0.3, 0.5  # the striking foot moves where the ball goes
MOVING_MS = 2.0


@dataclass(frozen=True, eq=False, slots=True)
class Residuals:
    """All that one way round (`side` +1: the right foot kicks) has to explain; bones give by so much."""

    evidence: Evidence
    side: int
    bone_sd_m: float = BONE_SD_M

    def seen(self, joints: Floats, rows: slice | Floats) -> tuple[Floats, Floats]:
        """Bodies, which frames -> (m, CORE, 2) off what was seen in the picture, (m, DEPTHS) off the guessed depth."""
        told = self.evidence
        eye = (joints - told.camera[lens.PLACE]) @ lens.rotation(told.camera).T
        depth = np.maximum(eye[..., 2:], lens.LEAST_DEPTH_M)
        px = eye[..., :2] * np.exp(told.camera[lens.LOG_FOCAL]) / depth + np.array(told.size_wh_px) / 2
        off = (px - told.px[rows]) * (np.sqrt(told.shown[rows]) / told.sigma_px)[..., None]
        first, second = np.array(DEPTHS).T
        guess = self.mirror * (told.behind_m[rows][:, second] - told.behind_m[rows][:, first])
        return off, (eye[:, second, 2] - eye[:, first, 2] - guess) / _DEPTH_SD

    @property
    def mirror(self) -> float:
        """-> -1 where this side says that the labels are the wrong way round: then the guessed depth is, too."""
        return 1.0 if (self.side < 0) == self.evidence.left_kicks else -1.0

    def built(self, x: Floats, free: Floats) -> Floats:
        """Bodies -> (m, r): bones of one length, knees that bend one way, feet on the ground, and usual stances."""
        long = np.exp(free)
        parts = [np.linalg.norm(x[:, b] - x[:, a], axis=1) - long[:, i] for a, b, i in BONES]
        spine = trunk(x)
        parts.append(np.linalg.norm(spine, axis=1) - long[:, 2])
        bones = np.stack(parts, axis=1) / self.bone_sd_m
        hips = unit(self.side * (x[:, HIPS[0]] - x[:, HIPS[1]]))
        shoulders, spine = unit(self.side * (x[:, SHOULDERS[0]] - x[:, SHOULDERS[1]])), unit(spine)
        ahead = facing(hips)
        hard, soft = [], []
        for k in (0, 1):
            thigh, shank = unit(x[:, KNEES[k]] - x[:, HIPS[k]]), unit(x[:, ANKLES[k]] - x[:, KNEES[k]])
            foot = unit(x[:, TOES[k]] - x[:, ANKLES[k]])
            turn = np.cross(thigh, shank)
            about = (hips * turn).sum(axis=1)
            hard += [*((turn - about[:, None] * hips) / SIDEWAYS_SD).T]
            hard += [
                np.minimum(0, about) / 0.06,
                np.minimum(0, (foot * ahead).sum(axis=1) - 0.1) / 0.3,
                np.minimum(0, x[:, ANKLES[k], 2] - 0.06) / 0.02,
                np.minimum(0, x[:, TOES[k], 2] - 0.01) / 0.02,
            ]
            out = self.side * (1 if k == 0 else -1)
            soft += [
                ((shank * foot).sum(axis=1) - 0.4) / 0.35,
                (out * (thigh * hips).sum(axis=1) - ASIDE[k]) / ASIDE_SD,
            ]
        soft += [hips[:, 2] / 0.17, shoulders[:, 2] / 0.25, spine[:, 0] / 0.35, spine[:, 1] / 0.35]
        soft += [(hips * spine).sum(axis=1) / 0.25, (shoulders * spine).sum(axis=1) / 0.2]
        soft += [(hips - shoulders)[:, 0] / 0.6, (hips - shoulders)[:, 1] / 0.6]
        return np.concatenate([bones, np.stack(hard, axis=1), _HABIT * np.stack(soft, axis=1)], axis=1)

    def contact(self, x: Floats, speed: Floats, free: Floats) -> Floats:
        """Bodies at contact, how their joints move -> (m, 12): at the ball, beside it, and along its way."""
        ahead, out = self.ways(free[:, 6])
        kick, stand = x[:, ANKLES[0]] - self.evidence.ball_m, x[:, ANKLES[1]] - self.evidence.ball_m
        chest = facing(self.side * (x[:, HIPS[0]] - x[:, HIPS[1]]))
        foot = (speed[:, ANKLES[0]] + speed[:, TOES[0]]) / 2
        fast = np.hypot(foot[:, 0], foot[:, 1]) + MOVING_MS
        parts = [
            ((kick * ahead).sum(axis=1) + ANKLE_BEHIND_M[0]) / ANKLE_BEHIND_M[1],
            ((kick * out).sum(axis=1) - ANKLE_BESIDE_M[0]) / ANKLE_BESIDE_M[1],
            (x[:, ANKLES[0], 2] - ANKLE_HIGH_M[0]) / ANKLE_HIGH_M[1],
            ((stand * out).sum(axis=1) + BESIDE_M) / BESIDE_SD_M,
            ((stand * ahead).sum(axis=1) + BEHIND_M) / BEHIND_SD_M,
            ((chest * out).sum(axis=1) - TURNED[0]) / TURNED[1],
            (unit(x[:, HIPS[0]] - x[:, HIPS[1]])[:, 2] - RAISED[0]) / RAISED[1],
            np.minimum(0, (chest * ahead).sum(axis=1) - FORWARD) / 0.3,
            (foot * out).sum(axis=1) / fast / ALONG_SD,
            np.minimum(0, (foot * ahead).sum(axis=1) / fast - FORWARD_SPEED) / 0.3,
        ]
        for k, usual in enumerate(KNEE_DEG):
            bent = bend_deg(x[:, KNEES[k]] - x[:, HIPS[k]], x[:, ANKLES[k]] - x[:, KNEES[k]])
            parts.append((bent - usual) / KNEE_SD_DEG)
        return np.stack(parts, axis=1)

    def runs_up(self, _: Floats, speed: Floats, free: Floats) -> Floats:
        """How the joints move before the last step lands -> (m, 1): from the standing side towards the ball."""
        _, out = self.ways(free[:, 6])
        hips = (speed[:, HIPS[0]] + speed[:, HIPS[1]]) / 2
        fast = np.hypot(hips[:, 0], hips[:, 1]) + MOVING_MS / 2
        return np.asarray(((hips * out).sum(axis=1) / fast - RUN_UP[0]) / RUN_UP[1])[:, None]

    def stands(self, x: Floats) -> Floats:
        """Bodies while the standing foot is down -> (m, 2): its ankle as high as an ankle is, its toes not below."""
        high = (x[:, ANKLES[1], 2] - ANKLE_UP_M) / 0.03
        return np.stack([high, np.minimum(0, x[:, TOES[1], 2]) / 0.04], axis=1)

    def ways(self, turn_rad: Floats) -> tuple[Floats, Floats]:
        """(m,) the shot's turn from the line of sight -> (m, 3) along its way, (m, 3) towards the kicking side."""
        sight = self.evidence.sight
        right = np.array([-sight[1], sight[0], 0.0])
        cos, sin = np.cos(turn_rad)[:, None], np.sin(turn_rad)[:, None]
        ahead = sight * cos + right * sin
        return ahead, self.side * np.stack([-ahead[:, 1], ahead[:, 0], np.zeros(len(ahead))], axis=1)


LENGTHS_MEAN = np.log(HEIGHT_M * SHARES)
