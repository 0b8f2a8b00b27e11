"""`check`: re-hash everything that an archive holds."""

from __future__ import annotations

import typer

from ..errors import FixityError
from . import _options as options
from ._run import now
from ._terminal import complain, tell


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive check posts.db")(check)


def check(db: options.Database, quiet: options.Quiet = False) -> None:
    """Re-hash all stored bytes and check the database itself; changes nothing.

    Ends with 7 where something is no longer as it was stored.
    """
    from ..store import Archive  # noqa: PLC0415  # start-up

    with Archive.open(db, clock=now, read_only=True) as archive:
        problems = 0
        for problem in archive.verify():
            problems += 1
            complain(f"{problem.place}: {problem.words}")
    if problems:
        raise typer.Exit(FixityError.exit_code)
    tell(f"{db}: all that was stored is as it was stored", quiet=quiet)
