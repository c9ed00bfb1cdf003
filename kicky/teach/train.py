"""Data set -> a student: RF-DETR-Seg of a chosen size learns from the labelled pictures and joins the model store."""

from __future__ import annotations

import json
import logging
import shutil
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from .. import packages, weights
from ..detectors.network import Network
from ..domain import OnProgress
from ..errors import BadDataset, MissingWeights, OutOfMemory, StorageFailed
from ..storage.database import told
from . import runs
from .dataset import Dataset
from .judge import judge, looking
from .labelled import BALL, CLASSES
from .recipe import SIZES, Recipe
from .tiles import tiled

BEST, LAST = "checkpoint_best_total.pth", "last.ckpt"
SCRATCH = {"lr_encoder": 3e-4, "lr_vit_layer_decay": 1.0, "lr_component_decay": 1.0, "warmup_epochs": 0.5}
"""Without weights to begin with the first layers must learn as fast as the last; rfdetr's own settings spare them."""
ROOM_BYTES = 2_500_000_000  # two whole checkpoints with the optimizer's state, and the best so far


def train(dataset: Dataset, name: str, recipe: Recipe, on_progress: OnProgress) -> dict[str, Any]:
    """Data set, the student's name -> what came of it, as `runs.about` gives it; the student is in the model store.

    A run that was interrupted goes on at its last whole epoch when it is asked for again. Stages told: tiles, train,
    keep, judge. Raises: BadDataset (nothing to learn from, the name is taken), MissingWeights, MissingPackages,
    OutOfMemory, StorageFailed, and whatever `on_progress` raises.
    """
    folder = runs.folder(name)
    refuse_taken(name)
    notes = check(dataset)
    packages.need("Training")
    asked: dict[str, Any] = {
        "dataset": dataset.name, "fingerprint": dataset.fingerprint(), "recipe": asdict(recipe), "notes": notes,
        "start": weights.fingerprint(recipe.start) if recipe.start else "",
    }  # fmt: skip
    _same_as_before(folder, name, asked)
    _room(folder)
    if not (folder / "run.json").exists():
        _tidy(folder)  # checkpoints of nobody's training: rfdetr would read them without a question
    runs.describe(name, {**asked, "state": "running"})
    if name not in weights.register() or not weights.there(name):
        on_progress("tiles", 0.0)
        data = _data(dataset, folder, recipe)
        on_progress("tiles", 1.0)
        asked["batch"] = _fit(folder, name, data, recipe, on_progress)
        _keep(dataset, name, asked["fingerprint"], recipe)
    on_progress("keep", 1.0)
    best = max(runs.curves(name), key=lambda row: row.get("mAP") or 0.0, default={})
    done = {**asked, "state": "done", "best": best, "weights": weights.fingerprint(name)}
    done["judged"] = _judged(dataset, name, on_progress)
    runs.describe(name, done)
    _tidy(folder)
    return done


def refuse_taken(name: str) -> None:
    """A student's name -> nothing. Raises: BadDataset where a model has it that is not this unfinished training's."""
    if name in weights.register():
        unfinished = name in runs.names() and runs.about(name)["state"] == "running"
        if not unfinished or weights.entry(name).get("run") != name:
            raise BadDataset(f"There is a model {name} already: give the new student another name.")
    else:
        weights.refuse_taken(name)


def _keep(dataset: Dataset, name: str, fingerprint: str, recipe: Recipe) -> None:
    """The best checkpoint of a run -> a student in the model store."""
    what = f"RF-DETR-Seg {recipe.size} at {recipe.resolution} px, taught by {dataset.name}"
    extra = {
        "dataset": dataset.name, "dataset_sha256": fingerprint, "run": name, "size_name": recipe.size,
        "resolution": recipe.resolution,
    }  # fmt: skip
    weights.add(name, runs.folder(name) / BEST, kind="student", what=what, licence="your own", extra=extra)


def _judged(dataset: Dataset, name: str, on_progress: OnProgress) -> dict[str, Any]:
    """The new student and the one before it on the same pictures, neither learned from here -> how well each does."""
    before = [other for other in runs.names() if other != name and other in weights.register()]
    judged = {}
    for count, each in enumerate((name, *before[:1])):
        on_progress("judge", count / 2)
        judged[each] = judge(looking(Network(each, exact=True)), dataset)
    on_progress("judge", 1.0)
    return judged


