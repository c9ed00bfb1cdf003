"""A command as the system sees it: whom it asked, by whatever code. Python's own sockets are half the truth."""

from __future__ import annotations

import ipaddress
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

ASKS = "connect,sendto,sendmsg,sendmmsg"
ADDRESS = re.compile(r'sa_family=AF_INET6?, sin6?_port=htons\((\d+)\).*?"([0-9a-fA-F:.]+)"')
RESOLVER = "io.systemd.Resolve"  # a look-up by way of a file
DNS = "53"


def under_strace(log: Path) -> list[str]:
    """Where to write -> what goes before a command so that all it asks, and its children, is written there.

    The process started is the command itself (-D): who ends it ends that, and not the one who looks on.
    """
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed (Debian: apt-get install strace)")
    quietly = ["-f", "-qq", "--seccomp-bpf", "-s", "64", "-e", "signal=none"]
    return ["strace", "-D", *quietly, "-e", f"trace={ASKS}", "-o", str(log)]


def asked_of_others(log: Path) -> list[str]:
    """What was written -> its lines that ask anybody but this machine, or ask for a name."""
    return [line for line in log.read_text(errors="replace").splitlines() if _leaves(line)]


def _leaves(line: str) -> bool:
    """
    >>> _leaves('7 connect(6, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("192.0.2.1")}, 16) = 0')
    True
    >>> _leaves('7 connect(6, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0')
    False
    >>> _leaves('7 connect(6, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0')
    True
    """
    if RESOLVER in line:
        return True
    return any(port == DNS or not _here(address) for port, address in ADDRESS.findall(line))


def _here(address: str) -> bool:
    known = ipaddress.ip_address(address)
    known = getattr(known, "ipv4_mapped", None) or known
    return known.is_loopback or known.is_unspecified


def run(command: Sequence[str], log: Path, env: Mapping[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Command -> what came of it; whom it asked is in the log."""
    return subprocess.run(
        [*under_strace(log), *command], env=dict(env), cwd=cwd, capture_output=True, text=True, check=False
    )
