"""Rows → stdout as a table, JSON, JSON lines, CSV or TSV. Streams what can be streamed."""

from __future__ import annotations

import csv
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TextIO

import typer

from ..errors import InputError
from ._options import Format
from ._terminal import clean, complain, console, one_line

Row = Mapping[str, object]

_PAGE = 200
"""Rows of a table that are aligned with each other: bounds the memory."""

_WORDY = ("text", "help")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# JSON leaves these as they are, and a terminal obeys them: C1 controls, bidi controls, surrogates.
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def show_rows(
    rows: Iterable[Row],
    form: Format,
    *,
    columns: Sequence[str],
    headers: bool = True,
    raw_csv: bool = False,
) -> None:
    """Print rows; `columns` are those of the table, CSV and TSV, JSON has all keys of a row.

    A closed pipe ends quietly, with exit code 0; a full disk with one line and 3.
    """
    out = sys.stdout
    try:
        if form is Format.TABLE:
            _table(rows, columns, headers)
        elif form is Format.NL:
            out.writelines(f"{as_json(row)}\n" for row in rows)
        elif form is Format.JSON:
            _array(rows, out)
        else:
            _separated(rows, form, columns, headers, raw_csv, out)
        out.flush()
    except OSError as error:
        # The interpreter flushes stdout once more at exit: give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        if isinstance(error, BrokenPipeError):
            raise typer.Exit from None
        complain(f"standard output: {error.strerror}")
        raise typer.Exit(InputError.exit_code) from None


def as_json(value: object) -> str:
    """JSON of one line that no terminal takes for commands."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _array(rows: Iterable[Row], out: TextIO) -> None:
    separator = "["
    for row in rows:
        out.write(f"{separator}{as_json(row)}")
        separator = ",\n "
    out.write("]\n" if separator != "[" else "[]\n")


def _separated(
    rows: Iterable[Row],
    form: Format,
    columns: Sequence[str],
    headers: bool,
    raw_csv: bool,
    out: TextIO,
) -> None:
    dialect = "excel" if form is Format.CSV else "excel-tab"
    writer = csv.writer(out, dialect=dialect, lineterminator="\n")
    if headers:
        writer.writerow(columns)
    writer.writerows([_cell(row.get(c), raw_csv) for c in columns] for row in rows)


def _cell(value: object, raw_csv: bool) -> object:
    if value is None or isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else as_json(value)
    text = _SURROGATE.sub("\ufffd", text)
    return f"'{text}" if text.startswith(_FORMULA) and not raw_csv else text


def _table(rows: Iterable[Row], columns: Sequence[str], headers: bool) -> None:
    """Aligned columns; what is wordy stands below its row, where it has room."""
    out = console()
    below = next((c for c in columns if c in _WORDY and len(columns) > 1), None)
    columns = [column for column in columns if column != below]
    remaining = iter(rows)
    while page := list(islice(remaining, _PAGE)):
        cells = [[_words(row.get(column)) for column in columns] for row in page]
        header = [list(columns)] if headers else []
        widths = [max(map(_width, column)) for column in zip(*header, *cells, strict=True)]
        for line in header:
            out.print(clean(_aligned(line, widths), "bold"), no_wrap=True, overflow="ellipsis")
        headers = False
        for row, line in zip(page, cells, strict=True):
            out.print(clean(_aligned(line, widths)), no_wrap=True, overflow="ellipsis")
            words = _words(row.get(below)) if below else ""
            if words:
                out.print(clean(f"    {words}", "dim"), no_wrap=True, overflow="ellipsis")


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (w - _width(cell)) for cell, w in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    from rich.cells import cell_len  # noqa: PLC0415  # start-up: rich is only for what is drawn

    return cell_len(text)


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(str(item) for item in value)
    return one_line(str(value))


def limited(rows: Iterable[Row], columns: Sequence[str] | None) -> Iterator[Row]:
    """Rows with the chosen columns only, where some were chosen."""
    for row in rows:
        yield {c: row.get(c) for c in columns} if columns else row
