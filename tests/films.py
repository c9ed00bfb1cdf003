"""Films of every kind a phone, a friend or an accident produces, written where a test wants them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

WIDTH, HEIGHT, BITS, CELL = 160, 96, 8, 16


def numbered(number: int, width: int = WIDTH, height: int = HEIGHT) -> Image:
    """Frame number -> a picture that says it: eight squares along the top, white for 1, black for 0."""
    image = np.full((height, width, 3), (60, 120, 70), np.uint8)
    for bit in range(BITS):
        left = 8 + bit * CELL
        image[8 : 8 + CELL, left : left + CELL] = 235 if number >> bit & 1 else 20
    return image


def number_in(image: Image) -> int:
    """Picture (BGR or gray) of `numbered` -> the number it says."""
    gray = image if image.ndim == 2 else image.mean(axis=2)
    return sum((gray[12:20, 12 + bit * CELL : 20 + bit * CELL].mean() > 128) << bit for bit in range(BITS))


def quartered(width: int = WIDTH, height: int = HEIGHT) -> Image:
    """-> a picture no turn or mirror leaves alike: gray levels 40 90 / 150 210."""
    image = np.full((height, width, 3), 40, np.uint8)
    image[: height // 2, width // 2 :] = 90
    image[height // 2 :, : width // 2] = 150
    image[height // 2 :, width // 2 :] = 210
    return image


def quarters(image: Image) -> list[int]:
    """Picture -> gray levels of its quarters' middles, left to right, top to bottom, to the nearest 10."""
    gray = image if image.ndim == 2 else image.mean(axis=2)
    height, width = gray.shape
    spots = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [int(round(float(gray[y - 4 : y + 4, x - 4 : x + 4].mean()), -1)) for y, x in spots]


def write(
    path: Path,
    images: Sequence[Image],
    ticks: Sequence[int] | None = None,
    *,
    tick: Fraction = Fraction(1, 30),
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    container: str | None = None,
    moov_first: bool = False,
    colour: tuple[int, int, int, int] | None = None,
    prepare: Callable[[Any], None] | None = None,
    sound: str | None = None,
    data: bool = False,
) -> Path:
    """Images and their times -> a film. `colour`: range, primaries, transfer, matrix as H.273 numbers."""
    flags = {"movflags": "+faststart"} if moov_first else {}
    with av.open(str(path), "w", format=container, options=flags) as out:
        default = {"preset": "ultrafast", "g": "12"} if codec == "libx264" else {}
        stream: Any = out.add_stream(codec, rate=30, options=default | (options or {}))
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = pix_fmt
        stream.time_base = stream.codec_context.time_base = tick
        if colour:
            context = stream.codec_context
            context.color_range, context.color_primaries, context.color_trc, context.colorspace = colour
        if prepare:
            prepare(stream)
        tone: Any = out.add_stream(sound, rate=48000) if sound else None
        notes: Any = out.add_data_stream("bin_data") if data else None
        for index, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            if pix_fmt != "bgr24":
                frame = frame.reformat(
                    format=pix_fmt,
                    dst_colorspace=colour[3] if colour else None,
                    dst_color_range=colour[0] if colour else None,
                )
            frame.pts, frame.time_base = index if ticks is None else ticks[index], tick
            out.mux(stream.encode(frame))
            if notes:
                packet = av.Packet(b"where the phone was")
                packet.stream, packet.pts, packet.dts, packet.time_base = notes, index, index, Fraction(1, 30)
                out.mux(packet)
        out.mux(stream.encode())
        if tone:
            _hum(out, tone, len(images) / 30)
    return path


def _hum(out: Any, stream: Any, lasts_s: float) -> None:
    for start in range(0, int(lasts_s * 48000), 1024):
        wave = 0.1 * np.sin(np.arange(start, start + 1024) * 0.05, dtype=np.float32)
        frame = av.AudioFrame.from_ndarray(np.stack([wave]), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48000, start, Fraction(1, 48000)
        out.mux(stream.encode(frame))
    out.mux(stream.encode())


def write_sound(path: Path) -> Path:
    """-> a file with sound and no picture."""
    with av.open(str(path), "w") as out:
        _hum(out, out.add_stream("aac", rate=48000, layout="mono"), 1.0)
    return path


def write_hdr(path: Path, light: NDArray[np.float64], transfer: int, count: int = 2) -> Path:
    """(K, 3) linear BT.709 RGB, 1 = paper white, as K columns -> 10-bit HEVC in BT.2020 on the curve of `transfer`.

    The forward curves of BT.2100, so that what reads them is tested against the standard: 18 is HLG
    (made for a screen of 1000 cd/m², gamma 1.2), 16 is PQ; paper white is 203 cd/m² in both.
    """
    to_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
    weights = np.array([0.2627, 0.6780, 0.0593])
    nits = np.clip(light @ to_2020.T, 0, None) * 203
    if transfer == 16:
        power = (nits / 10000) ** (2610 / 16384)
        signal = ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)
    else:
        shown = nits / 1000
        scene = shown * np.maximum(shown @ weights, 1e-9)[:, None] ** (-0.2 / 1.2)
        high = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
        signal = np.where(scene <= 1 / 12, np.sqrt(3 * scene), high)
    luma = signal @ weights
    planes = (64 + 876 * luma, 512 + 896 * (signal[:, 2] - luma) / 1.8814, 512 + 896 * (signal[:, 0] - luma) / 1.4746)
    width, height = 32 * len(light), 64
    with av.open(str(path), "w", format="mov") as out:
        stream: Any = out.add_stream(
            "libx265", rate=30, options={"preset": "ultrafast", "crf": "8", "x265-params": "log-level=none"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p10le"
        context = stream.codec_context
        context.codec_tag = "hvc1"
        context.color_range, context.color_primaries, context.color_trc, context.colorspace = 1, 9, transfer, 9
        for _ in range(count):
            frame = av.VideoFrame(width, height, "yuv420p10le")
            for plane, levels, columns in zip(frame.planes, planes, (32, 16, 16), strict=True):
                rows = np.frombuffer(plane, np.uint16).reshape(-1, plane.line_size // 2)
                rows[:, : columns * len(light)] = np.repeat(np.rint(levels).astype(np.uint16), columns)
            frame.color_range, frame.color_primaries, frame.color_trc, frame.colorspace = 1, 9, transfer, 9
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def textured(width: int, height: int, seed: int = 0) -> Image:
    """-> a picture full of detail to hold on to, like grass, fence and trees."""
    rng = np.random.default_rng(seed)
    fine = cv2.resize(rng.integers(0, 256, (height // 4, width // 4, 3), np.uint8), (width, height))
    coarse = cv2.resize(rng.integers(0, 256, (height // 24 + 1, width // 24 + 1, 3), np.uint8), (width, height))
    return cv2.addWeighted(fine, 0.35, coarse, 0.65, 0).astype(np.uint8)
