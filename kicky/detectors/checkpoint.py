"""File of an RF-DETR student -> rfdetr's own model of it and what its classes are, whichever version wrote the file.

Four kinds are met: rfdetr's own since 1.7, which say their size, settings and classes; older ones, whose class names
count from 1; PyTorch Lightning's; and weights alone, which say nothing.
"""

from __future__ import annotations

import logging
import pickle
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .. import packages, weights
from ..errors import MissingWeights
from .device import needed

CLASSES = {
    "nano": "RFDETRSegNano", "small": "RFDETRSegSmall", "medium": "RFDETRSegMedium", "large": "RFDETRSegLarge",
    "xlarge": "RFDETRSegXLarge", "2xlarge": "RFDETRSeg2XLarge",
}  # fmt: skip
"""Size -> rfdetr's class of it."""
CELLS = {26: "nano", 32: "small", 36: "medium", 42: "large", 52: "xlarge", 64: "2xlarge"}
"""Cells along a side that a model has places for -> its size; a cell is 12 px."""
CELL_PX = 12
PLACES = "backbone.0.encoder.encoder.embeddings.position_embeddings"
HEAD = "class_embed.weight"
UNUSED = "-"  # in a list of classes: a number that stands for nothing
NO_STUDENT = (RuntimeError, ValueError, LookupError, TypeError, AttributeError, ImportError, OSError, EOFError)


def load(name: str) -> tuple[Any, dict[int, str]]:
    """Name in the model store -> rfdetr's model, on the processor, and its classes by number. Nothing is fetched; no
    program in the file is run, unless the player trusts it.

    Raises: MissingWeights, MissingPackages, Untrusted, UnknownPart, StorageFailed.
    """
    needed(name)
    packages.need(f"The model {name}")
    weights.offline()
    with weights.opened(name) as (place, trusted), warnings.catch_warnings():
        file = weights.checkpoint(name, place)
        warnings.simplefilter("ignore")
        import rfdetr  # it warns of what is old in it
        from rfdetr.utilities.io import _safe_torch_load

        for logger in ("rf-detr", "rfdetr"):
            logging.getLogger(logger).setLevel(logging.ERROR)
        try:
            held = dict(_safe_torch_load(str(file), trust=trusted))
            with _described(file, held, weights.entry(name)) as whole:
                model = rfdetr.RFDETR.from_checkpoint(whole, trust_checkpoint=trusted, device="cpu")
        except NO_STUDENT as error:
            if "safely load" in str(error) and _is_pickle(file):
                raise weights.untrusted(name, "holds more than weights and could run code of its own") from error
            again = f"remove it with `models remove {name}` and get it again, or choose the motion detector"
            raise MissingWeights(f"{file.name} cannot be read as an RF-DETR model: {again}.") from error
        except pickle.UnpicklingError as error:
            raise MissingWeights(f"{file.name} is no whole model file: get it again.") from error
        rows = int(model.model.args.num_classes) + 1
        return model, names(name, list(model.class_names), rows, is_old(held))


def is_old(held: Mapping[str, Any]) -> bool:
    """What a file holds -> whether rfdetr wrote it before 1.6, when its classes still had the data set's own numbers.

    Those files hold their settings as an argparse.Namespace; no later one does.
    """
    return type(held.get("args")).__name__ == "Namespace" and not {"model_name", "rfdetr_version"} & set(held)


def names(name: str, said: Sequence[str], rows: int, old: bool) -> dict[int, str]:
    """Model, the classes its file names, rows of its head, whether an old version wrote it -> its classes by number.

    What the player, or models/MODELS.toml, says of them counts first. In an old file number 0 is the class above all
    others that Roboflow's data sets begin with, so its names count from 1, unless the head has a row for each name
    and no more. Raises: MissingWeights for a file that does not say: rfdetr then names COCO's, whatever the model
    learned, and its ball would pass for a person; and for more names than the model has classes.
    """
    from rfdetr.assets.coco_classes import COCO_CLASSES

    if given := weights.entry(name).get("classes"):
        if len(given) > (rows if given[0] == UNUSED else rows - 1):
            raise MissingWeights(
                f"{name} has {rows - 1} classes, not {len(given)}: add it again with all of them, in order."
            )
        return {number: each for number, each in enumerate(given) if each != UNUSED}
    coco = list(said) == list(COCO_CLASSES.values())
    if coco and rows - 1 < len(said):
        raise MissingWeights(
            f"{name} does not say what its {rows - 1} classes are: remove it, and add it again with "
            "`--classes ball,player,goal`, in the order it was taught."
        )
    if coco:
        return dict(COCO_CLASSES) if rows - 1 > len(said) else dict(enumerate(said))
    if len(said) > rows - (not old):
        raise MissingWeights(
            f"{name} names {len(said)} classes and has {rows - 1}: remove it, and add it again with "
            "`--classes ball,player,goal`, in the order it was taught."
        )
    return dict(enumerate(said, start=int(old and rows > len(said))))


@contextmanager
def _described(file: Path, held: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[Path]:
    """File, what it holds, the register's entry -> a file that says its size and settings: itself, else a copy made
    for this block. Raises: ValueError where nobody knows them.
    """
    args = held.get("args")
    begun = args.get("pretrain_weights") if isinstance(args, dict) else getattr(args, "pretrain_weights", "")
    if args is not None and (held.get("model_name") or "rf-detr-" in f"{begun} {file.name}".lower()):
        yield file
        return
    import torch

    state = _state(held)
    size = str(about.get("size_name") or CELLS.get(_cells(state), ""))
    if size not in CLASSES or HEAD not in state:
        raise ValueError("no RF-DETR-Seg of a size that is known")
    resolution = int(about.get("resolution") or _cells(state) * CELL_PX)
    config = {"resolution": resolution, "positional_encoding_size": _cells(state)}
    with tempfile.TemporaryDirectory(prefix="kicky-") as own:
        whole = Path(own) / file.name
        told = {"args": args if args is not None else {}, "model_name": CLASSES[size], "model_config": config}
        torch.save({"model": state, **told}, whole)
        yield whole


def _cells(state: Mapping[str, Any]) -> int:
    """Weights -> cells along a side of the picture that they have places for, 0 where they do not say."""
    places = state.get(PLACES)
    return 0 if places is None else round((places.shape[1] - 1) ** 0.5)


def _state(held: Mapping[str, Any]) -> dict[str, Any]:
    """What a file holds -> the weights in it by name, without what Lightning and torch.compile put before the names."""
    inner = held.get("model") or held.get("state_dict") or held
    return {str(key).removeprefix("model.").removeprefix("_orig_mod."): value for key, value in dict(inner).items()}


def _is_pickle(file: Path) -> bool:
    """File -> whether it is a whole checkpoint, which only its contents keep from being read safely."""
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        return any(name.endswith("data.pkl") for name in archive.namelist()) and archive.testzip() is None
