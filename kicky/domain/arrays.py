"""Arrays as the nouns hold them: checked for shape, then read-only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


def seal(noun: object, **shapes: tuple[int | str, ...]) -> None:
    """Check each array's shape (a letter binds one size within the noun) and make it read-only."""
    sizes: dict[str, int] = {}
    for name, shape in shapes.items():
        array = np.asarray(getattr(noun, name)).copy()
        fits = array.ndim == len(shape) and all(
            want == got if isinstance(want, int) else sizes.setdefault(want, got) == got
            for want, got in zip(shape, array.shape, strict=True)
        )
        if not fits:
            expected = ", ".join(str(sizes.get(str(size), size)) for size in shape)
            raise ValueError(f"{type(noun).__name__}.{name}: expected ({expected}), got {array.shape}")
        array.flags.writeable = False
        object.__setattr__(noun, name, array)
