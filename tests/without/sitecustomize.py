"""A Python that has only what `make run` sets up: the modules that KICKY_TEST_WITHOUT names are not found in its own
environment. What is elsewhere on its path is found as ever.
"""

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

AWAY = set(filter(None, os.environ.get("KICKY_TEST_WITHOUT", "").split(",")))


class Without(PathFinder):
    """Finds all but those."""

    @classmethod
    def find_spec(cls, fullname, path=None, target=None) -> ModuleSpec | None:
        if path is None and fullname in AWAY:
            path = [place for place in sys.path if not place.startswith(sys.prefix)]
        return super().find_spec(fullname, path, target)


if AWAY:
    sys.meta_path = [Without if finder is PathFinder else finder for finder in sys.meta_path]
