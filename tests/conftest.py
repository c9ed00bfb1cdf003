"""Every test has a home of its own: no test sees the player's database, and none leaves anything behind."""

from . import place  # before anything that looks for a home, a cache or a temporary folder

# isort: split
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from kicky.domain import Clip, Foot, FootCall, How, Measure, Outcome, Pose, Report, Scene, Shot, Track, Verdict
from kicky.synthetic import SyntheticShot, sample, write
from kicky.video import FilmWriter

PROJECT = place.PROJECT
# The same examples whatever ran before, and no deadline on a busy machine.
settings.register_profile("kicky", derandomize=True, deadline=None, database=None)
settings.load_profile("kicky")
ran: dict[str, dict[str, None]] = {}  # process -> the files it has run, in order
failed: dict[str, list[str]] = {}  # process -> those up to its last failure


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked `stores` is tried with each kind of database."""
    if metafunc.definition.get_closest_marker("stores") and not metafunc.definition.get_closest_marker("sqlite_only"):
        metafunc.parametrize("kept_in", ["sqlite", "postgresql"], indirect=True)


class SideBySide(LoadFileScheduling):
    """A file's tests in one process, and in one all that drive a browser: there is one at a time."""

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SideBySide:
    config.option.loadscopereorder = False  # each process keeps to the order that the seed gave
    return SideBySide(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Side by side, the browser's tests go first: begun last, they would leave the other processes idle for minutes."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: not item.nodeid.startswith("tests/browser/"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is collected is imported and compiled: from here on nothing is written outside, by whomever."""
    place.hold(session.config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    process = report.node.gateway.id if hasattr(report, "node") else "main"
    files = ran.setdefault(process, {})
    files[report.nodeid.partition("::")[0]] = None
    if report.failed:
        failed[process] = list(files)


def pytest_testnodedown(node: Any, error: Any) -> None:
    place.refused.extend(getattr(node, "workeroutput", {}).get("refused", []))
    place.unheld |= getattr(node, "workeroutput", {}).get("unheld", False)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    place.rest()
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput |= {"refused": place.refused, "unheld": place.unheld}
    elif place.refused:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What was written outside, and how to have the same order again."""
    if place.refused:
        terminalreporter.section("written outside the tests' own place", red=True)
        for line in dict.fromkeys(place.refused):
            terminalreporter.line(line)
    if place.unheld:
        terminalreporter.line("Only what Python writes was watched: this system has no Landlock.", yellow=True)
    seed = config.getoption("randomly_seed", None)
    if seed is not None:
        terminalreporter.line(f"The order was that of --randomly-seed={seed}.")
        for files in failed.values():
            again = f"-n 1 --randomly-seed={seed} {' '.join(files)}"
            terminalreporter.line(f"What failed, after what ran before it: make test ARGS='{again}'")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """-> the address of a PostgreSQL server."""
    from . import postgres

    place = postgres.programs()
    if place is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with postgres.server(place) as address:
        yield address


@pytest.fixture
def kept_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """-> the kind of database this test uses."""
    kind = str(getattr(request, "param", "sqlite"))
    monkeypatch.delenv("KICKY_DATABASE", raising=False)
    if kind == "postgresql":
        from . import postgres

        monkeypatch.setenv("KICKY_DATABASE", postgres.new_database(request.getfixturevalue("postgres_server")))
    return kind


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_in: str) -> Path:
    """-> an empty KICKY_HOME with the pose model; no worker process starts unless a test lets it."""
    assert kept_in
    monkeypatch.setenv("KICKY_HOME", str(tmp_path))
    monkeypatch.setenv("KICKY_NO_WORKER", "1")
    monkeypatch.setenv("KICKY_WORKER_IDLE_S", "1")
    if torch := sys.modules.get("torch"):
        torch.manual_seed(0)  # random and numpy are seeded for each test by pytest-randomly
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "pose_landmarker.task").symlink_to(PROJECT / "models" / "pose_landmarker.task")
    return tmp_path


@pytest.fixture
def make_film(tmp_path: Path) -> Callable[..., Path]:
    """-> what draws a film; another seed gives other bytes."""

    def make(name: str = "kick.mp4", seed: int = 0, count: int = 12, size_wh: tuple[int, int] = (160, 90)) -> Path:
        path = tmp_path / name
        rng = np.random.default_rng(seed)
        field = rng.integers(0, 200, (*size_wh[::-1], 3), dtype=np.uint8)
        with FilmWriter(path, size_wh, np.arange(count) / 30) as film:
            for number in range(count):
                field[20:30, number : number + 8] = 255
                film.add(field, number / 30)
        return path

    return make


@pytest.fixture
def make_report() -> Callable[..., Report]:
    """-> what writes a report by hand, for a film of `count` frames: a kick in frame 3, then 10 px a frame."""

    def make(sha256: str = "ab" * 32, count: int = 12, verdict: Verdict = Verdict.GOAL, **changes: Any) -> Report:
        clip = Clip(Path("kick.mp4"), sha256, (160, 90), np.arange(count) / 30, take=(1, count))
        return Report(
            **{
                "shot": _shot(clip),
                "outcome": Outcome(verdict, 0.9, How.IN_NET, "It rests in the net.", count - 1),
                "foot": FootCall(Foot.LEFT, 0.8, "The left ankle is nearer."),
                "measures": (
                    Measure("speed", "km/h", 88.0, 80.0, 140.0, "by hand"),
                    Measure("trunk_lean", "deg", None, why_not="No body was found at contact."),
                ),
                "made_with": {"kicky": "0.1.0", "detector": "motion"},
                "seconds": {"detect": 0.5},
                "notes": ("Two takes.",),
            }
            | changes
        )

    return make


def _shot(clip: Clip) -> Shot:
    count = len(clip.time_s)
    centre = np.column_stack([20.0 + 10 * np.clip(np.arange(count) - 3, 0, None), np.full(count, 45.0)])
    centre[5] = np.nan
    size = np.full((count, 2), 6.0)
    seen = np.isfinite(centre[:, 0])
    body = Track("P1", centre - 5, size * 4, np.ones(count), seen)
    rng = np.random.default_rng(0)
    pose = Pose(np.array([2, 3]), rng.random((2, 33, 2)), rng.random((2, 33, 3)), rng.random((2, 33)))
    scene = Scene(np.array([[50, 10], [110, 10], [110, 40], [50, 40]], dtype=float), camera_height_m=1.4)
    ball = Track("ball", centre, size, np.ones(count), seen)
    return Shot(clip, ball, (body,), scene, pose, kick_frame=3, shooter="P1")


@pytest.fixture(scope="session")
def truth() -> SyntheticShot:
    """-> one rendered shot's truth: behind the shooter, by day, scored."""
    return sample(5, view="behind", kind="goal", fps=30, size_wh=(960, 540), night=False, foot="right")


@pytest.fixture(scope="session")
def rendered(truth: SyntheticShot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """-> that shot's film; its scene lies beside it."""
    return write(truth, tmp_path_factory.mktemp("rendered"))
