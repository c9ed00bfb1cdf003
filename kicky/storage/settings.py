"""What the player set: the server the coach is asked on, and by which key; their phone; what speeds are told in.

Server, key and phone are this machine's own, and a backup brings none of them. The address that it names is kept as
an offer until the player says yes or no.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine
from sqlmodel import Session, select

from ..coaches.address import machine
from ..home import coach_key
from ..speeds import Unit
from . import advice, keys
from .database import told
from .tables import SettingRow

SERVER, OFFERED, PHONE = "server.", "offered.", "phone."
NAMES = ("address", "model")
SPEED_UNIT = "speed_unit"
TARGET = "challenge_zone"


def kept_here(key: str) -> bool:
    """A setting's name -> whether it is this machine's own, which nothing that comes from elsewhere may set."""
    return key.startswith((SERVER, OFFERED, PHONE))


def your_phone() -> str | None:
    """-> the phone that was named last, None before any was."""
    return advice.settings(PHONE).get(PHONE + "yours")


def set_your_phone(name: str) -> None:
    """A phone's name -> remembered for the next sessions."""
    advice.change_settings({PHONE + "yours": name})


def server() -> dict[str, str]:
    """-> address, model and key of the coach's server, each "" where there is none. Raises: StorageFailed."""
    said = advice.settings(SERVER)
    values = {name: said.get(SERVER + name, "") for name in NAMES}
    with told(coach_key()):
        return values | {"key": keys.kept(machine(values["address"]))}


def set_server(address: str, model: str, key: str) -> None:
    """Address, model, key -> remembered; an offer is settled by it. Raises: StorageFailed."""
    with told(coach_key()):
        keys.keep(machine(address), key)
    advice.change_settings({SERVER + "address": address, SERVER + "model": model} | dict.fromkeys(_offers(), ""))


def speed_unit() -> Unit:
    """-> what speeds are told in; km/h until the player says otherwise. Raises: StorageFailed."""
    said = advice.settings(SPEED_UNIT).get(SPEED_UNIT, "")
    return Unit.MPH if said == Unit.MPH else Unit.KMH


def set_speed_unit(unit: Unit) -> None:
    """Unit -> remembered. Raises: StorageFailed."""
    advice.change_settings({SPEED_UNIT: "" if unit is Unit.KMH else unit})


def target() -> str:
    """-> the zone of the goal's mouth that is played for, "" before any was chosen. Raises: StorageFailed."""
    return advice.settings(TARGET).get(TARGET, "")


def set_target(zone: str) -> None:
    """A zone's name -> remembered. Raises: StorageFailed."""
    advice.change_settings({TARGET: zone})


def offer(other: Path) -> None:
    """Another database of ours -> the server it names is offered, unless it is the one that is asked here."""
    engine = create_engine(f"sqlite:///{other}")
    try:
        with Session(engine) as theirs:
            rows = theirs.exec(select(SettingRow)).all()
    finally:
        engine.dispose()
    said = {row.key.removeprefix(SERVER): row.value for row in rows if row.key.startswith(SERVER)}
    address = said.get("address", "")
    if machine(address) and address != server()["address"]:
        advice.change_settings({OFFERED + name: said.get(name, "") for name in NAMES})


def offered() -> dict[str, str]:
    """-> address and model that a backup named and nobody has said anything to, each "" where there is none."""
    said = advice.settings(OFFERED)
    return {name: said.get(OFFERED + name, "") for name in NAMES}


def decline() -> None:
    """-> nothing is offered any more."""
    advice.change_settings(dict.fromkeys(_offers(), ""))


def _offers() -> list[str]:
    return [OFFERED + name for name in NAMES]
