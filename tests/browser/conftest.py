"""Where no Chromium starts, what needs one is skipped; `make test` says so at its end."""

import pytest

from kicky import machine


@pytest.fixture(scope="session", autouse=True)
def chromium_here() -> None:
    if machine.chromium() is None:
        pytest.skip("there is no Chromium on this machine")
