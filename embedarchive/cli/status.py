"""`status`: what an archive holds, at a glance."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import typer

from ..terms import Outcome
from . import _options as options
from ._rows import as_json
from ._run import now
from ._terminal import clean, console, counted

if TYPE_CHECKING:
    from ..store import ArchiveStatus

_Name = TypeVar("_Name", bound=StrEnum)


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
    from ._card import LEVEL_MARKS, LEVEL_STYLES  # noqa: PLC0415  # start-up

    out = console()
    out.print(clean(str(db), "bold"))
    held = (
        counted(found.documents, "article"),
        counted(found.posts, "post"),
        counted(found.stubs, "stub"),
        f"{counted(found.media, 'media file')} ({_size(found.media_bytes)})",
        *([f"{found.forgotten:,} taken down"] if found.forgotten else []),
    )
    out.print(clean(f"  {' · '.join(held)}"))
    marks = {level: f"{mark} " for level, mark in LEVEL_MARKS.items()}
    _bars("How well the posts of references are known", found.levels, LEVEL_STYLES, marks)
    _bars("References by kind", found.references, {})
    _bars("Visits by answer", found.captures, _OUTCOME_STYLES)
    out.print()
    if found.unresolved:
        waiting = counted(found.unresolved, "reference")
        out.print(clean(f"  {waiting} not identified yet: `archive` asks again, `resolve` tells"))
    run = found.last_run
    if run is not None:
        ended = "finished" if run.finished_at else "did not finish"
        out.print(clean(f"  Last run: {run.command}, {run.started_at:%Y-%m-%d %H:%M} UTC, {ended}"))


_OUTCOME_STYLES = {outcome: "red" for outcome in Outcome} | {
    Outcome.AVAILABLE: "green",
    Outcome.RESTRICTED: "yellow",
    Outcome.WITHHELD: "yellow",
    Outcome.UNKNOWN: "dim",
}


def _size(count: int) -> str:
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count} bytes"


def _bars(
    title: str,
    counts: Mapping[_Name, int],
    styles: Mapping[_Name, str],
    marks: Mapping[_Name, str] = MappingProxyType({}),
) -> None:
    """A bar for each, with its share of all."""
    if not counts:
        return
    from rich.text import Text  # noqa: PLC0415  # start-up

    out = console()
    out.print(clean(f"\n  {title}", "bold"))
    total, most = sum(counts.values()), max(counts.values())
    names = {name: f"{marks.get(name, '')}{name.replace('_', ' ')}" for name in counts}
    width = max(map(len, names.values()))
    digits = max(len(f"{count:,}") for count in counts.values())
    room = max(10, min(40, out.width - width - digits - 14))
    for name, count in counts.items():
        length = max(1, round(room * count / most))
        style = styles.get(name, "blue")
        out.print(
            Text.assemble(
                "  ",
                (f"{names[name]:<{width}}", style),
                f"  {count:>{digits},} {round(100 * count / total):>3} %  ",
                ("━" * length, style),
            )
        )
