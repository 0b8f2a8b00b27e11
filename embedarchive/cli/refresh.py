"""`refresh`: visit the posts of an archive again, as often as posts of their age die."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from . import _options as options
from ._run import finishing, make_client, make_settings, now
from ._terminal import Bar, counted, tell
from .archive import LockWait, MaxDuration, MaxRequests, say_unreachable

if TYPE_CHECKING:
    from ..report import Report


def register(app: typer.Typer) -> None:
    app.command(epilog="Example: embedarchive refresh posts.db --max-requests 500")(refresh)


def refresh(
    db: options.Database,
    max_requests: MaxRequests = None,
    max_duration: MaxDuration = None,
    media: Annotated[
        bool | None, typer.Option("--media/--no-media", help="Store pictures and videos.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option("--concurrency", help="Requests under way at once.")
    ] = None,
    max_media_size: options.MaxMediaSize = None,
    lock_wait: LockWait = None,
    config: options.Config = None,
    quiet: options.Quiet = False,
    no_progress: options.NoProgress = False,
) -> None:
    """Visit again what is due: young posts often, old ones seldom, those that are gone yearly.

    The plan is the setting `refresh`. What changed is one more snapshot, what is gone a note;
    nothing is overwritten. Pictures that could not be had before are tried again. An interrupt
    lets the visits under way finish; a second one does not.
    """
    # Imported here to keep start-up fast.
    from ..budget import Budget  # noqa: PLC0415
    from ..pipeline import refresh as visit_again  # noqa: PLC0415
    from ..store import Archive  # noqa: PLC0415

    flags = {"media": media, "concurrency": concurrency, "max_media_bytes": max_media_size}
    settings = make_settings(config, flags)
    with (
        Archive.open(db, clock=now, create=False, lock_wait=lock_wait) as archive,
        make_client(config, flags, states=archive) as client,
    ):
        budget = Budget(client, max_requests=max_requests, max_duration=max_duration)
        progress = Bar(shown=not quiet and not no_progress)
        with finishing(budget.stop):
            report = visit_again(
                archive, settings=settings, fetch=budget, progress=progress, now=now()
            )
            _say(report, budget.requests, quiet=quiet)
    raise typer.Exit(report.exit_code)


def _say(report: Report, requests: int, *, quiet: bool) -> None:
    say_unreachable(report, quiet=quiet)
    for missing in report.media_failures:
        tell(f"{missing.url}: not stored: {missing.problem}", quiet=quiet)
    visited = sum(report.captures.values())
    words = (
        [f"{counted(visited, 'post')} visited with {counted(requests, 'request')}"]
        if visited
        else ["nothing visited"]
    )
    words += [f"{count} {outcome}" for outcome, count in sorted(report.captures.items())]
    facts = {
        "newly gone": report.lost,
        "returned": report.returned,
        "changed": len(report.changed),
        "not asked": report.unanswered,
        "left for the next run": report.left,
    }
    words += [f"{count} {what}" for what, count in facts.items() if count > 0]
    if report.media:
        words.append(counted(report.media, "media file"))
    tell(", ".join(words), quiet=quiet)
