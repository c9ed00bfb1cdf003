"""Students, a SAM 3 and a LocateAnything of a few random weights, made offline: the real classes, the real files."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

SMALL = {"hidden_dim": 64, "dec_layers": 1, "num_queries": 10, "num_select": 10, "resolution": 96, "group_detr": 1}
THREE = ("ball", "player", "goal")


class Harm:
    """Unpickled, it writes a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Path]]:
        return Path.touch, (self.mark,)


def student(path: Path, names: Sequence[str] = THREE, **more: Any) -> Path:
    """Path -> a checkpoint there as rfdetr writes its best one; `more` goes into it too. It sees things everywhere."""
    import torch

    model = _untrained(len(names))
    config = model.model_config.model_dump(mode="json")
    args = {"num_classes": len(names), "class_names": list(names), "resolution": SMALL["resolution"]}
    state = model.model.model.state_dict()
    state["class_embed.bias"] = torch.full_like(state["class_embed.bias"], -1.5)
    whole = {"model": state, "args": args, "model_name": "RFDETRSegNano", "model_config": config}
    torch.save(whole | more, path)
    return path


def ballnet(path: Path) -> Path:
    """Path -> a ball network of random weights there, which sees balls nearly everywhere."""
    import torch

    from kicky.detectors.heat import network

    torch.set_num_threads(1)
    torch.manual_seed(0)
    net = network()
    with torch.no_grad():
        net.out.bias[0] = -1.0
    torch.save(net.state_dict(), path)
    return path


