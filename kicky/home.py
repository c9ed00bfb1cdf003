"""Where things live: KICKY_HOME (by default the project's own folder) holds db/ and models/."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """-> the folder that holds db/ and models/; KICKY_HOME moves it elsewhere."""
    return Path(os.environ.get("KICKY_HOME") or PROJECT)


def database() -> Path:
    """-> the SQLite file."""
    return home() / "db" / "kicky.sqlite"


def database_url() -> str | None:
    """-> the address of a database server that is used instead of the SQLite file, None where none is named."""
    return os.environ.get("KICKY_DATABASE") or None


def coach_key() -> Path:
    """-> the file with the key of the coach's server; no backup holds it."""
    return home() / "db" / "coach.key"


def door_key() -> Path:
    """-> the file with the secret by which the door knows devices again; no backup holds it."""
    return home() / "db" / "door.key"


def media() -> Path:
    """-> the folder of films, stills and evidence."""
    return home() / "db" / "media"


def films() -> Path:
    """-> the folder of session films that were sent here from another device; no backup holds them."""
    return home() / "db" / "films"


def models() -> Path:
    """-> the folder of model weights."""
    return home() / "models"


def datasets() -> Path:
    """-> the folder of labelled pictures, a folder each."""
    return home() / "db" / "datasets"


def evaluations() -> Path:
    """-> the folder of what evaluations keep so as not to look at a film twice; it may be deleted."""
    return home() / "db" / "evaluation"


def runs() -> Path:
    """-> the folder of trainings, a folder each."""
    return home() / "db" / "runs"
