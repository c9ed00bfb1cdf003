"""Where no browser can be driven, what needs one is skipped; `make test` says so at its end."""

import pytest

from kicky import machine


@pytest.fixture(scope="session", autouse=True)
def browser_here() -> None:
    lacking = [need.name for need in machine.TEST if need.why == machine.BROWSER and not need.here()]
    if lacking:
        pytest.skip(f"this machine lacks {', '.join(lacking)}")
