"""Joints -> a person: skin, shirt with a number, shorts, socks, boots, a face and hair."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..domain import Floats
from .camera import Camera
from .player import JOINT
from .solids import Colour, Light, Patch, Raster, Surface, bar

SKINS: tuple[Colour, ...] = ((166, 186, 226), (138, 162, 208), (112, 138, 184), (76, 98, 140))
HAIRS: tuple[Colour, ...] = ((22, 24, 30), (26, 38, 58), (44, 76, 112), (30, 30, 32))
SHIRTS: tuple[Colour, ...] = (
    (40, 36, 190), (170, 74, 28), (236, 236, 236), (40, 150, 226), (60, 120, 40), (40, 40, 44),
)  # fmt: skip
SHORTS: tuple[Colour, ...] = ((48, 40, 36), (230, 230, 230), (130, 60, 30), (40, 36, 150))
BOOTS: tuple[Colour, ...] = ((36, 36, 40), (60, 220, 190), (60, 60, 230), (220, 220, 224))


@dataclass(frozen=True, slots=True)
class Dress:
    """What one person wears, colours in BGR."""

    skin: Colour
    hair: Colour
    shirt: Colour
    shorts: Colour
    socks: Colour
    boots: Colour
    number: int


def draw_dress(rng: np.random.Generator) -> Dress:
    """-> clothes by chance."""
    pick = [options[int(rng.integers(len(options)))] for options in (SKINS, HAIRS, SHIRTS, SHORTS, BOOTS)]
    socks = pick[2] if rng.random() < 0.5 else (228.0, 228.0, 228.0)
    return Dress(pick[0], pick[1], pick[2], pick[3], socks, pick[4], int(rng.integers(2, 24)))


def draw_person(patch: Patch, camera: Camera, light: Light, joints_m: Floats, height_m: float, dress: Dress) -> None:
    """Joints (JOINTS, 3) in the world -> the person in the patch."""
    eye = camera.eye(joints_m)
    k = height_m / 1.8
    for side in ("left", "right"):
        _leg(patch, camera, light, eye, side, k, dress)
        _arm(patch, camera, light, eye, side, k, dress)
    _trunk(patch, camera, light, eye, k, dress)
    _head(patch, camera, light, eye, k, dress)


def _leg(patch: Patch, camera: Camera, light: Light, eye: Floats, side: str, k: float, dress: Dress) -> None:
    hip, knee, ankle, heel, toe = (eye[JOINT[f"{side}_{p}"]] for p in ("hip", "knee", "ankle", "heel", "toe"))
    bar(patch, camera, light, np.stack([hip, knee]), (0.085 * k, 0.08 * k, 0.056 * k), dress.skin)
    bar(patch, camera, light, np.stack([hip, hip + 0.62 * (knee - hip)]), (0.098 * k, 0.1 * k), dress.shorts, 0.75)
    bar(patch, camera, light, np.stack([knee, ankle]), (0.056 * k, 0.058 * k, 0.045 * k, 0.038 * k), dress.skin)
    top = knee + 0.24 * (ankle - knee)
    bar(patch, camera, light, np.stack([top, ankle]), (0.062 * k, 0.055 * k, 0.042 * k), dress.socks, 0.3)
    bar(patch, camera, light, np.stack([ankle, heel + 0.3 * (toe - heel)]), (0.043 * k, 0.042 * k), dress.boots)
    bar(patch, camera, light, np.stack([heel, toe]), (0.04 * k, 0.043 * k, 0.034 * k), dress.boots)


def _arm(patch: Patch, camera: Camera, light: Light, eye: Floats, side: str, k: float, dress: Dress) -> None:
    shoulder, elbow, wrist = (eye[JOINT[f"{side}_{p}"]] for p in ("shoulder", "elbow", "wrist"))
    hand = wrist + 0.3 * (wrist - elbow)
    bar(patch, camera, light, np.stack([shoulder, elbow]), (0.052 * k, 0.042 * k), dress.skin)
    bar(patch, camera, light, np.stack([shoulder, shoulder + 0.62 * (elbow - shoulder)]), (0.064 * k, 0.058 * k),
        dress.shirt, 0.9)  # fmt: skip
    bar(patch, camera, light, np.stack([elbow, wrist]), (0.042 * k, 0.04 * k, 0.028 * k), dress.skin)
    bar(patch, camera, light, np.stack([wrist, hand]), (0.03 * k, 0.036 * k, 0.028 * k), dress.skin)


def _trunk(patch: Patch, camera: Camera, light: Light, eye: Floats, k: float, dress: Dress) -> None:
    """Wider than deep: the width shown depends on which way the person is turned."""
    hips = (eye[JOINT["left_hip"]] + eye[JOINT["right_hip"]]) / 2
    chest = (eye[JOINT["left_shoulder"]] + eye[JOINT["right_shoulder"]]) / 2
    spine = (chest - hips) / np.linalg.norm(chest - hips)
    hip_axis = eye[JOINT["right_hip"]] - eye[JOINT["left_hip"]]
    hip_axis /= np.linalg.norm(hip_axis)
    across = eye[JOINT["right_shoulder"]] - eye[JOINT["left_shoulder"]]
    across /= np.linalg.norm(across)
    px = camera.to_px(np.stack([hips, chest]))
    along = (px[1] - px[0]) / max(float(np.linalg.norm(px[1] - px[0])), 1e-6)
    square = np.array([-along[1], along[0]])

    def seen(axis: Floats, wide: float, deep: float) -> float:
        share = min(abs(float(axis[:2] @ square)), 1.0)
        return k * float(np.hypot(wide * share, deep * np.sqrt(1 - share * share)))

    low = seen(hip_axis, 0.165, 0.125)
    seat = np.stack([hips - 0.03 * k * spine, hips + 0.12 * k * spine])
    bar(patch, camera, light, seat, (low, low), dress.shorts, 0.55)
    widths = tuple(seen(across, w, d) for w, d in ((0.168, 0.13), (0.148, 0.118), (0.175, 0.13), (0.195, 0.115)))
    front = np.cross(spine, across)
    shirt = _Shirt(dress, camera, np.stack([hips, chest]), front, across, k)
    bar(patch, camera, light, np.stack([hips + 0.03 * k * spine, chest - 0.01 * k * spine]), widths, shirt, 0.32)


class _Shirt:
    """The shirt's colour with the number on its back."""

    def __init__(self, dress: Dress, camera: Camera, ends: Floats, front: Floats, across: Floats, k: float) -> None:
        self.dress, self.front, self.across, self.half = dress, front, across, 0.17 * k
        self.camera, self.ends = camera, ends

    def __call__(self, surface: Surface) -> Raster:
        base = np.broadcast_to(np.asarray(self.dress.shirt, np.float32), (*surface.near.shape, 3)).copy()
        ahead, aside = surface.facing(self.front), surface.facing(self.across)
        neck = (ahead > 0) & (surface.along > 0.84 + 1.1 * np.abs(aside))
        base[neck] = self.dress.skin
        if float(self.front[2]) < 0.25:  # the back is turned away
            return base
        over = surface.facing(self.across) / max(abs(float(self.front[2])), 0.3)
        texture = _number(self.dress.number)
        row = ((0.88 - surface.along) / 0.42 * texture.shape[0]).astype(int)
        column = ((over * 0.85 + 0.5) * texture.shape[1]).astype(int)
        on = (row >= 0) & (row < texture.shape[0]) & (column >= 0) & (column < texture.shape[1])
        on &= surface.facing(self.front) < -0.2
        ink = np.zeros(on.shape, np.float32)
        ink[on] = texture[row[on], column[on]]
        other = 235.0 if sum(self.dress.shirt) < 430 else 40.0
        return np.asarray(base * (1 - ink[..., None]) + other * ink[..., None], dtype=np.float32)


