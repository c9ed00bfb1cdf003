"""A machine that lacks something: what is installed and said, by an apt-get of the test's own."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kicky import __main__, machine
from kicky.machine import Need
from kicky.service import house

ROOT = Path(__file__).resolve().parent.parent
BASE = re.compile(r"linux-vdso|ld-linux|lib(c|m|dl|pthread|rt|stdc\+\+|gcc_s|z)\.so")  # every Debian has these
NO_NETWORK = "W: Failed to fetch http://deb.debian.org/x  Temporary failure resolving 'deb.debian.org'"
LACKING = "libxcb (for OpenCV), libgl (for OpenCV)"

Fake = Callable[..., None]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """-> a machine that has nothing but what a test puts there, its user root, its disk large."""
    for folder in ("bin", "here", "project"):
        (tmp_path / folder).mkdir()
    for name in ("env", "touch", "sh"):
        (tmp_path / "bin" / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("KICKY_CHROMIUM", raising=False)
    monkeypatch.setattr(machine, "PROJECT", tmp_path / "project")
    monkeypatch.setattr(machine, "BROWSERS", tmp_path / "project" / ".venv" / "browsers")
    monkeypatch.setattr(machine, "SET_UP_BYTES", 0)
    monkeypatch.setattr(machine, "TEST_BYTES", 0)
    monkeypatch.setattr(machine, "_is_root", lambda: True)

    def need(name: str, why: str, brew: str = "") -> Need:
        return Need(
            name, why, (tmp_path / "here" / f"{name}-deb").exists, f"{name}-deb", f"{name}-rpm", f"{name}-arch", brew
        )

    monkeypatch.setattr(machine, "RUN", (need("libxcb", "for OpenCV", "libxcb"), need("libgl", "for OpenCV", "mesa")))
    monkeypatch.setattr(machine, "TEST", (need("Chromium", "what happens in the browser"),))
    return tmp_path


@pytest.fixture
def program(place: Path) -> Fake:
    """-> what puts a program there, a shell's script."""

    def put(name: str, script: str, folder: Path = place / "bin") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)

    return put


@pytest.fixture
def apt(place: Path, program: Fake) -> Callable[..., list[str]]:
    """-> what puts an apt-get there that installs all but what it lacks -> and tells, each time, what it was asked."""
    program("apt-get", "exit 99")

    def put(lacks: str = "nothing", update: str = "", fails: str = "") -> None:
        program(
            "apt-get",
            f"""
echo "$*" >> {place}/asked
case "$*" in *update) echo "{update}"; exit 0;; esac
[ -z "{fails}" ] || {{ echo "{fails}"; exit 100; }}
case "$*" in *{lacks}*) echo "E: Unable to locate package {lacks}"; exit 100;; esac
for word in "$@"; do case $word in *-deb) touch {place}/here/$word;; esac; done""",
        )

    return put


def asked(place: Path) -> list[str]:
    """-> what apt-get was asked to install, a call each."""
    calls = (place / "asked").read_text().splitlines() if (place / "asked").exists() else []
    return [" ".join(word for word in call.split() if word.endswith("-deb")) for call in calls if " install " in call]


def test_what_lacks_is_named_and_installed(place: Path, apt: Fake, capfd: pytest.CaptureFixture[str]) -> None:
    apt()
    assert machine.main(["run"]) == 0
    assert capfd.readouterr().out.splitlines() == [
        f"This machine lacks {LACKING}.",
        "Installing with apt-get: libxcb-deb libgl-deb",
    ]
    assert asked(place) == ["libxcb-deb libgl-deb"]
    assert (machine.main(["run"]), *capfd.readouterr()) == (0, "", "")
    assert len(asked(place)) == 1


