"""A MiniCPM-V 4.6 or 4.7 of a few thousand random weights, made offline: the real classes and files, nonsense words."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% if m.content is string %}{{ m.content }}{% else %}"
    "{% for c in m.content %}{% if c.type in ('image', 'image_url') %}<|image_pad|>{% else %}{{ c.text }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def build(folder: Path, version: str = "4_6") -> Path:
    """Folder, version -> the folder, now with a checkpoint in it."""
    import torch
    from transformers.models.minicpmv4_6.image_processing_minicpmv4_6 import MiniCPMV4_6ImageProcessor
    from transformers.models.minicpmv4_6.video_processing_minicpmv4_6 import MiniCPMV4_6VideoProcessor
    from transformers.models.qwen3_5.configuration_qwen3_5 import Qwen3_5TextConfig

    torch.manual_seed(0)
    tokens = _tokenizer()
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16}
    linear = {f"linear_{name}": size for name, size in
              {"key_head_dim": 16, "value_head_dim": 16, "num_key_heads": 2, "num_value_heads": 4}.items()}  # fmt: skip
    text = Qwen3_5TextConfig(
        vocab_size=len(tokens), hidden_size=64, intermediate_size=128, num_hidden_layers=2, **heads, **linear,
        layer_types=["linear_attention", "full_attention"], eos_token_id=tokens.eos_token_id,
        pad_token_id=tokens.pad_token_id, tie_word_embeddings=False,
    )  # fmt: skip
    small = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    names = ("Config", "VisionConfig", "Processor", "ForConditionalGeneration")
    about, seeing, reading, made = (_class(f"MiniCPMV{version}{name}", version) for name in names)
    vision = seeing(**small, image_size=56, patch_size=14)
    ids = {f"{name}_token_id": tokens.convert_tokens_to_ids(f"<|{name}_pad|>") for name in ("image", "video")}
    ids |= {} if version == "4_6" else _marks(tokens)
    config = about(text_config=text, vision_config=vision, insert_layer_id=0, image_size=56, **ids)
    sizes = {"scale_resolution": 56, "patch_size": 14, "max_slice_nums": 1}
    processor = reading(
        image_processor=MiniCPMV4_6ImageProcessor(**sizes), video_processor=MiniCPMV4_6VideoProcessor(**sizes),
        tokenizer=tokens, chat_template=TEMPLATE,
    )  # fmt: skip
    made(config).eval().save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def _class(name: str, version: str) -> Any:
    """Name of a class, version -> the class."""
    for part in ("configuration", "processing", "modeling"):
        module = import_module(f"transformers.models.minicpmv{version}.{part}_minicpmv{version}")
        if hasattr(module, name):
            return getattr(module, name)
    raise LookupError(name)


def _marks(tokens: Any) -> dict[str, int]:
    """Tokenizer -> the marks between which 4.7 lays out a picture."""
    words = {"image_start": "<image>", "image_end": "</image>", "slice_start": "<slice>", "slice_end": "</slice>"}
    ids = {f"{name}_id": tokens.convert_tokens_to_ids(word) for name, word in words.items()}
    return ids | {"newline_id": tokens("\n")["input_ids"][0]}


def _tokenizer() -> Any:
    """-> one token a byte, and the marks of the chat."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={sign: number for number, sign in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    marks = {"image_token": "<|image_pad|>", "video_token": "<|video_pad|>"}
    for name in ("image", "slice", "image_id"):
        marks |= {f"{name}_start_token": f"<{name}>", f"{name}_end_token": f"</{name}>"}
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>",
        additional_special_tokens=["<|im_start|>"], extra_special_tokens=marks, chat_template=TEMPLATE,
    )  # fmt: skip
