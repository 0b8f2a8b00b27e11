"""`archive`: the main job, from articles to snapshots."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from . import _options as options
from . import _sources as sources
from ._run import finishing, make_client, make_settings, now
from ._terminal import Bar, complain, counted, tell

if TYPE_CHECKING:
    from ..report import Report

MaxRequests = Annotated[
    int | None,
    typer.Option(min=1, help="Make so many requests at most; the next run goes on."),
]
MaxDuration = Annotated[
    float | None, typer.Option(min=0, help="Ask for no further post after so many seconds.")
]
LockWait = Annotated[
    float | None,
    typer.Option("--lock-wait", min=0, help="Seconds to wait for another run; at once else."),
]


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive archive posts.db articles/ --offline")(archive)


def archive(
    context: typer.Context,
    db: options.Database,
    paths: sources.Paths = None,
    input_file: sources.Lists = None,
    format: sources.Format = None,
    field: sources.Field = None,
    sql: sources.Sql = None,
    article_text: sources.ArticleText = False,
    check_digests: sources.CheckDigests = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no service: keep what the articles say.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("-n", "--dry-run", help="Read and scan, but store nothing.")
    ] = False,
    media: Annotated[
        bool | None, typer.Option("--media/--no-media", help="Store pictures and videos.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option("--concurrency", help="Requests under way at once.")
    ] = None,
    max_requests: MaxRequests = None,
    max_duration: MaxDuration = None,
    max_media_size: options.MaxMediaSize = None,
    lock_wait: LockWait = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    no_progress: options.NoProgress = False,
) -> None:
    """Find the posts that articles embed, learn which they are, and keep snapshots of them.

    What cannot be asked now is kept as the article says it, and asked again by the next run over
    the same articles. Ends with 3 where some article or post failed, 4 where no service answered.
    An interrupt lets what is under way finish; a second one does not.
    """
    # Imported here to keep start-up fast.
    from ..budget import Budget  # noqa: PLC0415
    from ..intake import count_references  # noqa: PLC0415
    from ..pipeline import archive_sources  # noqa: PLC0415
    from ..sifting import sifted  # noqa: PLC0415
    from ..store import Archive  # noqa: PLC0415

    flags = {"media": media, "concurrency": concurrency, "max_media_bytes": max_media_size}
    settings = make_settings(config, flags)
    named = sources.sources_of(paths, input_file)
    reading = sifted(sources.reading_of(sources.manner_of(context)))
    stdin = sys.stdin.buffer
    progress = Bar(shown=not quiet and not no_progress)
    if dry_run:
        reader = None if offline else sources.LazyClient(config, flags)
        report = count_references(named, reading, fetch=reader, progress=progress, stdin=stdin)
        _say(report, quiet=quiet, dry_run=True)
        raise typer.Exit(report.exit_code)
    with (
        Archive.open(db, clock=now, lock_wait=lock_wait) as opened,
        nullcontext() if offline else make_client(config, flags, states=opened) as client,
    ):
        budget = (
            Budget(client, max_requests=max_requests, max_duration=max_duration) if client else None
        )
        with finishing(budget.stop) if budget else nullcontext():
            report = archive_sources(
                opened, named, settings=settings, fetch=budget, progress=progress,
                stdin=stdin, reading=reading,
            )  # fmt: skip
            _say(report, quiet=quiet, dry_run=False)
    raise typer.Exit(report.exit_code)


def say_unreachable(report: Report, *, quiet: bool) -> None:
    """Who could not be asked; silent with `quiet` where the run has all that it wanted anyway.

    A cron job that mails what is on stderr must not mail of a service that another stood in for.
    """
    if quiet and report.exit_code == 0:
        return
    for host, reason in sorted(report.unreachable.items()):
        complain(f"{host} could not be asked: {reason}")


def _say(report: Report, *, quiet: bool, dry_run: bool) -> None:
    for failure in report.failures:
        complain(str(failure))
    if report.untold:
        complain(f"{report.untold} more inputs or records could not be read")
    say_unreachable(report, quiet=quiet)
    for missing in report.media_failures:
        tell(f"{missing.url}: not stored: {missing.problem}", quiet=quiet)
    for stored, refusal in report.refusals:
        who = stored.reference.claim.handle or "?"
        tell(f"{stored.uri}: @{who}: not taken: {refusal.refused}", quiet=quiet)
    words = [
        f"{counted(report.documents, 'article')} ({report.unchanged} unchanged)",
        counted(report.references, "reference") + ("" if dry_run else " found"),
    ]
    if report.skipped:
        words.insert(1, f"{counted(report.skipped, 'record')} without any")
    if report.resolved:
        words.append(f"{report.resolved} identified")
    words += [f"{count} {outcome}" for outcome, count in sorted(report.captures.items())]
    words += [f"{count} {level}" for level, count in sorted(report.levels.items())]
    if report.media:
        words.append(counted(report.media, "media file"))
    if report.unanswered:
        words.append(f"{report.unanswered} not asked, kept as stubs")
    if report.left:
        words.append(f"{report.left} left for the next run")
    tell(("Dry run, nothing stored: " if dry_run else "") + ", ".join(words), quiet=quiet)
