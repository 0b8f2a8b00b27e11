"""`report`: what became of the embeds of an archive, by outlet and year."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import _options as options
from ._rows import show_rows
from ._run import now
from ._terminal import tell


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive report posts.db --html report.html")(report)


def report(
    db: options.Database,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page with plots.", show_default=False),
    ] = None,
    json: options.AsJson = False,
    nl: options.AsNl = False,
    csv: options.AsCsv = False,
    tsv: options.AsTsv = False,
    table: options.AsTable = False,
    no_headers: options.NoHeaders = False,
    raw_csv: options.RawCsv = False,
    quiet: options.Quiet = False,
) -> None:
    """Count the embeds that are held, gone, lost, changed or at risk, by outlet and year.

    An outlet is the host or the folder of an article; the year is that of the post. Lost is what
    is gone and was never captured; at risk, what is neither captured nor known to be gone;
    forgotten, what was taken down from the archive.
    """
    from ..render.folder import put_file  # noqa: PLC0415  # start-up
    from ..render.report import MEASURES, tally_embeds, total  # noqa: PLC0415  # start-up
    from ..render.report_page import render_report  # noqa: PLC0415  # start-up
    from ..store import Archive  # noqa: PLC0415  # start-up

    form = options.chosen_format(
        json=json, nl=nl, csv=csv, tsv=tsv, table=table, is_terminal=sys.stdout.isatty()
    )
    with Archive.open(db, clock=now, read_only=True) as archive:
        rows = tally_embeds(archive.posts())
    if html is not None:
        put_file(html, render_report(rows, title=db.name).encode())
    is_only_a_page = html is not None and not (json or nl or csv or tsv or table)
    if not is_only_a_page:
        data = (
            {"outlet": row.outlet, "year": row.year or None}
            | {name: getattr(row.tally, name) for name in MEASURES}
            for row in rows
        )
        show_rows(
            data, form, columns=("outlet", "year", *MEASURES),
            headers=not no_headers, raw_csv=raw_csv,
        )  # fmt: skip
    sums = total(rows)
    tell(
        f"{sums.embeds} embeds: {sums.held} held, {sums.gone} gone, {sums.lost} of them lost,"
        f" {sums.changed} changed, {sums.at_risk} at risk"
        + (f", {sums.forgotten} taken down" if sums.forgotten else "")
        + (f"; see {html}" if html else ""),
        quiet=quiet,
    )
