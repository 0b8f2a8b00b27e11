"""`resolve` and `forget`: what a person says of a post."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import UsageError
from ..terms import Level
from . import _options as options
from ._posts import Post, find
from ._run import now
from ._terminal import tell


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive resolve posts.db claim-1 https://x.com/i/status/20")(
        resolve
    )
    app.command(epilog="Example: embedarchive forget posts.db x-20")(forget)


def resolve(
    db: options.Database,
    post: Annotated[str, typer.Argument(metavar="REF", help="A stub's key, as `list` shows it.")],
    url: Annotated[
        str | None,
        typer.Argument(metavar="URL", help="Of the post that it is.", show_default=False),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said by hand.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Say by hand which post a reference means; marked so, and it can be taken back."""
    from ..models import Resolution  # noqa: PLC0415  # start-up
    from ..networks import identify  # noqa: PLC0415  # start-up
    from ..store import Archive  # noqa: PLC0415  # start-up

    found = identify(url) if url else None
    if not undo and found is None:
        raise UsageError(f"{url or 'no URL'}: not the URL of a post")
    said = Resolution(
        "manual",
        Level.MATCHED if found else Level.CLAIMED,
        found.target if found else None,
        {"url": url} if url else {},
        None if found else "taken back",
    )
    with Archive.open(db, clock=now, create=False) as archive:
        references = find(archive, post).references
        for stored in references:
            archive.add_resolution(stored.id, said)
    tell(f"{post}: {'taken back' if undo else f'is {said.target}'}", quiet=quiet)


def forget(
    db: options.Database,
    post: Post,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Take a post down: its content and media leave the archive, their digests stay."""
    from ..store import Archive  # noqa: PLC0415  # start-up

    with Archive.open(db, clock=now, create=False) as archive:
        record = find(archive, post)
        if record.target is None:
            raise UsageError(f"{post}: only the article speaks of it; there is nothing to forget")
        if not yes:
            typer.confirm(f"Remove all that was captured of {record.key}?", abort=True)
        archive.forget(record.target)
    tell(f"{record.key}: forgotten", quiet=quiet)