def test_it_is_said_before_it_is_done(place: Path, apt: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    apt()
    done: list[str] = []
    monkeypatch.setattr("builtins.print", lambda *said, **_: done.append(" ".join(said)))
    monkeypatch.setattr(
        machine, "_run", lambda *_: done.append("apt-get") or subprocess.CompletedProcess((), 1, "E: no")
    )
    assert machine.main(["run"]) == 1
    assert done[1:3] == ["Installing with apt-get: libxcb-deb libgl-deb", "apt-get"]


def test_who_may_use_sudo_installs_too(
    place: Path, apt: Fake, program: Fake, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    apt()
    monkeypatch.setattr(machine, "_is_root", lambda: False)
    program("true", "exit 0")
    program("sudo", f'[ "$1" = -n ] && shift; echo "$*" >> {place}/sudo; exec "$@"')
    assert machine.main(["run"]) == 0
    assert "Installing with sudo -n apt-get: libxcb-deb" in capfd.readouterr().out
    assert [line for line in (place / "sudo").read_text().splitlines() if "install" in line]


@pytest.mark.parametrize("sudo", [None, "exit 1"], ids=["no sudo", "a password is asked for and nobody is there"])
def test_who_may_not_install_gets_one_line_to_copy(
    place: Path, apt: Fake, program: Fake, monkeypatch: pytest.MonkeyPatch, sudo: str | None,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    apt()
    monkeypatch.setattr(machine, "_is_root", lambda: False)
    if sudo:
        program("sudo", sudo)
    assert machine.main(["run"]) == 1
    assert capfd.readouterr().err == "Install it with: sudo apt-get install -y libxcb-deb libgl-deb\n"
    assert asked(place) == []


@pytest.mark.parametrize(
    ("installer", "line"),
    [
        ("dnf", "Install it with: sudo dnf install -y libxcb-rpm libgl-rpm"),
        ("pacman", "Install it with: sudo pacman -S --needed libxcb-arch libgl-arch"),
        ("brew", "Install it with: brew install libxcb mesa"),
        ("nix", "Install what holds it, by the name this system has for it."),
    ],
)
def test_elsewhere_nothing_is_installed_but_a_line_given(
    place: Path, program: Fake, installer: str, line: str, monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(machine, "_is_root", lambda: False)
    program(installer, f"touch {place}/asked")
    assert machine.main(["run"]) == 1
    out, err = capfd.readouterr()
    assert (out, err) == (f"This machine lacks {LACKING}.\n", f"{line}\n")
    assert not (place / "asked").exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"update": NO_NETWORK, "lacks": "libxcb-deb"}, "see whether this machine has a network"),
        ({"fails": "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7"}, "let it finish"),
        ({"fails": "reading\nE: dpkg was interrupted, run dpkg --configure -a"}, "dpkg was interrupted"),
    ],
    ids=["no network", "locked", "broken"],
)
def test_an_apt_get_that_fails_is_one_sentence(
    place: Path, apt: Fake, given: dict[str, str], sentence: str, capfd: pytest.CaptureFixture[str]
) -> None:
    apt(**given)
    assert machine.main(["run"]) == 1
    err = capfd.readouterr().err
    assert sentence in err
    assert err.count("\n") == 1


def test_what_only_the_tests_need_does_not_stop_them(place: Path, apt: Fake, capfd: pytest.CaptureFixture[str]) -> None:
    """Ubuntu has no package of that name: the others come all the same, and what is left out is said last."""
    apt(lacks="Chromium-deb")
    assert machine.main(["test"]) == 0
    assert "goes on without Chromium (what happens in the browser). apt-get could not" in capfd.readouterr().out
    assert asked(place)[1:] == ["libxcb-deb", "libgl-deb", "Chromium-deb"]
    assert machine.main(["untested"]) == 0
    last = capfd.readouterr().out.splitlines()
    assert last[-2] == (
        "Not tested without Chromium: what happens in the browser. Install it with: apt-get install -y Chromium-deb"
    )
    assert machine.main(["test", "--must"]) == 1
    assert "Unable to locate package Chromium-deb" in capfd.readouterr().err
    (place / "here" / "Chromium-deb").touch()
    assert (machine.main(["untested"]), capfd.readouterr().out) == (0, "")