def check(dataset: Dataset) -> list[str]:
    """Data set -> what a learner should know of it, a sentence each. Raises: BadDataset when it teaches nothing."""
    counts = dataset.counts()
    for split, what in (("train", "to learn from"), ("valid", "to judge by")):
        if not counts[split]["pictures"]:
            raise BadDataset(f"{dataset.name} has no pictures {what}: label more clips, or change their split.")
    if not counts["train"][BALL]:
        raise BadDataset(f"No picture of {dataset.name} to learn from shows a ball: label clips in which one is seen.")
    notes = []
    for label in CLASSES:
        if not counts["train"][label]:
            notes.append(f"No picture shows a {label}: the student will not know it.")
        elif not counts["valid"][label]:
            notes.append(f"No picture to judge by shows a {label}: how well it is found will not be known.")
    return notes


def _same_as_before(folder: Path, name: str, asked: Mapping[str, Any]) -> None:
    """A run of that name that was begun with other settings is another run. Raises: BadDataset."""
    if not (folder / "run.json").exists():
        return
    before = runs.about(name)
    if before["state"] == "done" or any(before.get(key) != value for key, value in _plain(asked).items()):
        raise BadDataset(f"There is a training {name} of other settings already: give this one another name.")


def _plain(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asked.items()}


def _room(folder: Path) -> None:
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    if free < ROOM_BYTES:
        raise StorageFailed(
            f"Training needs {ROOM_BYTES / 1e9:.1f} GB on the disk, {free / 1e9:.1f} are free: make room."
        )


def _data(dataset: Dataset, folder: Path, recipe: Recipe) -> Path:
    """-> the folder RF-DETR reads; made anew unless an earlier attempt finished it."""
    data, whole = folder / "data", folder / "data" / ".whole"
    if not whole.exists():
        with told(data):
            shutil.rmtree(data, ignore_errors=True)
            tile = recipe.resolution if recipe.tiles else 0
            tiled(dataset, data, tile, whole=recipe.whole, interactions=recipe.interactions, seed=recipe.seed)
            whole.touch()
    return data


def _fit(folder: Path, name: str, data: Path, recipe: Recipe, on_progress: OnProgress) -> int:
    """-> the batch it was trained with: halved as long as the graphics card has no room. Raises: OutOfMemory."""
    import torch

    batch = recipe.batch
    while True:
        try:
            with _quiet(folder / "trainer.log"):
                _once(folder, name, data, recipe, batch, on_progress)
            return batch
        except torch.OutOfMemoryError as error:
            error.__traceback__ = None  # it holds the tensors
            torch.cuda.empty_cache()
            if batch == 1:
                raise OutOfMemory(
                    f"The graphics card has no room for one picture of {recipe.resolution} px: close other programs, "
                    "or choose a smaller size or resolution."
                ) from error
            batch //= 2


