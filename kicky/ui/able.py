"""The choice of a detector, whether what was chosen can run here, and the offer to fetch the packages that it lacks."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ..service import packages, work
from .fetching import fetch
from .words import plain

LATER = " (not yet: see below)"
"""Behind the name of a detector that cannot run before something is fetched."""
STUDENTS = "Students and SAM 3 run on packages that are not here yet. Fetch them once; Motion works without."
TEACHING = (
    "Training, and labelling by SAM 3, run on packages that are not here yet. All else on this page works without."
)


def pick_detector() -> str:
    """-> the detector to work with; asked only where there is more than the one that needs nothing."""
    known = work.detectors()
    if len(known) == 1:
        return known[0]
    chosen: str = st.selectbox("Who sees ball and players", known, format_func=_detector_name, key="analyze_detector")
    if chosen != known[0]:
        st.caption("Without a graphics card this takes minutes a clip. The motion detector's finds are used too.")
    return chosen


def _detector_name(name: str) -> str:
    return "Motion (quick, needs nothing)" if name == "motion" else offered(name)


def offered(name: str) -> str:
    """Detector -> its name, and that it cannot run yet where that is so."""
    return detector_name(name) + later(name)


def detector_name(name: str) -> str:
    """Detector -> what it is called on pages."""
    part, _, model = name.partition(":")
    titles = {
        "motion": "Motion", "rfdetr": f"Student {model}", "ballnet": f"Ball network {model}", "sam3": "SAM 3",
        "locate": "LocateAnything",
    }  # fmt: skip
    return titles.get(part, name)


def can_run(chosen: Sequence[str]) -> bool:
    """Detectors -> whether all of them can run; below, what they lack and a button that fetches it."""
    return not any(packages.lacking(name) for name in chosen) or _to_fetch(STUDENTS)


def can_train() -> bool:
    """-> whether a training can begin."""
    return packages.here()


def teaching_offer() -> None:
    """-> what teaching lacks and a button that fetches it, nothing once it is here."""
    if not can_train():
        _to_fetch(TEACHING)


def later(name: str) -> str:
    """Detector -> what its name is followed by: nothing where it can run."""
    return LATER if packages.lacking(name) else ""


def _to_fetch(why: str) -> bool:
    st.info(plain(why), icon=":material/info:")
    fetch(packages.NAME)
    return False
