"""SyntheticShot -> pictures: the still world painted once, then what moves in each frame, from far to near."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ..domain import Floats
from .ball import draw_ball, turns
from .clutter import draw_thing
from .figure import Dress, draw_dress, draw_person
from .glare import lay, shine
from .netting import Layer, Netting, dent_at
from .physics import STEP_S
from .player import JOINT, Body
from .scenery import draw_weather, paint_world
from .shadow import cast, goal_frame, limbs
from .shot import SyntheticShot
from .solids import Image, Patch, Raster, box_around

_NOISE_ROOM = 96
_STILL_PX = 0.4  # a body that has moved by less since it was drawn is not drawn anew: nobody sees it


def render(shot: SyntheticShot) -> Iterator[Image]:
    """SyntheticShot -> its frames, BGR uint8 (H, W, 3)."""
    painter = Painter(shot)
    for frame in range(len(shot.time_s)):
        yield painter.frame(frame)


class Painter:
    """One shot's still world, ready to have its frames painted on."""

    def __init__(self, shot: SyntheticShot) -> None:
        self.shot, self.camera = shot, shot.camera
        self.rng = np.random.default_rng([shot.seed, 7])
        self.setting = shot.setting
        self.weather = draw_weather(self.rng, shot.night, self.setting.sun_deg, self.setting.grass)
        self.light = self.weather.light
        self.bodies: list[tuple[Body, Dress]] = [(b, draw_dress(self.rng)) for b in (shot.shooter, *shot.walkers)]
        if shot.cast is not None:
            self.bodies[0] = (shot.shooter, shot.cast.shooter.dress)
            self.bodies += [(shot.friend, shot.cast.friend.dress)] if shot.friend is not None else []
        self.netting = Netting(self.camera, shot.goal, self.light)
        self.vignette = self._vignette()
        world = paint_world(self.camera, shot.goal, self.weather) * self.vignette[..., None]
        self.bare = np.clip(world, 0, 255).astype(np.uint8)
        shine(self.bare, lay(self.setting.glare, shot.size_wh_px, far=True))
        self.lens = lay(self.setting.glare, shot.size_wh_px, far=False)
        if self.setting.sun_deg is not None:
            cast(self.bare, self.camera, self.light, goal_frame(shot.goal))
        self.still = self.bare.copy()
        self.still_layers = self.netting.layers(None)
        self._hang(self.still, self.still_layers)
        if shot.still_ball_m is not None:
            spot = np.array([shot.still_ball_m])
            cast(self.still, self.camera, self.light, [(spot[0], spot[0], 0.11)])
            lying = draw_ball(self.camera, self.light, spot, turns(self.rng))
            self._lay(self.still, lying, spot[0], [], self.still_layers)
        self._strew()
        self.turns = self._spin()
        since = shot.time_s - shot.contact_time_s
        self.joints = np.array([body.joints(since) for body, _ in self.bodies])
        half = shot.exposure_s / 2
        self.reach = np.array([[body.joints(since - half), body.joints(since + half)] for body, _ in self.bodies])
        self.drawn: dict[int, tuple[Floats, Patch]] = {}
        self.noise = self._grain()
        self.tones = self._tones()

    def frame(self, number: int) -> Image:
        """Frame number -> its picture."""
        shot, now = self.shot, float(self.shot.time_s[number])
        since = now - shot.contact_time_s
        dent = dent_at(shot.goal, shot.flight, since, STEP_S)
        image, layers = self.still.copy(), self.still_layers
        if dent is not None and self.netting.box:
            x0, y0, x1, y1 = self.netting.box
            image[y0:y1, x0:x1] = self.bare[y0:y1, x0:x1]
            layers = self.netting.layers(dent)
            self._hang(image, layers)
        spread = np.linspace(-0.5, 0.5, 24) * shot.exposure_s
        ball = shot.ball_at(now + spread)
        joints = self.joints[:, number]
        shadows = [limb for person in joints for limb in limbs(person)]
        cast(image, self.camera, self.light, [*shadows, (ball[0], ball[-1], 0.11)])
        order = sorted(range(len(joints)), key=lambda i: -float(self.camera.depth_m(joints[i][JOINT["neck"]])))
        people: list[Patch] = []
        for i in order:
            patch = self._person(i, number, since)
            if patch is not None:
                self._lay(image, patch, joints[i][JOINT["left_hip"]], [], layers)
                people.append(patch)
        leather = draw_ball(self.camera, self.light, ball, self.turns[number], self.setting.leather)
        self._lay(image, leather, ball[12], people, layers)
        image = self._through_the_phone(image, number)
        dx, dy = self.rng.integers(0, _NOISE_ROOM, 2)
        h, w = image.shape[:2]
        times, plus = self.tones
        grain = self.noise[dy : dy + h, dx : dx + w]
        return np.asarray(cv2.addWeighted(image, times, grain, 1, plus - 128), dtype=np.uint8)

    def _through_the_phone(self, image: Image, number: int) -> Image:
        """-> the picture with the lens's glare, moved by the hand that holds it."""
        shine(image, self.lens)
        if self.setting.moves is not None:
            size = self.shot.size_wh_px
            return np.asarray(
                cv2.warpAffine(image, self.setting.moves[number], size, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8
            )
        return image

    def _strew(self) -> None:
        """Lays down what lies about, from far to near, each with its shadow."""
        things = sorted(self.setting.things, key=lambda t: -float(self.camera.depth_m(t.ends_m().mean(axis=0))))
        if things:
            cast(self.still, self.camera, self.light, [thing.limb() for thing in things])
        for thing in things:
            patch = draw_thing(self.camera, self.light, thing, self.rng)
            self._lay(self.still, patch, thing.ends_m().mean(axis=0), [], self.still_layers)

    def _person(self, i: int, number: int, since: float) -> Patch | None:
        """-> one person, blurred by how far they move while the shutter is open."""
        body, dress = self.bodies[i]
        half = self.shot.exposure_s / 2
        middle = self.joints[i, number]
        px = self.camera.project(self.reach[i, :, number])
        scale = self.camera.focal_px / max(float(self.camera.depth_m(middle[0])), 0.5)
        box = box_around(px.reshape(-1, 2), 0.16 * scale, self.camera.size_wh_px)
        if box is None or np.isnan(px).any():
            return None
        count = int(np.clip(np.linalg.norm(px[1] - px[0], axis=1).max() / 3, 1, 4))
        now = px.mean(axis=0)
        if i in self.drawn and np.abs(self.drawn[i][0] - now).max() < _STILL_PX:
            return self.drawn[i][1]
        total: Patch | None = None
        moments = since + (np.arange(count) + 0.5 - count / 2) / count * 2 * half
        for pose in body.joints(moments) if count > 1 else [middle]:
            patch = Patch(box)
            draw_person(patch, self.camera, self.light, pose, body.height_m, dress)
            if total is None:
                total = patch
            else:
                total.colour += patch.colour
                total.alpha += patch.alpha
                total.depth = np.minimum(total.depth, patch.depth)
        if total is not None and count > 1:
            total.colour /= count
            total.alpha /= count
        if total is not None:
            self.drawn[i] = now, total
        return total

    def _lay(self, image: Image, patch: Patch | None, at_m: Floats, people: list[Patch], layers: list[Layer]) -> None:
        """Puts a patch into the picture, behind the people and parts of the goal that hide it."""
        if patch is None:
            return
        alpha, colour = patch.alpha, patch.colour
        depth = float(self.camera.depth_m(at_m))
        for person in people:
            nearer = person.alpha * (person.depth < depth)
            hidden = _overlap(patch, (person.x0, person.y0, person.x1, person.y1), nearer)
            alpha, colour = alpha * (1 - hidden), colour * (1 - hidden)[..., None]
        if self.netting.box:
            for layer in layers:
                if layer.hides(self.camera, at_m):
                    over = _overlap(patch, self.netting.box, layer.alpha)
                    threads = _overlap(patch, self.netting.box, layer.colour)
                    colour = colour * (1 - over)[..., None] + threads * alpha[..., None]
        window = (slice(patch.y0, patch.y1), slice(patch.x0, patch.x1))
        shaded = colour * self.vignette[window][..., None]
        image[window] = np.clip(image[window] * (1 - alpha)[..., None] + shaded + 0.5, 0, 255).astype(np.uint8)

    def _hang(self, image: Image, layers: list[Layer]) -> None:
        """Paints the goal, from its farthest part to its nearest."""
        if not self.netting.box:
            return
        x0, y0, x1, y1 = self.netting.box
        part = image[y0:y1, x0:x1].astype(np.float32)
        shade = self.vignette[y0:y1, x0:x1, None]
        for layer in layers:
            part = part * (1 - layer.alpha)[..., None] + layer.colour * shade
        image[y0:y1, x0:x1] = np.clip(part, 0, 255).astype(np.uint8)

    def _vignette(self) -> Raster:
        w, h = self.shot.size_wh_px
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        off = ((x - w / 2) ** 2 + (y - h / 2) ** 2) / (w * w / 4 + h * h / 4)
        return np.asarray(1 - (0.22 if self.shot.night else 0.14) * off, dtype=np.float32)

    def _spin(self) -> Floats:
        """-> (T, 3, 3) how the ball is turned in each frame."""
        shot = self.shot
        turn, out = turns(self.rng), []
        for i, time_s in enumerate(shot.time_s):
            since = time_s - shot.contact_time_s
            if i and since > 0:
                row = min(int(since / STEP_S), len(shot.flight.spin_rads) - 1)
                step = min(since, float(shot.time_s[i] - shot.time_s[i - 1]))
                turn = cv2.Rodrigues(shot.flight.spin_rads[row] * step)[0] @ turn
            out.append(turn)
        return np.array(out)

    def _grain(self) -> Image:
        """-> a larger sheet of sensor noise about 128; each frame takes another cutting of it."""
        w, h = self.shot.size_wh_px
        sigma = self.setting.grade.noise or (3.2 if self.shot.night else 1.7)
        fine = self.rng.normal(128, sigma, (h + _NOISE_ROOM, w + _NOISE_ROOM, 1))
        tint = self.rng.normal(0, sigma * 0.4, (h + _NOISE_ROOM, w + _NOISE_ROOM, 3))
        return np.clip(fine + tint + 0.5, 0, 255).astype(np.uint8)

    def _tones(self) -> tuple[float, float]:
        """-> what the phone multiplies each value with and adds to it: contrast about the middle, then brightness."""
        grade, middle = self.setting.grade, 70.0 if self.shot.night else 120.0
        return grade.contrast * grade.gain, middle * (1 - grade.contrast) * grade.gain


def _overlap(patch: Patch, box: tuple[int, int, int, int], values: Raster) -> Raster:
    """Values over a box of the picture -> the same over the patch, 0 outside the box."""
    out = np.zeros((*patch.alpha.shape, *values.shape[2:]), np.float32)
    x0, y0, x1, y1 = max(patch.x0, box[0]), max(patch.y0, box[1]), min(patch.x1, box[2]), min(patch.y1, box[3])
    if x1 > x0 and y1 > y0:
        out[y0 - patch.y0 : y1 - patch.y0, x0 - patch.x0 : x1 - patch.x0] = (
            values[y0 - box[1] : y1 - box[1], x0 - box[0] : x1 - box[0]]
        )  # fmt: skip
    return out
