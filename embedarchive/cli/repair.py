"""`repair`: bring what is whole in a damaged archive into a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import InputError
from . import _options as options
from ._run import now
from ._terminal import complain, tell

NewDatabase = Annotated[
    Path,
    typer.Argument(metavar="NEW", help="The archive to make; must not exist.", show_default=False),
]


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive repair posts.db rescued.db")(repair)


def repair(db: options.Database, new: NewDatabase, quiet: options.Quiet = False) -> None:
    """Bring what can be read of a damaged archive into a new one; the old one is only read.

    `check` says whether an archive is damaged. Bytes are taken where they still have the digest
    they were stored under, and what was parsed out of them is parsed again. Each loss is told;
    ends with 3 where there is one, and with 5 where nothing can be read.
    """
    from ..capture import reread  # noqa: PLC0415  # start-up
    from ..store.rescue import rescue  # noqa: PLC0415  # start-up

    done = rescue(db, new, clock=now, reread=reread)
    for loss in done.losses:
        complain(f"{loss.place}: {loss.words}")
    words = [
        f"{done.rows['document_versions']} versions of articles",
        f"{done.rows['document_references']} references",
        f"{done.rows['posts']} posts",
        f"{done.rows['captures']} captures",
        f"{done.rows['media']} media files",
    ]
    tell(f"{new}: {', '.join(words)}; {len(done.losses)} losses", quiet=quiet)
    if done.losses:
        raise typer.Exit(InputError.exit_code)