def _once(folder: Path, name: str, data: Path, recipe: Recipe, batch: int, on_progress: OnProgress) -> None:
    """One training with that batch; goes on where the run's last whole epoch ended."""
    weights.offline()
    import torch
    from rfdetr.training import RFDETRDataModule, RFDETRModelModule, build_trainer

    torch.manual_seed(recipe.seed)
    cuda = torch.cuda.is_available()
    model = _beginning(recipe, len(_names(data)))
    last = folder / LAST
    config = model.get_train_config(
        dataset_dir=str(data), output_dir=str(folder), epochs=recipe.epochs, batch_size=batch,
        grad_accum_steps=max(1, recipe.batch // batch), lr=recipe.learning_rate, num_workers=4 if cuda else 0,
        multi_scale=False, expanded_scales=False, log_per_class_metrics=True, compute_val_loss=True,
        tensorboard=False, progress_bar=None,
        run_test=False, seed=recipe.seed, early_stopping=recipe.patience > 0, class_names=_names(data),
        early_stopping_patience=max(1, recipe.patience), resume=str(last) if last.exists() else None,
        **({} if recipe.start else SCRATCH),
    )  # fmt: skip
    model.model_config.model_name = type(model).__name__
    trainer = build_trainer(
        config, model.model_config, accelerator="gpu" if cuda else "cpu", enable_model_summary=False
    )
    trainer.callbacks.append(_watch(name, recipe.epochs, on_progress))
    module, pictures = RFDETRModelModule(model.model_config, config), RFDETRDataModule(model.model_config, config)
    # In a thread of its own: in the main one Lightning puts every signal's handler back as Python knew it, which takes
    # MediaPipe's own away, and the next look at a body ends the process.
    with ThreadPoolExecutor(1) as aside:
        fit = partial(trainer.fit, ckpt_path=config.resume or None, weights_only=True)
        aside.submit(fit, module, pictures).result()


def _beginning(recipe: Recipe, classes: int) -> Any:
    """Recipe, how many classes -> rfdetr's model with the weights it begins with, read as numbers only.

    Raises: MissingWeights.
    """
    import rfdetr

    settings = {"resolution": recipe.resolution, "positional_encoding_size": recipe.resolution // 12}
    start = str(weights.checkpoint(recipe.start)) if recipe.start else None
    try:
        return getattr(rfdetr, SIZES[recipe.size][0])(
            pretrain_weights=start, num_classes=classes, **(settings | dict(recipe.architecture))
        )
    except (RuntimeError, ValueError, KeyError) as error:
        if "safely load" in str(error):
            raise MissingWeights(
                f"{recipe.start} holds more than weights, and no training begins with that: begin with "
                f"rfdetr-seg-{recipe.size}."
            ) from error
        raise MissingWeights(
            f"{recipe.start or 'The student'} does not fit a {recipe.size} one: begin with rfdetr-seg-{recipe.size}."
        ) from error


def _names(data: Path) -> list[str]:
    """Folder -> the classes its pictures are labelled with."""
    head = json.loads((data / "train" / "_annotations.coco.json").read_text(encoding="utf-8"))
    return [str(category["name"]) for category in head["categories"]]


def _watch(name: str, epochs: int, on_progress: OnProgress) -> Any:
    """-> what tells how far the training is and keeps each epoch's figures."""
    from pytorch_lightning import Callback

    class Watch(Callback):  # type: ignore[misc] # pytorch_lightning is read without its types
        def on_train_batch_end(self, trainer: Any, *_: Any, **__: Any) -> None:
            share = (trainer.current_epoch + (trainer.fit_loop.batch_idx + 1) / trainer.num_training_batches) / epochs
            on_progress("train", min(share, 1.0))

        def on_train_epoch_end(self, trainer: Any, _: Any) -> None:
            told_ = {key: float(value) for key, value in trainer.callback_metrics.items()}
            row: dict[str, float | None] = {"epoch": trainer.current_epoch + 1}
            for column, key in COLUMNS.items():
                row[column] = told_.get(key)
            for start in ("val/AP/", "val/ema_AP/"):  # the averaged weights are the ones that are kept
                row |= {f"AP_{key[len(start) :]}": value for key, value in told_.items() if key.startswith(start)}
            runs.add_epoch(name, row)

    return Watch()


COLUMNS = {
    "train_loss": "train/loss", "val_loss": "val/loss", "mAP": "val/mAP_50_95", "mAP50": "val/mAP_50",
    "mask_mAP": "val/segm_mAP_50_95",
}  # fmt: skip


@contextmanager
def _quiet(log: Path) -> Iterator[None]:
    """A block in which what the trainer prints goes to the run's log, and its remarks on its set-up nowhere."""
    loggers = [logging.getLogger(each) for each in ("pytorch_lightning", "lightning.pytorch", "rfdetr", "rf-detr")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings(), log.open("a", encoding="utf-8") as file, redirect_stdout(file):
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def _tidy(folder: Path) -> None:
    """The run's folder -> without its checkpoints and cut pictures: the student is in the model store."""
    for file in (*folder.glob("*.pth"), *folder.glob("*.ckpt"), *folder.glob("*.pt")):
        file.unlink()
    shutil.rmtree(folder / "data", ignore_errors=True)
