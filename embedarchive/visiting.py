"""Posts → visits to them, stored: those that were never seen, and those that are due again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from .backends import ARCHIVES
from .budget import Budget
from .capture import CaptureResult, Wanted, at_once, capture_many
from .config import Settings
from .models import Embed, Outcome
from .pool import batches
from .report import Progress, Report
from .schedule import Plan, Visited, due
from .store import Archive
from .store.context import named
from .store.written import WrittenCapture, written


class Visit(NamedTuple):
    """What a visit to a post brought, and its captures as they are written down."""

    result: CaptureResult
    written: list[WrittenCapture]


def capture_posts(
    archive: Archive,
    report: Report,
    fetch: Budget,
    settings: Settings,
    progress: Progress,
    since: datetime,
) -> None:
    """Ask the backends for every post that is referred to and not held, or not whole, yet."""

    def wanted() -> Iterator[Wanted]:
        posts = archive.uncaptured("x", again=True, since=since)
        for target, handle, is_held in report.within(fetch, posts):
            if not is_held:
                yield Wanted(target, handle)
                continue
            last, stored = archive.held(target)
            lacking = archive.unfinished_of(target) if settings.media else ()
            yield Wanted(target, handle, last, stored, lacking)

    with progress.stage("Capturing posts") as advance:
        for visits in visited(wanted(), report, fetch, settings):
            add_captures(archive, report, visits)
            capture_context(archive, report, fetch, settings, visits)
            for _ in visits:
                advance()


def refresh_posts(
    archive: Archive,
    report: Report,
    plan: Plan,
    fetch: Budget,
    settings: Settings,
    progress: Progress,
    now: datetime,
) -> None:
    """Visit what is due, the most urgent first, as far as the budget goes."""
    posts = due(plan, archive.visited("x", archives=ARCHIVES), now)

    def wanted() -> Iterator[Wanted]:
        for post in report.within(fetch, posts):
            yield Wanted(post.target, post.handle, *archive.held(post.target))

    before = {post.target: post for post in posts}
    with progress.stage("Visiting posts", len(posts)) as advance:
        for visits in visited(wanted(), report, fetch, settings):
            for result, _ in visits:
                _note_changes(archive, report, before[result.target], result)
            add_captures(archive, report, visits)
            capture_context(archive, report, fetch, settings, visits)
            for _ in visits:
                advance()


def capture_context(
    archive: Archive,
    report: Report,
    fetch: Budget,
    settings: Settings,
    visits: Sequence[Visit],
) -> None:
    """Capture what the posts quote and answer, and that in turn, as many steps as are wished.

    What was visited before is not visited again, so that a circle ends.
    """
    for _ in range(settings.thread_depth):
        embeds = [one.embed for result, _ in visits for one in result.captures if one.embed]
        wanted = dict.fromkeys(target for embed in embeds for target in named(embed))
        unknown = (Wanted(target, None) for target in wanted if not archive.is_visited(target))
        if not wanted:
            return
        visits = []
        for further in visited(report.within(fetch, unknown), report, fetch, settings):
            add_captures(archive, report, further)
            visits += further


def visited(
    wanted: Iterator[Wanted], report: Report, fetch: Budget, settings: Settings
) -> Iterator[list[Visit]]:
    """Visit posts, several threads at once; what comes of it in batches.

    Where the first backend answers for many posts at once, those are one visit to the budget.
    """

    def ask(posts: list[Wanted]) -> tuple[int, list[Visit]]:
        with fetch.visit() as is_begun:
            if not is_begun:
                return len(posts), []
            results = capture_many(posts, fetch=fetch, settings=settings)
        return 0, [Visit(one, list(map(written, one.captures))) for one in results]

    size = at_once(settings)
    groups = iter(lambda: list(islice(wanted, size)), [])
    for batch in batches(ask, groups, settings.concurrency):
        report.left += sum(left for left, _ in batch)
        yield [visit for _, visits in batch for visit in visits]


def _note_changes(
    archive: Archive,
    report: Report,
    post: Visited,
    result: CaptureResult,
) -> None:
    """Count what became of a post since the last visit; asked before the new one is stored."""
    was_gone = post.outcome is not None and post.outcome.is_proven_gone
    for answer in result.captures:
        if answer.backend in ARCHIVES:
            continue
        report.lost += answer.outcome.is_proven_gone and not was_gone
        report.returned += answer.outcome is Outcome.AVAILABLE and was_gone
        if answer.embed is not None:
            last, _ = archive.held(post.target)
            if last is None or _words(last) != _words(answer.embed):
                report.changed.add(post.target)


def _words(embed: Embed) -> tuple[str, str, str]:
    return embed.author.handle, embed.author.name, embed.text


def add_captures(archive: Archive, report: Report, visits: Sequence[Visit]) -> None:
    """Store posts' answers and media, all or none."""
    results = [visit.result for visit in visits]
    with archive.transaction():
        archive.add_written([capture for visit in visits for capture in visit.written])
        archive.add_refused([answer for result in results for answer in result.refused])
        for result in results:
            for media in result.media:
                archive.add_media(result.target, media)
        archive.set_unfinished({result.target: result.unfinished for result in results})
    for result in results:
        if result.captures:
            report.captures[result.captures[-1].outcome] += 1
        report.media += len(result.media)
        report.media_failures += result.media_failures
        report.answered += bool(result.captures)
        is_failed = result.is_asked and not result.is_cut and not result.captures
        report.unanswered += is_failed
        report.left += result.is_cut
        report.failed_to_ask(result.failures)