def _number(number: int) -> Raster:
    """-> (64, 48) the digits, 0..1."""
    canvas = np.zeros((64, 48), np.uint8)
    text, scale = str(number), 1.9 if number < 10 else 1.15
    (w, h), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 6)
    cv2.putText(canvas, text, (24 - w // 2, 32 + h // 2), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, 6, cv2.LINE_AA)
    return np.asarray(canvas / np.float32(255), dtype=np.float32)


def _head(patch: Patch, camera: Camera, light: Light, eye: Floats, k: float, dress: Dress) -> None:
    head, nose, neck = (eye[JOINT[name]] for name in ("head", "nose", "neck"))
    gaze = (nose - head) / np.linalg.norm(nose - head)
    ear_axis = eye[JOINT["right_ear"]] - eye[JOINT["left_ear"]]
    ear_axis /= np.linalg.norm(ear_axis)
    crown = -np.cross(gaze, ear_axis)
    crown = crown if float((head - neck) @ crown) > 0 else -crown
    skin, hair = np.asarray(dress.skin, np.float32), np.asarray(dress.hair, np.float32)

    def face(surface: Surface) -> Raster:
        ahead, up, aside = surface.facing(gaze), surface.facing(crown), surface.facing(ear_axis)
        height = up * 0.6 + (surface.along - 0.5) * 0.9
        out = np.broadcast_to(skin, (*ahead.shape, 3)).copy()
        for place in (-0.36, 0.36):
            white = ((aside - place) ** 2 / 0.03 + (height - 0.08) ** 2 / 0.016 < 1) & (ahead > 0)
            pupil = ((aside - place) ** 2 + (height - 0.08) ** 2 < 0.011) & (ahead > 0)
            brow = (np.abs(aside - place) < 0.2) & (np.abs(height - 0.27) < 0.055) & (ahead > 0)
            out[white], out[pupil], out[brow] = (235, 235, 235), (40, 30, 26), hair
        out[(np.abs(aside) < 0.27) & (np.abs(height + 0.58) < 0.07) & (ahead > 0)] = skin * (0.6, 0.5, 0.8)
        sides = ((ahead < 0.38) & (height > 0.1)) | ((ahead < 0.05) & (height > -0.75))
        out[(height > 0.5 - 0.1 * ahead) | sides] = hair
        return out

    bar(patch, camera, light, np.stack([neck - 0.3 * (head - neck), head]), (0.07 * k, 0.058 * k), dress.skin)
    bar(patch, camera, light, np.stack([head - 0.035 * k * crown, head + 0.035 * k * crown]),
        (0.078 * k, 0.092 * k, 0.09 * k), face)  # fmt: skip
    bridge = np.stack([head + (0.085 * gaze + 0.005 * crown) * k, head + (0.096 * gaze - 0.018 * crown) * k])
    bar(patch, camera, light, bridge, (0.011 * k, 0.018 * k), dress.skin)
    for name in ("left_ear", "right_ear"):
        ear = eye[JOINT[name]]
        bar(patch, camera, light, np.stack([ear, ear + 0.012 * k * crown]), (0.024 * k, 0.022 * k), dress.skin)
