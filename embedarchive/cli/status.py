"""`status`: what an archive holds, at a glance."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..terms import Kind, Level, Outcome
from . import _options as options
from ._rows import as_json
from ._run import now
from ._terminal import clean, console

if TYPE_CHECKING:
    from ..store import ArchiveStatus


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive status posts.db")(status)


def status(db: options.Database, json: options.AsJson = False) -> None:
    """Show how many articles, references, posts and snapshots an archive holds."""
    from ..store import Archive  # noqa: PLC0415  # start-up

    with Archive.open(db, clock=now, read_only=True) as archive:
        found = archive.status()
    if json or not sys.stdout.isatty():
        print(as_json(asdict(found)))
    else:
        _draw(db, found)


def _draw(db: Path, found: ArchiveStatus) -> None:
    out = console()
    out.print(clean(str(db), "bold"))
    out.print(clean(f"  {found.documents} articles, {found.posts} posts, {found.stubs} stubs"))
    _bars("References by how well their post is known", found.levels)
    _bars("References by kind", found.references)
    _bars("Visits by answer", found.captures)
    out.print(clean(f"\n  {found.media} media files, {found.media_bytes / 1e6:.1f} MB"))
    if found.unresolved:
        out.print(clean(f"  {found.unresolved} references wait for their post to be identified"))
    run = found.last_run
    if run is not None:
        ended = "finished" if run.finished_at else "did not finish"
        out.print(clean(f"  last run: {run.command}, {run.started_at:%Y-%m-%d %H:%M} UTC, {ended}"))


def _bars(
    title: str, counts: Mapping[Level, int] | Mapping[Kind, int] | Mapping[Outcome, int]
) -> None:
    if not counts:
        return
    out = console()
    out.print(clean(f"\n  {title}", "bold"))
    most = max(counts.values())
    width = max(map(len, counts))
    for name, count in counts.items():
        bar = "━" * max(1, round(30 * count / most))
        out.print(clean(f"  {name:<{width}}  {bar} {count}"))
