"""`scan`: find references in articles; no database."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InputError, UpstreamError
from ..terms import Kind
from . import _bulk as bulk
from . import _options as options
from . import _sources as sources
from ._rows import Row, limited, show_rows
from ._terminal import Bar, clean, complain, console, one_line, tell

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from ..models import Document, Fetcher, Reading, Reference

TABLE = ("form", "kind", "network", "handle", "date", "confidence", "text")
DATA = (
    "uri", "start", "end", "raw", "form", "kind", "network", "post_id", "handle", "name", "date",
    "text", "text_start", "text_end", "codes", "url", "confidence", "alternatives",
    "row", "offset", "document_url", "published_at",
)  # fmt: skip
_COLOURS = {Kind.EMBED: "black on green", Kind.UNRESOLVED: "black on yellow"}


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive scan article.txt --highlight")(scan)


def scan(
    context: typer.Context,
    paths: sources.Paths = None,
    input_file: sources.Lists = None,
    format: sources.Format = None,
    field: sources.Field = None,
    sql: sources.Sql = None,
    article_text: sources.ArticleText = False,
    check_digests: sources.CheckDigests = False,
    to_parquet: bulk.ToParquet = None,
    jobs: bulk.Jobs = 1,
    engine: bulk.Engine = None,
    address: bulk.Address = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Fetch nothing: URLs are told and left out.")
    ] = False,
    json: options.AsJson = False,
    nl: options.AsNl = False,
    csv: options.AsCsv = False,
    tsv: options.AsTsv = False,
    table: options.AsTable = False,
    column: options.Columns = None,
    no_headers: options.NoHeaders = False,
    raw_csv: options.RawCsv = False,
    kind: Annotated[
        list[Kind] | None, typer.Option("--kind", help="Only references of this kind; repeatable.")
    ] = None,
    min_confidence: Annotated[
        float, typer.Option("--min-confidence", min=0, max=1, help="Leave out less certain ones.")
    ] = 0.0,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how each reference was read, and what else.")
    ] = False,
    highlight: Annotated[
        bool, typer.Option("--highlight", help="Show the article with the references coloured.")
    ] = False,
    quiet: options.Quiet = False,
    no_progress: options.NoProgress = False,
    config: options.Config = None,
) -> None:
    """Find every reference to a post in articles, without storing anything.

    Prints a table on a terminal and JSON into a pipe. `start` and `end` count characters of the
    decoded text. Ends with 3 where an article could not be read; the others are still scanned.

    `--to-parquet` skips what an earlier run has done already; `--jobs` and `--engine` share the
    files among many processes.
    """
    form = options.chosen_format(
        json=json, nl=nl, csv=csv, tsv=tsv, table=table, is_terminal=sys.stdout.isatty()
    )
    if jobs > 1 and engine in (None, "local"):
        from ..processes import prepare  # noqa: PLC0415  # start-up

        prepare()

    named = sources.sources_of(paths, input_file)
    manner = sources.manner_of(context)
    reading = sources.reading_of(manner)
    fetch = None if offline else sources.LazyClient(config)
    # Where the results scroll over the terminal, a bar would only be in their way.
    bar = Bar(shown=not (quiet or no_progress or sys.stdout.isatty()))
    many = bulk.Many(
        manner, kind, min_confidence, jobs=jobs, engine=engine, address=address, fetch=fetch
    )
    if to_parquet is not None:
        if highlight or explain or json or nl or csv or tsv or table or column:
            raise typer.BadParameter("with --to-parquet nothing is printed: choose one")
        raise typer.Exit(many.to_parquet(named, to_parquet, bar, quiet=quiet))
    failed: Counter[type] = Counter()
    chosen = (
        (document, [r for r in references if _is_wanted(r, kind, min_confidence)])
        for document, references in _scanned(named, reading, fetch, bar, failed)
    )
    if (highlight or explain) and many.is_shared:
        raise typer.BadParameter("--highlight and --explain are for one process")
    if highlight:
        for document, references in chosen:
            _show_highlighted(document, references)
    elif explain:
        for document, references in chosen:
            _explain(document, references)
    else:
        if many.is_shared:
            rows: Iterable[Row] = many.rows(named, bar, failed, DATA)
        else:
            rows = (as_row(d, r) for d, references in chosen for r in references)
        columns = column or (TABLE if form is options.Format.TABLE else DATA)
        show_rows(
            limited(rows, column), form, columns=columns, headers=not no_headers, raw_csv=raw_csv
        )
    if failed:
        tell(f"{failed.total()} of the articles could not be read", quiet=quiet)
        raise typer.Exit(InputError.exit_code)


def _scanned(
    named: Iterable[str],
    reading: Reading,
    fetch: Fetcher | None,
    bar: Bar,
    failed: Counter[type],
) -> Iterator[tuple[Document, list[Reference]]]:
    # Imported here to keep start-up fast.
    from ..documents import read_all, size_of  # noqa: PLC0415
    from ..finding import find  # noqa: PLC0415
    from ..sifting import sifted  # noqa: PLC0415

    def fail(error: InputError | UpstreamError) -> None:
        failed[type(error)] += 1
        complain(str(error))

    known = named if isinstance(named, Sequence) else ()
    with bar.reading("Scanning", lambda: size_of(known, reading)) as on_bytes:
        reading = replace(sifted(reading), on_bad=fail, on_bytes=on_bytes)
        for document in read_all(named, reading, fetch=fetch, stdin=sys.stdin.buffer):
            yield from find(document, reading)


def _is_wanted(reference: Reference, kinds: list[Kind] | None, min_confidence: float) -> bool:
    return (not kinds or reference.kind in kinds) and reference.claim.confidence >= min_confidence


def as_row(document: Document, reference: Reference) -> Row:
    """One reference as documented data; keys may be added, never renamed."""
    from ..codec import storable  # noqa: PLC0415  # start-up

    claim = reference.claim
    origin = document.origin
    return {
        "uri": storable(document.uri),
        "start": reference.start,
        "end": reference.end,
        "raw": reference.raw,
        "form": reference.form,
        "kind": reference.kind.value,
        "network": claim.network,
        "post_id": claim.post_id,
        "handle": claim.handle,
        "name": claim.name,
        "date": claim.date.isoformat() if claim.date else None,
        "text": claim.text,
        "text_start": claim.text_span.start if claim.text_span else None,
        "text_end": claim.text_span.end if claim.text_span else None,
        "codes": list(claim.codes),
        "url": reference.url,
        "confidence": round(claim.confidence, 3),
        "alternatives": [
            {"start": a.start, "end": a.end, "text": a.text, "confidence": round(a.confidence, 3)}
            for a in claim.alternatives
        ],
        "row": origin.row if origin else None,
        "offset": origin.offset if origin else None,
        "document_url": origin.url if origin else None,
        "published_at": document.published_at.isoformat() if document.published_at else None,
    }


def _show_highlighted(document: Document, references: list[Reference]) -> None:
    out = console()
    out.print(clean(document.uri, "bold underline"))
    at = 0
    pieces: list[Text] = []
    for reference in references:
        pieces.append(clean(document.text[at : max(at, reference.start)]))
        style = _COLOURS.get(reference.kind, "black on cyan")
        pieces.append(clean(document.text[max(at, reference.start) : reference.end], style))
        at = max(at, reference.end)
    pieces.append(clean(document.text[at:]))
    for piece in pieces:
        out.print(piece, end="", soft_wrap=True)
    out.print()


def _explain(document: Document, references: list[Reference]) -> None:
    out = console()
    for reference in references:
        claim = reference.claim
        who = " ".join(filter(None, (claim.name, claim.handle and f"@{claim.handle}")))
        said = {"by": who, "on": claim.date, "id": claim.post_id}
        known = ", ".join(f"{word} {value}" for word, value in said.items() if value)
        out.print(clean(f"{document.uri}:{reference.start}-{reference.end}", "bold"))
        out.print(clean(f"  {reference.kind} of {claim.network}, read as {reference.form}"))
        out.print(clean(f"  {one_line(known) or 'which post is not said'}"))
        if claim.codes:
            out.print(clean(f"  codes {' '.join(claim.codes)}"))
        if claim.flags:
            out.print(clean(f"  signs {', '.join(claim.flags)}"))
        if claim.text is not None:
            _hang(out, f"  {claim.confidence:.2f}  ", claim.text, "green")
        for other in claim.alternatives:
            _hang(out, f"  {other.confidence:.2f}  ", other.text, "dim")


def _hang(out: Console, label: str, words: str, style: str) -> None:
    """Words behind a label, their further lines below the first."""
    for line in clean(one_line(words), style).wrap(out, out.width - len(label)):
        line.rstrip()
        out.print(clean(label, style).append_text(line), soft_wrap=True)
        label = " " * len(label)
