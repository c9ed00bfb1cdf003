"""An address -> a QR code that a phone's camera opens, for a page and for a terminal."""

from __future__ import annotations

from itertools import zip_longest

QUIET = 4  # squares of white about it, which the standard asks for
INK, END = "\x1b[30;107m", "\x1b[0m"  # black on white, whatever the terminal's colours are

Squares = tuple[tuple[bool, ...], ...]
"""Row by row, True where it is dark, with the white about it."""


def squares(text: str) -> Squares:
    """Text -> its QR code."""
    import cv2
    import numpy as np

    made = np.asarray(cv2.QRCodeEncoder.create().encode(text)) == 0
    rows, columns = np.flatnonzero(made.any(axis=1)), np.flatnonzero(made.any(axis=0))
    dark = made[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return tuple(tuple(row) for row in np.pad(dark, QUIET).tolist())


def svg(code: Squares, alt: str = "QR code") -> str:
    """Code -> a picture of it that stays sharp at any size."""
    side = len(code)
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(code) for x, one in enumerate(row) if one)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{alt}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path d="{dark}"/></svg>'
    )


def blocks(code: Squares) -> str:
    """Code -> lines for a terminal, two rows of it in each."""
    signs = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
    white = (False,) * len(code)
    pairs = zip_longest(code[::2], code[1::2], fillvalue=white)
    return "\n".join(INK + "".join(signs[pair] for pair in zip(*rows, strict=True)) + END for rows in pairs)
