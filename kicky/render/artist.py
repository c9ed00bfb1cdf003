"""What is drawn on each frame of a report's film, and when."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from .. import roles
from ..domain import Floats, Foot, How, Report, Shot, Track, Verdict
from ..shown import body_only
from ..speeds import NOTHING, Unit, given, told
from ..video import Image
from . import brush
from .brush import AMBER, GREEN, INK, RED, SKY, SUN, WHITE, Colour
from .onfilm import OnFilm, on_film

LONGEST_PX = 1280
BEFORE_S, AFTER_S = 4.0, 4.0  # a run-up takes three; who celebrates is seen celebrating
TRAIL_S, FLASH_S, SLIDE_S, SUSPENSE_S, HOLD_S = 0.9, 0.35, 0.3, 0.4, 1.5
_PLAYERS: tuple[Colour, ...] = ((120, 220, 60), (255, 170, 70), (190, 120, 255), (80, 200, 255), (220, 220, 90))
VERDICTS = {
    Verdict.GOAL: ("GOAL", "tick", GREEN),
    Verdict.NO_GOAL: ("NO GOAL", "cross", RED),
    Verdict.UNSURE: ("UNSURE", "query", AMBER),
}
HOWS = {
    How.IN_NET: "in the net",
    How.OVER: "over the bar",
    How.WIDE_LEFT: "wide, left of the goal",
    How.WIDE_RIGHT: "wide, right of the goal",
    How.POST: "off the frame",
    How.SAVED: "saved",
    How.SHORT: "short of the goal",
    How.UNCLEAR: "",
}
_LONGEST_WHY = 48
_BONES = ((11, 12), (11, 23), (12, 24), (23, 24), (11, 13), (13, 15), (12, 14), (14, 16))
_LEGS = {Foot.LEFT: ((23, 25), (25, 27), (27, 31)), Foot.RIGHT: ((24, 26), (26, 28), (28, 32))}


def begins(shot: Shot) -> int:
    """Shot -> the frame its drawn film begins with: some seconds before the kick, or where the take does."""
    start = shot.clip.take[0]
    if shot.kick_frame is None:
        return start
    return max(start, int(np.searchsorted(shot.clip.time_s, shot.clip.time_s[shot.kick_frame] - BEFORE_S)))


class Artist:
    """Report -> what to draw on each frame; knows the report's pixels and the picture's."""

    def __init__(
        self,
        report: Report,
        possession: Sequence[str | None] | None,
        *,
        offset: tuple[int, int] = (0, 0),
        scale: float | None = None,
        unit: Unit = Unit.KMH,
        bold: float = 1.0,
    ) -> None:
        self._report, self._shot, self._clip = report, report.shot, report.shot.clip
        self._owners = possession or roles.possession(report.shot)
        longest = max(self._clip.size_wh_px)
        self._scale: float = scale or min(1.0, LONGEST_PX / longest)
        self.between = (0.0, 1.0)  # black bars, as shares of the picture's width: words keep to what they leave
        self._offset: Floats = np.array(offset, dtype=float)
        self._unit, self._bold = unit, bold
        self._shown: int | None = None  # the frame drawn on, where it is shown as filmed
        last_ball = np.flatnonzero(np.isfinite(self._shot.ball.centre_px[:, 0]))
        last = int(last_ball[-1]) if len(last_ball) else self._clip.take[1] - 1
        told = report.outcome.frame if report.outcome.frame is not None else last
        if self._shot.kick_frame is not None:  # let the ball fly first
            flown_s = self._clip.time_s[self._shot.kick_frame] + SUSPENSE_S
            told = max(told, int(np.searchsorted(self._clip.time_s[: self._clip.take[1] - 1], flown_s)))
        self._flight = on_film(self._shot, report.outcome.how)
        if self._flight is not None and self._flight.passes_s is not None:  # the moment it passes is the moment to tell
            told = int(np.searchsorted(self._clip.time_s[: self._clip.take[1] - 1], self._flight.passes_s))
        self._told = told

    def draw(self, image: Image, number: int, later_s: float = 0.0) -> None:
        """Everything on one frame as it was filmed; `later_s` lets time go on while the picture stands."""
        self._shown = number
        self.draw_goal(image)
        self.draw_players(image, number)
        self.draw_skeleton(image, number)
        self.draw_trail(image, number)
        if self._flight is not None:
            self.draw_flight(image, self._flight, float(self._clip.time_s[number]))
        self.draw_ball(image, number)
        self.draw_flash(image, number)
        since_kick_s = self._since_kick_s(number)
        if since_kick_s is not None and since_kick_s >= 0:
            self.draw_facts(image, min(1.0, (since_kick_s + later_s) / SLIDE_S))
        self.draw_verdict(image, self.banner_age_s(number) + later_s)

    def aim(self, number: int, corner_px: Floats, scale: float) -> None:
        """Frame, the upper left corner of what is shown of it in the film's pixels, its scale -> draw onto that."""
        self._shown, self._offset, self._scale = number, corner_px, scale

    @property
    def told_s(self) -> float:
        """-> the moment at which the verdict comes, in life's time."""
        return float(self._clip.time_s[self._told])

    def draw_ball_only(self, image: Image, number: int) -> None:
        """What is worth seeing on a small screen: goal, kicking body, the ball's way; no label, no box."""
        self.draw_goal(image)
        self.draw_skeleton(image, number)
        self.draw_trail(image, number)
        if self._flight is not None:
            self.draw_flight(image, self._flight, float(self._clip.time_s[number]))
        self.draw_ball(image, number)
        self.draw_flash(image, number, named=False)

    def stretch(self) -> tuple[int, int]:
        """-> the frames worth seeing, from the run-up until what came of it: the whole take where no kick was found."""
        stop = self._clip.take[1]
        if self._shot.kick_frame is None:
            return begins(self._shot), stop
        last = np.searchsorted(self._clip.time_s, self._clip.time_s[self._told] + AFTER_S)
        return begins(self._shot), min(stop, int(last))

    @property
    def tells(self) -> bool:
        """-> whether there is a verdict to wait for."""
        return not body_only(self._report.outcome.verdict, self._report.outcome.why)

    def banner_age_s(self, number: int) -> float:
        """Frame -> how long the verdict has been on show, negative before."""
        return float(self._clip.time_s[number] - self._clip.time_s[self._told])

    def _since_kick_s(self, number: int) -> float | None:
        kick = self._shot.kick_frame
        return None if kick is None else float(self._clip.time_s[number] - self._clip.time_s[kick])

    def _px(self, points: Floats) -> Floats:
        """Pixels that the shot is told in -> pixels of the picture drawn on."""
        steadying = self._clip.steadying
        if steadying is not None and self._shown is not None:
            points = steadying.to_film(self._shown, points)
        return np.asarray((np.asarray(points, dtype=np.float64) - self._offset) * self._scale)

    def _width(self, image: Image, share: float) -> int:
        return max(1, round(self._bold * share * float(max(image.shape[:2])) / LONGEST_PX))

    def _letters(self, image: Image, share: float) -> int:
        """Letters as large as on the largest picture, by share, but never too small to read."""
        return max(round(share * 0.5), self._width(image, share))

    def draw_goal(self, image: Image) -> None:
        """The goal's outline with its corners marked."""
        if self._shot.scene is None:
            return
        corners = self._px(self._shot.scene.goal_corners_px)
        width = self._width(image, 1.6)
        brush.line(image, np.vstack([corners, corners[:1]]), SKY, width, edge=False)
        for index in range(4):
            towards = [corners[index] + 0.12 * (corners[(index + step) % 4] - corners[index]) for step in (-1, 1)]
            brush.line(image, np.array([towards[0], corners[index], towards[1]]), WHITE, width + 1)

    def draw_players(self, image: Image, number: int) -> None:
        """Each player's box and label; bright and filled for the one who has the ball."""
        size = self._letters(image, 19)
        for index, player in enumerate(self._shot.players):
            box = player.box_px(number)
            if not np.isfinite(box).all():
                continue
            x0, y0, x1, y1 = self._px(box.reshape(2, 2)).ravel()
            colour = _PLAYERS[index % len(_PLAYERS)]
            has_ball = self._owners[number] == player.label
            brush.brackets(image, np.array([x0, y0, x1, y1]), SUN if has_ball else colour, self._width(image, 2.6))
            label = self._label(player, has_ball)
            sprite = brush.tag(label, size, INK, SUN) if has_ball else brush.tag(label, size, WHITE, INK, colour)
            height, wide = sprite[0].shape[:2]
            left = min(max((x0 + x1 - wide) / 2, 4), image.shape[1] - wide - 4)
            brush.paste(image, sprite, left, max(y0 - height - 6, 4))

    def _label(self, player: Track, has_ball: bool) -> str:
        if has_ball:
            return f"{player.label} BALL"
        return f"{player.label} KEEPER" if player.label == self._shot.keeper else player.label

    def draw_skeleton(self, image: Image, number: int) -> None:
        """The shooter's body where the pose was looked for, the kicking leg in colour."""
        pose = self._shot.pose
        row = pose.at(number) if pose is not None else None
        if pose is None or row is None:
            return
        body = self._px(pose.landmarks_px[row])
        width = int(np.clip(np.nanmax(np.nanmax(body, axis=0) - np.nanmin(body, axis=0)) / 90, 2, 5))
        foot = self._report.foot.foot
        plain = [*_BONES, *(bone for side, leg in _LEGS.items() if side != foot for bone in leg)]
        for bones, colour, thick in ((plain, WHITE, width), (_LEGS.get(foot, ()), SUN, width + 1)):
            for bone in bones:
                if np.isfinite(body[list(bone)]).all():
                    brush.line(image, body[list(bone)], colour, thick)
        for joint in {joint for bone in plain for joint in bone} | {j for bone in _LEGS.get(foot, ()) for j in bone}:
            if np.isfinite(body[joint]).all():
                brush.dot(image, body[joint], width * 1.3, INK)
                brush.dot(image, body[joint], width * 0.8, WHITE)

    def draw_trail(self, image: Image, number: int) -> None:
        """The ball's way since the kick, fading."""
        kick = self._shot.kick_frame
        if kick is None or number <= kick:
            return
        ball = self._shot.ball
        seen = [f for f in range(kick, number + 1) if np.isfinite(ball.centre_px[f, 0])]
        ages_s = [float(self._clip.time_s[number] - self._clip.time_s[f]) for f in seen]
        kept = [(f, 1 - age / TRAIL_S) for f, age in zip(seen, ages_s, strict=True) if age < TRAIL_S]
        if len(kept) < 2:
            return
        points = self._px(ball.centre_px[[f for f, _ in kept]])
        radius = float(np.nanmedian(ball.size_px[[f for f, _ in kept]])) * self._scale / 2
        full = min(max(radius, self._width(image, 3)), self._width(image, 7))
        fades = [0.15 + 0.75 * fresh for _, fresh in kept]
        brush.trail(image, points, [1 + full * fresh for _, fresh in kept], fades, SUN)

    def draw_flight(self, image: Image, flight: OnFilm, now_s: float) -> None:
        """The fitted path as far as it has been flown, and, once passed, its place on the goal's plane."""
        flown = flight.path_px[: int(np.searchsorted(flight.time_s, now_s, side="right"))]
        width = self._width(image, 1.6)
        if len(flown) > 1:
            brush.line(image, self._px(flown), WHITE, width)
        if flight.passes_s is None or now_s < flight.passes_s:
            return
        at, colour = self._px(flight.path_px[-1]), VERDICTS[self._report.outcome.verdict][2]
        radius = max(flight.ball_px * self._scale / 2, self._width(image, 5))
        brush.ring(image, at, radius + 1.5 * width, colour, 2 * width)
        brush.dot(image, at, max(1.0, radius / 4), colour)

    def draw_ball(self, image: Image, number: int) -> None:
        """A ring about the ball, thin where it was filled in rather than seen."""
        ball = self._shot.ball
        if not np.isfinite(ball.centre_px[number]).all():
            return
        radius = float(ball.size_px[number].min()) / 2 * self._scale
        width = self._width(image, 2.4 if ball.measured[number] else 1.2)
        brush.ring(image, self._px(ball.centre_px[number]), max(radius * 1.25, self._width(image, 8)), WHITE, width)

    def draw_flash(self, image: Image, number: int, named: bool = True) -> None:
        """An opening ring where and when the ball was struck, and what it is."""
        age_s, kick = self._since_kick_s(number), self._shot.kick_frame
        if kick is None or age_s is None or not 0 <= age_s < FLASH_S:
            return
        where = self._shot.ball.centre_px[kick]
        if not np.isfinite(where).all():
            return
        share, at = age_s / FLASH_S, self._px(where)
        drawn = image.copy()
        brush.ring(drawn, at, self._width(image, 16 + 40 * share), SUN, self._width(image, 5 - 3 * share))
        cv2.addWeighted(drawn, 1 - share, image, share, 0, dst=image)
        if not named:
            return
        sprite = brush.tag("KICK", self._letters(image, 19), INK, SUN)
        height, wide = sprite[0].shape[:2]
        left = min(max(at[0] - wide / 2, 4), image.shape[1] - wide - 4)
        top = min(at[1] + self._width(image, 46), image.shape[0] - height - 4)
        brush.paste(image, sprite, left, top, 1 - share**2)

    def draw_facts(self, image: Image, shown: float) -> None:
        """Foot and speed, when known, in the lower left corner; `shown` 0..1 fades them in."""
        size, edge = self._letters(image, 22), self._width(image, 18)
        words = []
        if self._report.foot.foot is not Foot.UNSURE:
            words.append(f"{self._report.foot.foot.capitalize()} foot")
        measures = {measure.name: measure for measure in self._report.measures}
        fast = told(given(measures), given(measures, "speed_across"), self._unit)
        if fast != NOTHING:
            words.append(fast)
        left = self.between[0] * image.shape[1] + edge
        for text in words:
            sprite = brush.tag(text, size, WHITE, INK)
            brush.paste(image, sprite, left, image.shape[0] - edge - sprite[0].shape[0], shown)
            left += sprite[0].shape[1] + edge / 2

    def draw_verdict(self, image: Image, age_s: float) -> None:
        """The banner, sliding in from above; none where there is no goal to tell of."""
        if age_s < 0 or not self.tells:
            return
        title, sign, colour = VERDICTS[self._report.outcome.verdict]
        why = self._report.outcome.why.removesuffix(".")
        room = image.shape[1] * (self.between[1] - self.between[0])
        words = HOWS[self._report.outcome.how] or (why if len(why) <= _LONGEST_WHY else "")
        sprite = brush.banner(title, words, sign, colour, self._letters(image, 52), round(room * 0.92))
        height, wide = sprite[0].shape[:2]
        share = min(1.0, age_s / SLIDE_S)
        eased = 1 - (1 - share) ** 3
        y = -height + eased * (height + self._width(image, 26))
        brush.paste(image, sprite, (image.shape[1] - wide) / 2, y)
