"""This machine -> whether it has a graphics card that PyTorch may use, asked of its driver: PyTorch takes seconds."""

from __future__ import annotations

import shutil
from pathlib import Path

DEVICES = (Path("/dev/nvidiactl"), Path("/dev/dxg"))  # NVIDIA's driver on Linux, and on Linux within Windows
PROGRAM = "nvidia-smi"


def there() -> bool:
    """-> whether NVIDIA's driver is here."""
    return any(device.exists() for device in DEVICES) or shutil.which(PROGRAM) is not None