def test_a_python_that_is_too_old(
    place: Path, program: Fake, apt: Fake, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    apt()
    assert machine.too_old((3, 11)) == []
    assert machine.too_old((3, 9)) == [
        "KICKY needs Python 3.11 or newer, and this machine's is 3.9: install a newer one beside it."
    ]
    monkeypatch.setattr(machine, "too_old", lambda: ["Too old."])
    assert (machine.main(["run"]), *capfd.readouterr()) == (1, "", "Too old.\n")
    assert asked(place) == []


def test_a_newer_python_beside_the_old_one_will_do(program: Fake) -> None:
    program("python3.12", "exit 0")
    assert machine.too_old((3, 9)) == []


@pytest.mark.parametrize(
    ("system", "processor", "runs"),
    [("linux", "x86_64", True), ("darwin", "arm64", True), ("linux", "aarch64", False), ("darwin", "x86_64", False)],
)
def test_a_processor_that_a_package_is_not_made_for(system: str, processor: str, runs: bool) -> None:
    said = machine.wrong_processor(system, processor)
    assert said == [] if runs else f"not on this one ({processor})" in said[0]


def test_a_disk_without_room_for_the_packages(
    place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(machine, "SET_UP_BYTES", 10**18)
    assert machine.main(["run"]) == 1
    assert re.fullmatch(
        r"Setting up takes 1000000000\.0 GB here, and [\d.]+ are free: make room\.\n", capfd.readouterr().err
    )
    (place / "project" / ".venv").mkdir()
    (place / "project" / ".venv" / "run.stamp").touch()
    assert machine.no_room() == []


def test_a_browser_counts_when_it_starts(place: Path, program: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert machine.chromium() is None
    program("chromium-browser", "echo this needs the chromium snap; exit 1")
    assert machine.chromium() is None
    own = machine.BROWSERS / "chromium-1255" / "chrome-linux64"
    program("chrome", "echo Chrome 159", own)
    assert machine.chromium() == str(own / "chrome")
    program("chromium", "echo Chromium 156")
    assert machine.chromium() == str(place / "bin" / "chromium")
    monkeypatch.setenv("KICKY_CHROMIUM", "/nowhere/chromium")
    assert machine.chromium() is None


def test_playwrights_own_browser_where_there_is_none(
    place: Path, program: Fake, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    program("python", "echo Error: getaddrinfo ENOTFOUND; exit 1", place)
    monkeypatch.setattr(sys, "executable", str(place / "python"))
    assert machine.main(["browser"]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "There is still none (Error: getaddrinfo ENOTFOUND)."
    program("chrome", "echo libnss3.so: not found; exit 127", machine.BROWSERS / "chromium-1" / "chrome-linux64")
    assert machine.main(["browser"]) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "There is still none (libnss3.so: not found)."
    own = '"$PLAYWRIGHT_BROWSERS_PATH"/chromium-1/chrome-linux64'
    program("mkdir", 'exec /bin/mkdir "$@"')
    fetches = f'mkdir -p {own}; echo "#!/bin/sh" > {own}/chrome; exec /bin/chmod +x {own}/chrome'
    program("python", f'echo "$*" >> {place}/asked; {fetches}', place)
    assert machine.main(["browser"]) == 0
    assert machine.chromium() == str(machine.BROWSERS / "chromium-1" / "chrome-linux64" / "chrome")
    assert machine.main(["browser"]) == 0
    assert (place / "asked").read_text() == "-m playwright install --no-shell chromium\n"


def test_it_is_read_by_a_python_that_is_too_old() -> None:
    """Else that Python's user is told of a syntax that he does not know, not that his Python is too old."""
    tree = ast.parse((ROOT / "kicky" / "machine.py").read_text(encoding="utf-8"), feature_version=(3, 8))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= {*sys.stdlib_module_names, "__future__"}


def linked(file: Path | str) -> dict[str, str]:
    """Library -> those it asks for: name, and where that was found."""
    told = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=True).stdout
    return dict(re.findall(r"^\s*(\S+) => (.+?)(?: \(0x\w+\))?$", told, flags=re.MULTILINE))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has ldd, and lacks libraries")
@pytest.mark.parametrize(
    ("needs", "opens"), [("RUN", house.OPENS), ("TEST", {"playwright": "driver/node"})], ids=["run", "test"]
)
def test_every_library_that_is_asked_for_is_told_and_no_other(needs: str, opens: dict[str, str]) -> None:
    asked: dict[str, str] = {}
    for package, pattern in opens.items():
        found = find_spec(package)
        assert found is not None
        files = [file for place in found.submodule_search_locations or () for file in Path(place).glob(pattern)]
        assert len(files) == 1
        asked |= linked(files[0])
    told = {need.name for need in getattr(machine, needs) if ".so" in need.name}
    assert told
    assert told <= set(asked)
    brought = set().union(*(linked(asked[name]) for name in told))
    own = {name for name, file in asked.items() if "site-packages" in file}
    assert {name for name in set(asked) - own - told - brought if not BASE.match(name)} == set()


def test_no_other_place_tells_them() -> None:
    packages = {need.apt for need in (*machine.RUN, *machine.TEST)} - {"make", "python3-venv", "strace"}
    assert len(packages) >= 5
    for name in ("README.md", "Makefile", ".ci/run", "Dockerfile"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [
            package for package in packages if re.search(rf"(?<![\w./-]){re.escape(package)}(?![\w./-])", text)
        ] == []


# --- what the doctor tells of it --------------------------------------------------------------


def test_the_doctor_looks_at_the_machine_first(place: Path, program: Fake) -> None:
    program("dnf", "exit 1")
    (said,) = house.unfit()
    assert said == f"This machine lacks {LACKING}. Install it with: dnf install -y libxcb-rpm libgl-rpm"


def test_the_doctor_opens_what_asks_for_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "RUN", ())
    assert house.unfit() == []
    package = tmp_path / "whole"
    package.mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(house, "OPENS", {"whole": "*.so"})
    assert house.unfit() == ["The package whole is not whole: set up anew with `make clean` and `make run`."]
    (package / "its.so").write_bytes(b"no library")
    (said,) = house.unfit()
    assert re.fullmatch(
        r"The package whole does not open on this machine \(.*its\.so.*\): install the library .*", said
    )


def test_the_doctor_draws_no_samples_on_a_machine_that_cannot(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kicky.service.gallery.make_samples", lambda **_: pytest.fail("it drew"))
    done = CliRunner().invoke(__main__.app, ["doctor", "--mend"])
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert f"This machine lacks {LACKING}." in done.output


def test_the_doctor_names_what_the_tests_would_leave_out(
    place: Path, program: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("dnf", "exit 1")
    for name in ("libxcb", "libgl"):
        (place / "here" / f"{name}-deb").touch()
    monkeypatch.setattr("kicky.service.house.doctor", list)
    done = CliRunner().invoke(__main__.app, ["doctor"])
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "Everything the app needs is here.",
        "The packages for teaching and MiniCPM are here.",
        "Not tested without Chromium: what happens in the browser. Install it with: dnf install -y Chromium-rpm",
    ]
