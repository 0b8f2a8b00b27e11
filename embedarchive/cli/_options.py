"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


def size(words: str) -> int:
    """Bytes of `1500`, `800k`, `20M` or `1G`; raises typer.BadParameter."""
    match = re.fullmatch(r"([0-9]{1,12})([kMG]?)(?:i?B)?", words.strip())
    if match is None:
        raise typer.BadParameter(f"{words!r} is no size; one is like 1500, 800k, 20M or 1G")
    return int(match[1]) << {"": 0, "k": 10, "M": 20, "G": 30}[match[2]]


Database = Annotated[
    Path,
    typer.Argument(metavar="DB", help="The archive, one SQLite file.", show_default=False),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Draw no progress bar.")]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Configuration file.", show_default=False),
]
MaxMediaSize = Annotated[
    int | None,
    typer.Option(
        metavar="SIZE",
        parser=size,
        help="Largest picture or film stored: bytes, or with k, M, G: 20M.",
        show_default=False,
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option("-c", "--column", help="Show this column only; repeatable.", show_default=False),
]
NoHeaders = Annotated[bool, typer.Option("--no-headers", help="Leave out the header line.")]
RawCsv = Annotated[
    bool,
    typer.Option("--raw-csv", help="Do not guard CSV cells that a spreadsheet takes for formulas."),
]


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    NL = "nl"
    CSV = "csv"
    TSV = "tsv"


AsJson = Annotated[bool, typer.Option("--json", help="A JSON array.")]
AsNl = Annotated[bool, typer.Option("--nl", help="JSON, one object a line.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="CSV.")]
AsTsv = Annotated[bool, typer.Option("--tsv", help="Values separated by tabs.")]
AsTable = Annotated[bool, typer.Option("-t", "--table", help="A table, also into a pipe.")]


def chosen_format(
    *, json: bool, nl: bool, csv: bool, tsv: bool, table: bool, is_terminal: bool
) -> Format:
    """The one format asked for; without any, a table on a terminal and JSON into a pipe.

    Raises typer.BadParameter where several were asked for.
    """
    flags = {
        Format.JSON: json,
        Format.NL: nl,
        Format.CSV: csv,
        Format.TSV: tsv,
        Format.TABLE: table,
    }
    asked = [name for name, wanted in flags.items() if wanted]
    if len(asked) > 1:
        raise typer.BadParameter("choose one of --json, --nl, --csv, --tsv, --table")
    if asked:
        return asked[0]
    return Format.TABLE if is_terminal else Format.JSON
