"""What every table stands on: its registry, its names, moments in UTC, whole numbers of any size."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# SQLite cannot drop a constraint that has no name, and batch migrations have to.
NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> dt.datetime:
    """-> the present moment, in UTC."""
    return dt.datetime.now(dt.UTC)


class Utc(TypeDecorator[dt.datetime]):
    """Aware time -> UTC in the database -> aware time; a time without a zone is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: Dialect) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time needs its zone, got {value!r}")
        return value and value.astimezone(dt.UTC).replace(tzinfo=None)

    def process_result_value(self, value: dt.datetime | None, _dialect: Dialect) -> dt.datetime | None:
        return value and value.replace(tzinfo=dt.UTC)


# SQLite's whole numbers have room for anything; elsewhere it is to be said.
Whole: Any = BigInteger().with_variant(Integer, "sqlite")


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Own registry: Streamlit imports local modules again after an edit, and a table may be defined once."""
