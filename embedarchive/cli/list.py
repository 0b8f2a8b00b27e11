"""`list` and `search`: the posts of an archive as rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..terms import Level
from . import _options as options
from ._posts import COLUMNS, DATA, as_row
from ._rows import limited, show_rows
from ._run import now

if TYPE_CHECKING:
    from ..models import PostRecord
    from ..store import Archive


def register(app: typer.Typer) -> None:
    app.command("list", epilog="Example: embedarchive list posts.db --level disputed")(list_posts)
    app.command(epilog="Example: embedarchive search posts.db 'north korea'")(search)


def list_posts(
    db: options.Database,
    level: Annotated[
        Level | None, typer.Option("--level", help="Only posts known this well.")
    ] = None,
    json: options.AsJson = False,
    nl: options.AsNl = False,
    csv: options.AsCsv = False,
    tsv: options.AsTsv = False,
    table: options.AsTable = False,
    column: options.Columns = None,
    no_headers: options.NoHeaders = False,
    raw_csv: options.RawCsv = False,
) -> None:
    """List the posts of an archive, stubs included, one row each."""
    form = options.chosen_format(
        json=json, nl=nl, csv=csv, tsv=tsv, table=table, is_terminal=sys.stdout.isatty()
    )

    def wanted(archive: Archive) -> Iterable[PostRecord]:
        return (post for post in archive.posts() if level is None or post.level is level)

    _show(db, wanted, form, column, headers=not no_headers, raw_csv=raw_csv)


def search(
    db: options.Database,
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words that must all occur.")],
    json: options.AsJson = False,
    nl: options.AsNl = False,
    csv: options.AsCsv = False,
    tsv: options.AsTsv = False,
    table: options.AsTable = False,
    column: options.Columns = None,
    no_headers: options.NoHeaders = False,
    raw_csv: options.RawCsv = False,
) -> None:
    """Find posts by the words of their text, author or picture descriptions; best first."""
    form = options.chosen_format(
        json=json, nl=nl, csv=csv, tsv=tsv, table=table, is_terminal=sys.stdout.isatty()
    )
    _show(
        db, lambda archive: archive.search(query), form, column,
        headers=not no_headers, raw_csv=raw_csv,
    )  # fmt: skip


def _show(
    db: Path,
    choose: Callable[[Archive], Iterable[PostRecord]],
    form: options.Format,
    columns: list[str] | None,
    *,
    headers: bool,
    raw_csv: bool,
) -> None:
    from ..store import Archive  # noqa: PLC0415  # start-up

    with Archive.open(db, clock=now, read_only=True) as archive:
        shown = COLUMNS if form is options.Format.TABLE else DATA
        rows = limited(map(as_row, choose(archive)), columns)
        show_rows(rows, form, columns=columns or shown, headers=headers, raw_csv=raw_csv)
