"""Lock files -> how many bytes setting up fetches on each kind of machine: `python -m benchmarks.fetched`.

What the index says of each wheel is added up, so this asks it; `make lock` calls it. It writes
kicky/packages/sizes.toml, which the pages and `python -m kicky packages` read, and prints the table of docs/results.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

from kicky import weights
from kicky.home import PROJECT
from kicky.packages import sizes
from kicky.packages.locked import RUN, WHOLE, fingerprint, for_a_card, names

PYTHON = (3, 11)
MACHINES = {
    "linux": (
        [*(f"manylinux_2_{minor}_x86_64" for minor in range(36, 4, -1)), "manylinux2014_x86_64", "linux_x86_64"],
        {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64", "os_name": "posix"},
    ),
    "darwin": (
        list(mac_platforms((15, 0), "arm64")),
        {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64", "os_name": "posix"},
    ),
    "win32": (
        ["win_amd64"],
        {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64", "os_name": "nt"},
    ),
}
BESIDE = {"uv": 17_606_939, "pip": 1_950_951, "the program's own history": 13_824_559}
"""What the first start fetches besides packages and the pose model: uv 0.13.9 and pip 26.3 from PyPI, and a clone
(`git rev-list --objects --disk-usage HEAD`)."""
TORCH_WITHOUT_CARD = 191_794_682 + 1_900_000
"""PyTorch and torchvision for Linux without a graphics card: those of 2.13 and 0.28, since the index that has the
pinned ones could not be asked. Ours are a few MB more or less."""
UNPACKED = {"run": 3.2, "extra": 1.9, "without_card": 4.0}
"""How many times what is fetched lies on the disk then; counted on Linux: 3.1, 1.84 and 3.9. Elsewhere nothing is for a
card."""
HEAD = "# What setting up fetches, in bytes; written by `make lock` (benchmarks/fetched.py) of the lock files `of`.\n"


def locked() -> list[dict[str, Any]]:
    """-> every package of the whole lock with its files, as the index tells of them."""
    own = PROJECT / ".uv" / "bin" / "uv"
    uv = os.environ.get("UV") or shutil.which("uv") or str(own)
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "pylock.toml"
        asked = [uv, "pip", "compile", str(WHOLE), "--quiet", "--universal", "--python-version", "3.11"]
        subprocess.run([*asked, "--format", "pylock.toml", "--output-file", str(told)], check=True)
        return list(tomllib.loads(told.read_text(encoding="utf-8"))["packages"])


def wheels(packages: list[dict[str, Any]], machine: str) -> Iterator[tuple[str, int]]:
    """Packages, kind of machine -> the name of each that it needs, and the bytes of the wheel that it takes."""
    platforms, here = MACHINES[machine]
    version = ".".join(map(str, PYTHON))
    env = {**here, "python_version": version, "python_full_version": f"{version}.2", "implementation_name": "cpython"}
    ranks = {tag: rank for rank, tag in enumerate(_tags(platforms))}
    for package in packages:
        if "marker" not in package or Marker(package["marker"]).evaluate(env):
            yield package["name"], _bytes(package, ranks)


def _tags(platforms: list[str]) -> Iterator[Tag]:
    yield from cpython_tags(PYTHON, platforms=platforms)
    yield from compatible_tags(PYTHON, "cp" + "".join(map(str, PYTHON)), platforms)


def _bytes(package: Mapping[str, Any], ranks: Mapping[Tag, int]) -> int:
    """Package -> bytes of its best wheel; a package without a wheel for this machine is an error: nothing is built."""
    fit = []
    for wheel in package["wheels"]:
        file = wheel.get("name") or wheel["url"].rpartition("/")[2]
        rank = min((ranks[tag] for tag in parse_wheel_filename(file)[3] if tag in ranks), default=None)
        if rank is not None:
            fit.append((rank, int(wheel["size"])))
    if not fit:
        raise LookupError(f"{package['name']} has no wheel for this machine")
    return min(fit)[1]


def counted(packages: list[dict[str, Any]], machine: str) -> dict[str, int]:
    """Packages, kind of machine -> bytes of what it starts with, of the rest, and of the rest without a card."""
    run = names(RUN)
    found = list(wheels(packages, machine))
    rest = [(name, size) for name, size in found if name not in run]
    count = {"run": sum(size for name, size in found if name in run), "extra": sum(size for _, size in rest)}
    if machine == "linux":  # elsewhere PyPI's own PyTorch is without a card's libraries
        count["without_card"] = sum(size for name, size in rest if not for_a_card(name)) + TORCH_WITHOUT_CARD
    return count


def main() -> None:
    """Ask the index, write the sizes, print them."""
    packages = locked()
    lines = [HEAD + f'of = "{fingerprint()}"']
    for machine in MACHINES:
        count = counted(packages, machine)
        lines.append(f"\n[{machine}]")
        for what, size in count.items():
            like = "without_card" if what == "extra" and machine != "linux" else what
            lines += [f"{what} = {size}", f"{what}_disk = {round(size * UNPACKED[like], -6):.0f}"]
    sizes.FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sizes.known.cache_clear()
    print("| machine | what | fetched | on a 100 Mbit/s line |\n| --- | --- | --- | --- |")
    for machine in MACHINES:
        for what, size in sizes.known()[machine].items():
            if not what.endswith("_disk"):
                print(f"| {machine} | {what} | {size / 1e6:.0f} MB | {sizes.seconds(size):.0f} s |")
        if machine == "linux":
            first = sizes.size("run", machine)[0] + sum(BESIDE.values()) + int(weights.entry("pose")["size"])
            print(f"| {machine} | the first start | {first / 1e6:.0f} MB | {sizes.seconds(first):.0f} s |")


if __name__ == "__main__":
    sys.exit(main())
