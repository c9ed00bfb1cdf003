"""Labels in and out of other programs' files."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from ..errors import BadLabel, KickyError
from ..service import exchange
from .parts import refuse
from .words import plain

ENDINGS = ["jsonl", "ndjson", "csv", "json", "xml", "zip"]
MOST_BYTES = 2_000_000_000


def in_and_out() -> None:
    """Export what is labelled; take labels in from a file."""
    out, into = st.columns(2, gap="large")
    with out:
        st.header("Out", anchor=False)
        forms = exchange.formats()
        form = st.selectbox("Format", list(forms), format_func=forms.__getitem__, key="labels_format")
        st.caption("JSON lines hold everything. Nothing has to be exported for KICKY itself: it reads what you label.")
        if st.button("Make the file", icon=":material/download:"):
            try:
                st.session_state["labels_file"] = (form, *_made(form))
            except KickyError as error:
                refuse(error)
        made: Any = st.session_state.get("labels_file")
        if made and made[0] == form:
            st.download_button(f"Save {plain(made[1])}", made[2], made[1], type="primary")
    with into:
        st.header("In", anchor=False)
        turn = st.session_state.setdefault("labels_turn", 0)
        sent = st.file_uploader("A file of labels; YOLO's folder as a zip", ENDINGS, key=f"labels_in_{turn}")
        skip = st.checkbox("Skip clips that are not here", key="labels_skip")
        if sent is not None and st.button("Import", type="primary", icon=":material/upload:"):
            try:
                st.session_state["labels_brought"] = _taken(sent.name, sent.getvalue(), skip)
                st.session_state["labels_turn"] = turn + 1
                st.rerun()
            except KickyError as error:
                refuse(error)
        if brought := st.session_state.pop("labels_brought", None):
            _tell(brought)


def _tell(brought: exchange.Brought) -> None:
    st.success(
        f"{brought.clips:d} clips: {brought.answers:d} answers and {brought.frames:d} frames with boxes were taken in.",
        icon=":material/check:",
    )
    for warning in brought.warnings:
        st.warning(plain(warning), icon=":material/info:")


def _made(form: str) -> tuple[str, bytes]:
    """Format -> a file's name and bytes; several files make a zip."""
    with TemporaryDirectory() as folder:
        files = exchange.write_labels(form, Path(folder))
        if len(files) == 1:
            return files[0].name, files[0].read_bytes()
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, file.relative_to(folder))
        return f"labels.{form}.zip", held.getvalue()


def _taken(name: str, data: bytes, skip: bool) -> exchange.Brought:
    """A file's name and bytes -> what it brought. Raises: BadLabel."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(data)
        if path.suffix.lower() != ".zip":
            return exchange.read_labels(path, skip)
        inside = Path(folder) / "inside"
        try:
            with zipfile.ZipFile(path) as archive:
                if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
                    raise BadLabel(f"{name} is too large once unpacked: split it.")
                archive.extractall(inside)  # it keeps to the folder, whatever names are inside
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
            raise BadLabel(f"{name} is not a complete zip file: make it again.") from error
        there = [each for each in inside.iterdir() if not each.name.startswith(("__", "."))]
        alone = len(there) == 1
        return exchange.read_labels(there[0] if alone else inside, skip)
