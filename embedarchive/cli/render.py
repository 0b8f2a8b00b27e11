"""`render`: the archive as pages to read offline."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import _options as options
from ._run import now
from ._terminal import Bar, tell


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive render posts.db -o site && open site/index.html")(
        render
    )


def render(
    db: options.Database,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Where the pages go.")
    ],
    quiet: options.Quiet = False,
    no_progress: options.NoProgress = False,
) -> None:
    """Write articles, posts and indexes as static pages that make no request.

    Pages that did not change are left alone, so this can run after every `archive`.
    """
    # Imported here to keep start-up fast.
    from ..render import render_site  # noqa: PLC0415
    from ..store import Archive  # noqa: PLC0415

    bar = Bar(shown=not quiet and not no_progress)
    with Archive.open(db, clock=now, read_only=True) as archive, bar.stage("Rendering") as advance:
        report = render_site(archive, output, progress=lambda _: advance())
    tell(
        f"{report.articles} articles, {report.posts} posts, {report.media} media files:"
        f" {report.written} files written, {report.unchanged} unchanged; see {output}/index.html",
        quiet=quiet,
    )
