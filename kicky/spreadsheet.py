"""Tables for spreadsheets: no cell of ours starts a formula there, and reading one of ours gives back what was written.

A text that a spreadsheet would work out gets an apostrophe before it, as a person would type it there; so does one that
begins like that with an apostrophe, or reading could not tell them apart. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

# A formula's beginning: OWASP's list, and the same signs as wide as East Asian writing has them. A cell is begun anew
# by what separates cells elsewhere, where a program takes this file for one of those.
_BEGINS = r"=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf"(^|[;\t\r\n])(?=[{_BEGINS}'])")
_MARKED = re.compile(rf"(^|[;\t\r\n])'(?=[{_BEGINS}'])")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


def cell(value: object) -> object:
    r"""What belongs in a cell -> what is written there.

    >>> cell('=HYPERLINK("http://x")'), cell("Zo;+1+1"), cell("-0.5"), cell(-0.5), cell("O'Neill"), cell("'=")
    ('\'=HYPERLINK("http://x")', "Zo;'+1+1", '-0.5', -0.5, "O'Neill", "''=")
    """
    return value if not isinstance(value, str) or _NUMBER.fullmatch(value) else _FORMULA.sub(r"\1'", value)


def text(written: str) -> str:
    r"""What is written in a cell -> the text that belongs there.

    >>> text("'=1+1"), text("''="), text("O'Neill"), text("'twas"), text("-0.5")
    ('=1+1', "'=", "O'Neill", "'twas", '-0.5')
    """
    return _MARKED.sub(r"\1", written)


def write(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """An open file (newline=""), columns, rows -> the table in it as CSV."""
    table = csv.writer(file)  # its line ends are RFC 4180's, and a text with either of their letters is quoted
    table.writerow([cell(name) for name in columns])
    table.writerows([cell(value) for value in row] for row in rows)


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns, rows -> the table as CSV."""
    held = io.StringIO(newline="")
    write(held, columns, rows)
    return held.getvalue()


def read(path: Path) -> list[dict[str, str]]:
    """A CSV in UTF-8 -> its rows by column, "" where a row is short. Raises: OSError, UnicodeDecodeError, csv.Error.

    Cells may be separated by commas, or by semicolons or tabs, as spreadsheets save them where the comma is decimal.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.readline()
        if not head.lower().startswith("sep="):  # a line in which a spreadsheet says so itself
            file.seek(0)
        rows = csv.DictReader(file, restval="", delimiter=separator(head))
        return [{text(name.strip()): text(value) for name, value in row.items() if name} for row in rows]


def separator(head: str) -> str:
    r"""A table's first line -> what its cells are separated by.

    >>> separator("clip;outcome"), separator("clip\toutcome"), separator("clip,a;b"), separator("clip")
    (';', '\t', ',', ',')
    """
    if head.lower().startswith("sep=") and head[4:5] in (";", "\t"):
        return head[4]
    return next((sign for sign in (",", ";", "\t") if sign in head), ",")
