"""A process that fills an archive and says what it has finished, until somebody kills it."""

from __future__ import annotations

from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path

from embedarchive.models import Level, Resolution, Target
from embedarchive.store import Archive

from .making import make_document
from .making_records import make_capture, make_embed, make_media, make_reference

ROUNDS = 12
"""Articles to write; each has two posts, one of them without an id."""


def target(number: int) -> Target:
    return Target("x", str(1787400000000000000 + number))


def fill(path: Path, finished: Connection) -> None:
    """Write each article and post that is not there yet; send its number once it is stored."""
    with Archive.open(path, clock=lambda: datetime.now(UTC), lock_wait=5) as archive:
        for number in range(ROUNDS):
            post = target(number)
            document = make_document(f"First {number}. Second {number}.", uri=f"{number}.txt")
            if not archive.is_known(document, "1"):
                references = [
                    make_reference(document, f"First {number}.", post_id=post.post_id),
                    make_reference(document, f"Second {number}.", handle="Vaelkanor"),
                ]
                _, stub = archive.add_document(document, references, "1")
                refusal = Resolution("redirect", Level.CLAIMED, None, refused="another day")
                archive.add_resolution(stub.id, refusal)
            if archive.memento(post) is None:
                with archive.transaction():
                    archive.add_capture(make_capture(post, make_embed(post, f"Text {number}")))
                    archive.add_media(post, make_media(b"picture %d" % number))
            finished.send(number)
