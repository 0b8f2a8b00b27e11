"""What `scan` and `archive` read: the same sources and options."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from ..errors import UsageError
from ._run import make_client

if TYPE_CHECKING:
    from ..models import Manner, Reading, Response
    from ..net import Client

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...",
        help="Files, directories, http(s) URLs, or - for standard input.",
        show_default=False,
    ),
]
Lists = Annotated[
    list[str] | None,
    typer.Option(
        "-i", "--input-file", metavar="FILE", show_default=False,
        help="Read also what this file names, a path or URL a line; - is standard input.",
    ),
]  # fmt: skip
Format = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", show_default=False,
        help="What the sources are, whatever they are called: jsonl, csv, feed, ...",
    ),
]  # fmt: skip
Field = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", show_default=False,
        help="The field or column that holds the article; dotted where records hold records.",
    ),
]  # fmt: skip
Sql = Annotated[
    str | None,
    typer.Option(
        metavar="SELECT", show_default=False, help="What to read from SQLite files."
    ),
]  # fmt: skip
ArticleText = Annotated[
    bool,
    typer.Option("--article-text", help="Scan also the main text of each HTML page by itself."),
]
CheckDigests = Annotated[
    bool,
    typer.Option("--check-digests", help="Of WARC check the digest of every record."),
]


def sources_of(paths: Sequence[str] | None, lists: Sequence[str] | None) -> Iterable[str]:
    """The sources that the command line names; a sequence where no list has to be read.

    Raises UsageError where there are none, a list cannot be opened, or standard input is to be
    two things.
    """
    paths, lists = paths or (), lists or ()
    if not paths and not lists:
        raise UsageError("nothing to read: give a PATH, or -i FILE with a list of them")
    if [*paths, *lists].count("-") > 1:
        raise UsageError("- is standard input, and can only be read once")
    return chain(paths, *[_listed(_opened(name)) for name in lists]) if lists else paths


def _opened(name: str) -> BinaryIO:
    try:
        return sys.stdin.buffer if name == "-" else Path(name).open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"-i {name}: cannot be read: {reason}") from error


def _listed(file: BinaryIO) -> Iterator[str]:
    from ..documents import listed  # noqa: PLC0415  # start-up

    with file:
        yield from listed(file)


def manner_of(context: typer.Context) -> Manner:
    """How the sources are to be read, by a command's options that are named as its fields are."""
    from ..models import Manner  # noqa: PLC0415  # start-up

    return Manner(**{option.name: context.params[option.name] for option in fields(Manner)})


def reading_of(manner: Manner) -> Reading:
    """Raises UsageError where it needs what is not installed."""
    from ..article_text import extractor  # noqa: PLC0415  # start-up
    from ..models import Reading  # noqa: PLC0415  # start-up

    if manner.article_text:
        extractor()
    return Reading.of(manner)


class LazyClient:
    """A client that is made when the first URL is asked for: most runs of `scan` ask for none."""

    def __init__(self, config: Path | None, flags: Mapping[str, object] | None = None) -> None:
        self._made_from = (config, flags)
        self._client: Client | None = None

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        follow_redirects: bool = True,
        max_bytes: int | None = None,
    ) -> Response:
        """As `Fetcher.get`; raises UsageError as well, for an unusable configuration."""
        if self._client is None:
            self._client = make_client(*self._made_from)
        return self._client.get(
            url,
            params=params,
            headers=headers,
            follow_redirects=follow_redirects,
            max_bytes=max_bytes,
        )
