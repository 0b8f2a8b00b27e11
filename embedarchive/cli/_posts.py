"""Posts as rows and as arguments, for the commands that look at an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError
from ._rows import Row

if TYPE_CHECKING:
    from ..models import PostRecord
    from ..store import Archive

COLUMNS = ("key", "level", "state", "handle", "date", "text")
DATA = (*COLUMNS, "name", "captured_at", "visits", "articles", "forgotten_at")

Post = Annotated[
    str,
    typer.Argument(
        metavar="POST",
        help="A post's key as `list` shows it, its id, or its URL.",
        show_default=False,
    ),
]


def as_row(record: PostRecord) -> Row:
    """One post as documented data; keys may be added, never renamed."""
    from .. import snowflake  # noqa: PLC0415  # start-up

    claim = record.fullest.reference.claim if record.fullest else None
    embed = record.snapshot.capture.embed if record.snapshot else None
    latest = record.visits[-1].capture if record.visits else None
    made = embed.created_at if embed else None
    if made is None and record.target and record.target.network == "x":
        made = snowflake.created_at(record.target.post_id)
    printed = claim.date if claim else None
    state = "forgotten" if record.forgotten_at else (latest.outcome.value if latest else "stub")
    return {
        "key": record.key,
        "network": record.target.network if record.target else (claim.network if claim else None),
        "post_id": record.target.post_id if record.target else None,
        "level": record.level.value,
        "state": state,
        "handle": embed.author.handle if embed else (claim.handle if claim else None),
        "name": embed.author.name if embed else (claim.name if claim else None),
        "date": made.date().isoformat() if made else (printed.isoformat() if printed else None),
        "text": embed.text if embed else (claim.text if claim else None),
        "captured_at": record.snapshot.capture.captured_at.isoformat() if record.snapshot else None,
        "visits": len(record.visits),
        "articles": sorted({reference.uri for reference in record.references}),
        "forgotten_at": record.forgotten_at.isoformat() if record.forgotten_at else None,
    }


def find(archive: Archive, post: str) -> PostRecord:
    """The post that a person named. Raises UsageError where the archive holds none of that name."""
    from ..networks import identify  # noqa: PLC0415  # start-up

    found = identify(post) if "/" in post else None
    record = archive.find_post(found.target if found else post)
    if record is None:
        raise UsageError(
            f"{archive.path}: holds no post {post!r}; see: embedarchive list {archive.path}"
        )
    return record