@lru_cache(maxsize=4)
def _untrained(classes: int) -> Any:
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    settings = SMALL | {"positional_encoding_size": 8, "pretrain_weights": None, "device": "cpu"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import rfdetr

        return rfdetr.RFDETRSegNano(num_classes=classes, **settings)


def sam3(folder: Path, size: int = 112, width: int = 128, real: bool = False) -> Path:
    """Folder -> the same, now with a SAM 3 in it that lets everything through, up to four things.

    `real`: with the thresholds of the published checkpoint, and sure of all that it sees.
    """
    import torch
    from transformers import (
        CLIPTextConfig,
        Sam2VideoVideoProcessor,
        Sam3Config,
        Sam3DETRDecoderConfig,
        Sam3DETREncoderConfig,
        Sam3GeometryEncoderConfig,
        Sam3ImageProcessor,
        Sam3MaskDecoderConfig,
        Sam3TrackerVideoConfig,
        Sam3VideoConfig,
        Sam3VideoModel,
        Sam3VideoProcessor,
        Sam3VisionConfig,
        Sam3ViTConfig,
    )
    from transformers.models.sam3_tracker_video.configuration_sam3_tracker_video import (
        Sam3TrackerVideoMaskDecoderConfig,
        Sam3TrackerVideoPromptEncoderConfig,
    )

    torch.set_num_threads(1)
    torch.manual_seed(0)
    tokens, patch = _words(), 14
    cells = size // patch
    one = {"hidden_size": width, "num_attention_heads": 2}
    layer = {**one, "num_layers": 1, "intermediate_size": 64}

    def seeing() -> Any:
        body = Sam3ViTConfig(
            hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2, image_size=size,
            patch_size=patch, window_size=4, global_attn_indexes=[1], pretrain_image_size=56,
        )  # fmt: skip
        return Sam3VisionConfig(
            backbone_config=body, fpn_hidden_size=width, scale_factors=[4.0, 2.0, 1.0, 0.5],
            backbone_feature_sizes=[[4 * cells] * 2, [2 * cells] * 2, [cells] * 2],
        )  # fmt: skip

    reading = CLIPTextConfig(
        vocab_size=len(tokens), hidden_size=32, intermediate_size=64, projection_dim=width, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=32, hidden_act="gelu", bos_token_id=tokens.bos_token_id,
        eos_token_id=tokens.eos_token_id, pad_token_id=tokens.pad_token_id,
    )  # fmt: skip
    finds = Sam3Config(
        vision_config=seeing(), text_config=reading, geometry_encoder_config=Sam3GeometryEncoderConfig(**layer),
        detr_encoder_config=Sam3DETREncoderConfig(**layer), mask_decoder_config=Sam3MaskDecoderConfig(**one),
        detr_decoder_config=Sam3DETRDecoderConfig(**layer, num_queries=8),
    )  # fmt: skip
    follows = Sam3TrackerVideoConfig(
        vision_config=seeing(), image_size=size, memory_attention_hidden_size=width, memory_attention_num_layers=1,
        prompt_encoder_config=Sam3TrackerVideoPromptEncoderConfig(
            hidden_size=width, image_size=size, patch_size=patch
        ),
        mask_decoder_config=Sam3TrackerVideoMaskDecoderConfig(
            **one, mlp_dim=64, num_hidden_layers=2, iou_head_hidden_dim=32
        ),
        memory_attention_feed_forward_hidden_size=64, memory_encoder_hidden_size=width,
        memory_encoder_output_channels=64, mask_downsampler_embed_dim=width, memory_fuser_embed_dim=width,
        memory_fuser_intermediate_dim=32, memory_fuser_num_layers=1,
    )  # fmt: skip
    # Random weights never reach the real thresholds, which are the configuration's own.
    everything = {
        "score_threshold_detection": 0.0, "new_det_thresh": 0.0, "det_nms_thresh": 1.0, "fill_hole_area": 0,
        "hotstart_delay": 0, "hotstart_unmatch_thresh": 0, "hotstart_dup_thresh": 0, "max_num_objects": 4,
    }  # fmt: skip
    config = Sam3VideoConfig(
        detector_config=finds, tracker_config=follows, low_res_mask_size=4 * cells, **({} if real else everything)
    )
    model = Sam3VideoModel(config).eval()
    with torch.no_grad():  # a random tracker says that all is gone, and draws empty masks
        decoder = model.tracker_model.mask_decoder
        decoder.pred_obj_score_head.proj_out.bias.fill_(10.0)
        for head in decoder.output_hypernetworks_mlps:
            head.proj_out.weight.mul_(50.0)
        if real:
            model.detector_model.detr_decoder.presence_head.layer3.bias.fill_(10.0)
            model.detector_model.dot_product_scoring.query_proj.weight.mul_(100.0)
    square = {"height": size, "width": size}
    pictures = Sam3ImageProcessor(size=square, mask_size={"height": 4 * cells, "width": 4 * cells})
    films = Sam2VideoVideoProcessor(size=square, image_mean=[0.5] * 3, image_std=[0.5] * 3)
    model.save_pretrained(folder)
    Sam3VideoProcessor(image_processor=pictures, video_processor=films, tokenizer=tokens).save_pretrained(folder)
    return folder


def _words() -> Any:
    """-> a CLIP tokenizer of single letters."""
    from transformers import CLIPTokenizer

    letters = [chr(number) for number in range(33, 127)]
    known = dict.fromkeys([*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"])
    vocabulary = {letter: number for number, letter in enumerate(known)}
    return CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=32)


def locate(folder: Path, answer: str, mark: Path, how: str = "") -> Path:
    """Folder, what it will say, a file -> the folder with what `fake_locate.py` reads, and a file of code.

    The mark is written as soon as any of that code would run: whether it did can be told.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "answer.txt": answer,
        "mark.txt": str(mark),
        "how.txt": how,
        "config.json": "{}",
        "code.py": "# its own code",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def beside(patch: pytest.MonkeyPatch) -> None:
    """LocateAnything's environment is this one, and its process the stand-in."""
    patch.setattr("kicky.weights.environment.python", lambda _name, _about: Path(sys.executable))
    patch.setattr("kicky.detectors.locate.RUNNER", Path(__file__).with_name("fake_locate.py"))


def locate_code(folder: Path, answer: str, mark: Path) -> Path:
    """Folder, what it will say, a file -> the folder with a model of LocateAnything's interface and its own code.

    The file is written as soon as any of that code runs: whether it did can be told.
    """
    import torch
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    # Its own for each mark: transformers keeps the first model that it loaded for a configuration.
    (folder / "configuration_tiny.py").write_text(f"{CONFIGURATION}\n# {mark}\n")
    (folder / "modeling_tiny.py").write_text(
        MODELING.replace("@ANSWER@", repr(answer)).replace("@MARK@", repr(str(mark)))
    )
    (folder / "processing_tiny.py").write_text(PROCESSING)
    about = {
        "model_type": "tiny_locate", "architectures": ["TinyLocate"], "d": 4,
        "auto_map": {
            "AutoConfig": "configuration_tiny.TinyConfig", "AutoModel": "modeling_tiny.TinyLocate",
            "AutoProcessor": "processing_tiny.TinyProcessor",
        },
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(about))
    kind = {"auto_map": {"AutoProcessor": "processing_tiny.TinyProcessor"}, "processor_class": "TinyProcessor"}
    (folder / "processor_config.json").write_text(json.dumps(kind))
    save_file(
        {"line.weight": torch.zeros(4, 4), "line.bias": torch.ones(4)}, folder / "model.safetensors", {"format": "pt"}
    )
    _words().save_pretrained(folder)
    return folder


CONFIGURATION = """
from transformers import PreTrainedConfig


class TinyConfig(PreTrainedConfig):
    model_type = "tiny_locate"
    d: int = 4
"""
MODELING = """
from pathlib import Path

import torch
from transformers import PreTrainedModel

from .configuration_tiny import TinyConfig

Path(@MARK@).write_text("ran")


class TinyLocate(PreTrainedModel):
    config_class = TinyConfig

    def __init__(self, config):
        super().__init__(config)
        self.line = torch.nn.Linear(config.d, 4)
        self.post_init()

    def generate(self, pixel_values, input_ids, attention_mask, image_grid_hws, tokenizer, generation_mode, **more):
        assert pixel_values.ndim == 4 and input_ids.ndim == 2 and generation_mode in ("fast", "slow", "hybrid")
        self.line(torch.ones(1, 4))
        return @ANSWER@, [], {"boxes": 1}
"""
PROCESSING = """
import numpy as np
import torch
from transformers import BatchFeature
from transformers.processing_utils import ProcessorMixin


class TinyProcessor(ProcessorMixin):
    attributes = []

    def __init__(self, **_):
        super().__init__()

    def py_apply_chat_template(self, messages, tokenize, add_generation_prompt):
        return " ".join(part["text"] for part in messages[0]["content"] if part["type"] == "text")

    def process_vision_info(self, messages):
        return [part["image"] for part in messages[0]["content"] if part["type"] == "image"], None

    def __call__(self, text, images, videos, return_tensors):
        pixels = torch.stack([torch.tensor(np.asarray(image)).permute(2, 0, 1).float() for image in images])
        ids = torch.ones(1, len(text[0].split()), dtype=torch.long)
        grid = torch.tensor([[1, 1]])
        return BatchFeature({"pixel_values": pixels, "input_ids": ids, "attention_mask": ids, "image_grid_hws": grid})
"""
