"""LocateAnything's own process: a folder with the model -> for each question on standard input an answer, line by line.

It runs in an environment of its own, made for the version of transformers that the model's code was written for, so it
imports nothing of this program. A line in: {"picture": file, "question": text}. A line out: {"ready": device} once,
then {"answer": text} or {"error": text} for each question.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

MODE, MOST_TOKENS = "hybrid", 1024


def main(folder: str, version: str) -> None:
    """Folder, how the version of transformers must begin -> answers until standard input ends."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)  # whatever the model's code prints goes to standard error

        def say(**words: str) -> None:
            out.write(json.dumps(words) + "\n")
            out.flush()

        try:
            tools = load(folder, version)
        except Exception as error:  # noqa: BLE001 code of its own may raise anything
            say(error=words(error))
            return
        say(ready=str(tools[2].device))
        for line in sys.stdin:
            asked = json.loads(line)
            try:
                said = answer(*tools, asked["picture"], asked["question"])
            except Exception as error:  # noqa: BLE001 as above
                say(error=words(error))
            else:
                say(answer=said)


def words(error: Exception) -> str:
    """Error -> its kind and its first line."""
    first = next(iter(str(error).splitlines()), "")[:200].strip()
    return f"{type(error).__name__}: {first}"


def load(folder: str, version: str) -> tuple[Any, Any, Any]:
    """Folder -> tokenizer, processor, model; its own code runs. Raises: ImportError for another transformers."""
    import torch
    import transformers
    from transformers import AutoModel, AutoProcessor, AutoTokenizer

    if not transformers.__version__.startswith(version):
        raise ImportError(f"transformers {transformers.__version__} is installed there, not {version}")
    cuda = torch.cuda.is_available()
    ours = {"trust_remote_code": True, "local_files_only": True}
    tokenizer = AutoTokenizer.from_pretrained(folder, **ours)
    processor = AutoProcessor.from_pretrained(folder, **ours)
    kind = torch.bfloat16 if cuda else torch.float32
    model = AutoModel.from_pretrained(folder, torch_dtype=kind, **ours)
    return tokenizer, processor, model.to("cuda" if cuda else "cpu").eval()


def answer(tokenizer: Any, processor: Any, model: Any, picture: str, question: str) -> str:
    """Picture's file, question -> what the model writes, the same each time."""
    import torch
    from PIL import Image

    with Image.open(picture) as opened:
        image = opened.convert("RGB")
    parts = [{"type": "image", "image": image}, {"type": "text", "text": question}]
    messages = [{"role": "user", "content": parts}]
    text = processor.py_apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    images, videos = processor.process_vision_info(messages)
    inputs = processor(text=[text], images=images, videos=videos, return_tensors="pt").to(model.device)
    grid = inputs.get("image_grid_hws")
    with torch.inference_mode():
        said = model.generate(
            pixel_values=inputs["pixel_values"].to(model.dtype), input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"], tokenizer=tokenizer, generation_mode=MODE,
            # the processor leaves numbers of numpy here, which the model's code cannot take
            image_grid_hws=None if grid is None else torch.as_tensor(grid).to(model.device),
            max_new_tokens=MOST_TOKENS, use_cache=True, do_sample=False, temperature=0.0, verbose=False,
        )  # fmt: skip
    return str(said[0] if isinstance(said, tuple) else said)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
