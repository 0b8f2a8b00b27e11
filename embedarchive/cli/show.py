"""`show` and `history`: one post, and the visits to it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from enum import StrEnum
from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated

import typer

from . import _options as options
from ._posts import Post, as_row, find
from ._rows import Row, as_json, show_rows
from ._run import now
from ._terminal import clean, console, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from rich.console import Console

    from ..models import KeptMedia, PostRecord, Refused
    from ..render.view import Visit


class Face(StrEnum):
    MD = "md"
    WIKITEXT = "wikitext"
    TEXT = "text"
    JSON = "json"
    BIBTEX = "bibtex"


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive show posts.db claim-1")(show)
    app.command(epilog="Example: embedarchive history posts.db 20")(history)


def show(
    db: options.Database,
    posts: Annotated[
        list[str],
        typer.Argument(metavar="POST...", help="Keys as `list` shows them, ids, or URLs."),
    ],
    json: options.AsJson = False,
    face: Annotated[
        Face | None,
        typer.Option("--format", help="Text to take elsewhere.", show_default=False),
    ] = None,
) -> None:
    """Show posts as cards, with how each is known."""
    from ..store import Archive  # noqa: PLC0415  # start-up

    if json and face:
        raise typer.BadParameter("choose one of --json (rows, as of `list`) and --format")
    with Archive.open(db, clock=now, read_only=True) as archive:
        records = [find(archive, post) for post in posts]
        if json:
            print(as_json([as_row(record) for record in records]))
            return
        if face:
            from ..render import FACES  # noqa: PLC0415  # start-up

            between = "\n" if face in (Face.WIKITEXT, Face.JSON) else "\n\n"
            print(between.join(FACES[face](record) for record in records))
            return
        from ..render import make_card  # noqa: PLC0415  # start-up
        from ._card import draw  # noqa: PLC0415  # start-up

        out = console()
        for record in records:
            out.print(draw(make_card(record)))


def history(
    db: options.Database,
    post: Post,
    json: options.AsJson = False,
    nl: options.AsNl = False,
    csv: options.AsCsv = False,
    tsv: options.AsTsv = False,
    table: options.AsTable = False,
) -> None:
    """List every visit to a post, oldest first, with what it found changed: its timemap."""
    from ..backends import ARCHIVES  # noqa: PLC0415  # start-up
    from ..differences import differences  # noqa: PLC0415  # start-up
    from ..store import Archive  # noqa: PLC0415  # start-up

    form = options.chosen_format(
        json=json, nl=nl, csv=csv, tsv=tsv, table=table, is_terminal=sys.stdout.isatty()
    )
    with Archive.open(db, clock=now, read_only=True) as archive:
        record = find(archive, post)
        refused = archive.refused_of(record.target) if record.target else []
        files = archive.media_of(record.target) if record.target else []
    visits, copies = record.visits, [file for file in files if file.memento]
    if form is options.Format.TABLE:
        _draw_timeline(record, refused, copies)
        return
    captures = [snapshot.capture for snapshot in visits]
    rows: list[Row] = [
        {
            "captured_at": capture.captured_at.isoformat(),
            "backend": capture.backend,
            "outcome": capture.outcome.value,
            "changes": [one.kind.value for one in found],
            "http_status": capture.payload.status,
            "payload_digest": capture.payload.digest,
            "reason": capture.reason,
            "text": capture.embed.text if capture.embed else None,
            "differences": [asdict(one) for one in found],
        }
        for capture, found in zip(captures, differences(captures, archives=ARCHIVES), strict=True)
    ]
    others = (map(_refused_row, refused), map(_copy_row, copies), _takedown_rows(record))
    rows = list(merge(rows, *others, key=lambda row: str(row["captured_at"])))
    columns = ("captured_at", "backend", "outcome", "changes", "http_status", "reason", "text")
    show_rows(rows, form, columns=columns)


def _refused_row(answer: Refused) -> Row:
    """An answer that was not taken, in the columns of visits."""
    return {
        **_NO_VISIT,
        "captured_at": answer.received_at.isoformat(),
        "backend": answer.backend,
        "outcome": "refused",
        "http_status": answer.payload.status,
        "payload_digest": answer.payload.digest,
        "reason": answer.reason,
    }


def _copy_row(file: KeptMedia) -> Row:
    """A picture or film that came from a web archive, likewise."""
    return {
        **_NO_VISIT,
        "captured_at": file.fetched_at.isoformat(),
        "backend": "wayback",
        "outcome": "media",
        "payload_digest": f"sha256:{file.sha256}",
        "reason": f"{file.url} is {file.memento}",
    }


def _takedown_rows(record: PostRecord) -> list[Row]:
    """That it was taken down from this archive, if it was, likewise."""
    if record.forgotten_at is None:
        return []
    return [{**_NO_VISIT, "captured_at": record.forgotten_at.isoformat(), "outcome": "forgotten"}]


_NO_VISIT: Row = {
    "captured_at": None,
    "backend": None,
    "outcome": None,
    "changes": [],
    "http_status": None,
    "payload_digest": None,
    "reason": None,
    "text": None,
    "differences": [],
}
"""The columns of a visit, in their order."""


def _draw_timeline(record: PostRecord, refused: list[Refused], copies: list[KeptMedia]) -> None:
    from ..models import KeptMedia, Refused  # noqa: PLC0415  # start-up
    from ..render import make_visits  # noqa: PLC0415  # start-up
    from ..render.words import LEFT_OF_IT, TAKEN_DOWN, moment, source  # noqa: PLC0415  # start-up

    out, visits = console(), record.visits
    times = (snapshot.capture.captured_at for snapshot in visits)
    drawn: Iterator[tuple[datetime, Visit | Refused | KeptMedia | None]]
    drawn = zip(times, make_visits(visits), strict=True)
    amiss = ((answer.received_at, answer) for answer in refused)
    kept = ((file.fetched_at, file) for file in copies)
    taken = [(record.forgotten_at, None)] if record.forgotten_at else []
    for at, visit in merge(drawn, amiss, kept, taken, key=itemgetter(0)):
        if visit is None:
            out.print(clean(moment(at).words, "dim"))
            out.print(clean(f"  {TAKEN_DOWN.lower()}: {LEFT_OF_IT}", "red"))
        elif isinstance(visit, Refused):
            words = f"{moment(at).words} · {one_line(source(visit.backend).words)}"
            out.print(clean(words, "dim"))
            out.print(clean(f"  refused: {one_line(visit.reason)}", "yellow"))
        elif isinstance(visit, KeptMedia):
            _draw_copy(out, visit)
        else:
            _draw_visit(out, visit)
    if not visits and not refused:
        out.print("No service was ever asked for this post.")


def _draw_copy(out: Console, file: KeptMedia) -> None:
    from ..render.words import moment, source  # noqa: PLC0415  # start-up

    words = f"{moment(file.fetched_at).words} · {source('wayback').words}"
    out.print(clean(words, "dim"))
    out.print(clean(f"  its own host no longer had {one_line(file.url)}; kept is", "yellow"))
    out.print(clean(f"    {one_line(file.memento or '')}", "yellow"))


def _draw_visit(out: Console, visit: Visit) -> None:
    out.print(clean(f"{visit.at.words} · {one_line(visit.source)}", "dim"))
    quoted = f" “{visit.quoted}”" if visit.quoted else ""
    same = " (the same bytes as before)" if visit.is_revisit else ""
    style = "green" if visit.is_available else "red"
    out.print(clean(f"  {one_line(visit.outcome + quoted + same)}", style))
    for turn in visit.changes:
        out.print(clean(f"  {turn.word}", "bold"))
        for sign, words, colour in (("-", turn.before, "red"), ("+", turn.after, "green")):
            if words:
                out.print(clean(f"    {sign} {one_line(words)}", colour))
