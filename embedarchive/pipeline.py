"""The whole story: read, scan, resolve, capture, add. Documents → archive.

Three passes. The first needs no network: it reads and scans, and what it stores can be rendered
at once. The second asks which posts the references mean, the third asks for the posts. One thread
writes, a pool of threads asks; a finished post is stored before the next answer is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import BinaryIO

from .backends import ARCHIVES
from .budget import Budget
from .capture import CaptureResult, capture
from .config import Settings
from .errors import UpstreamError
from .intake import add_documents
from .models import Embed, Fetcher, Outcome, Reading, Resolution, StoredReference, Target
from .pool import batches
from .report import Progress, Report
from .resolve import chosen, judge_reference, resolve
from .schedule import Plan, Visited, due, parse_plan
from .store import Archive

_PLAIN = Reading()


def archive_sources(
    archive: Archive,
    sources: Iterable[str],
    *,
    settings: Settings,
    fetch: Fetcher | None,
    progress: Progress,
    stdin: BinaryIO | None = None,
    reading: Reading = _PLAIN,
) -> Report:
    """Archive articles and the posts they refer to; `fetch` None means offline.

    Raises ArchiveError where the database cannot be used; all else is in the report.
    """
    report = Report()
    with archive.run("archive") as run:
        add_documents(
            archive, sources, reading, report, fetch=fetch, progress=progress, stdin=stdin
        )
        if report.references:
            resolve_references(archive, report, None, settings, progress, since=None)
        if fetch is not None:
            resolve_references(archive, report, fetch, settings, progress, run.started_at)
            capture_posts(archive, report, fetch, settings, progress, run.started_at)
        if report.captures:
            # A captured payload may tie a code to a post that another reference carries.
            resolve_references(archive, report, None, settings, progress, since=None)
        judge_references(archive, report)
        run.finish({"exit_code": report.exit_code, "documents": report.documents})
    return report


def refresh(
    archive: Archive,
    *,
    settings: Settings,
    fetch: Budget,
    progress: Progress,
    now: datetime,
) -> Report:
    """Visit the posts again whose next visit is due; the plan is in the settings.

    Raises UsageError for a plan that cannot be read, ArchiveError where the database cannot be
    used; all else is in the report.
    """
    report = Report()
    plan = parse_plan(settings.refresh)
    with archive.run("refresh") as run:
        refresh_posts(archive, report, plan, fetch, settings, progress, now)
        if report.captures:
            resolve_references(archive, report, None, settings, progress, since=None)
        judge_references(archive, report, again=report.changed)
        if not fetch.is_stopped:
            run.finish({"exit_code": report.exit_code, "visited": sum(report.captures.values())})
    return report


def resolve_references(
    archive: Archive,
    report: Report,
    fetch: Fetcher | None,
    settings: Settings,
    progress: Progress,
    since: datetime | None,
) -> None:
    """Ask which posts the references mean that name none.

    `since` leaves out those of documents that were last seen before.
    """
    resolvers = chosen(settings.resolvers)

    def ask(
        stored: StoredReference,
    ) -> tuple[StoredReference, list[Resolution], list[UpstreamError]]:
        return stored, *resolve(stored.reference.claim, archive, fetch, resolvers=resolvers)

    unresolved = archive.unresolved(since=since)
    workers = None if fetch is None else settings.concurrency
    with progress.stage("Looking up posts") as advance:
        for results in batches(ask, unresolved, workers):
            with archive.transaction():
                for stored, findings, failures in results:
                    _add_findings(archive, report, stored, findings)
                    found = any(finding.target for finding in findings)
                    report.resolved += found
                    if fetch is not None:
                        report.answered += not failures
                        report.unanswered += bool(failures) and not found
                        report.failed_to_ask(failures)
                    advance()


def _add_findings(
    archive: Archive, report: Report, stored: StoredReference, findings: Sequence[Resolution]
) -> None:
    new = [finding for finding in findings if archive.add_resolution(stored.id, finding)]
    if not any(finding.target for finding in findings):
        # Where the post was found after all, what was refused on the way is no news.
        report.refusals += [(stored, finding) for finding in new if finding.refused]


def capture_posts(
    archive: Archive,
    report: Report,
    fetch: Fetcher,
    settings: Settings,
    progress: Progress,
    since: datetime,
) -> None:
    """Ask the backends for every post that is referred to and not held yet."""

    def ask(wanted: tuple[Target, str | None]) -> CaptureResult:
        return capture(*wanted, fetch=fetch, settings=settings)

    with progress.stage("Capturing posts") as advance:
        posts = archive.uncaptured("x", again=True, since=since)
        for results in batches(ask, posts, settings.concurrency):
            add_captures(archive, report, results)
            for _ in results:
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
    report.left = len(posts)

    def ask(task: tuple[Visited, Embed | None, frozenset[str]]) -> CaptureResult | None:
        post, last, stored = task
        if not fetch.begin():
            return None
        return capture(
            post.target, post.handle, fetch=fetch, settings=settings, last=last, stored=stored
        )

    def tasks() -> Iterator[tuple[Visited, Embed | None, frozenset[str]]]:
        for post in posts:
            if fetch.is_spent:
                return
            yield post, *archive.held(post.target)

    before = {post.target: post for post in posts}
    with progress.stage("Visiting posts", len(posts)) as advance:
        for results in batches(ask, tasks(), settings.concurrency):
            visits = list(filter(None, results))
            for result in visits:
                _note_changes(archive, report, before[result.target], result)
            add_captures(archive, report, visits)
            report.left -= len(visits)
            for _ in visits:
                advance()


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


def add_captures(archive: Archive, report: Report, results: Sequence[CaptureResult]) -> None:
    """Store posts' answers and media, all or none."""
    with archive.transaction():
        archive.add_captures([answer for result in results for answer in result.captures])
        for result in results:
            for media in result.media:
                archive.add_media(result.target, media)
    for result in results:
        if result.captures:
            report.captures[result.captures[-1].outcome] += 1
        report.media += len(result.media)
        report.media_failures += result.media_failures
        report.answered += bool(result.captures)
        report.unanswered += not result.captures
        report.failed_to_ask(result.failures)


def judge_references(archive: Archive, report: Report, *, again: Collection[Target] = ()) -> None:
    """Hold what articles claim of a post against what was captured of it.

    Of the posts in `again` also what was held against it before, and was not borne out.
    """
    for stored, snapshots in archive.unjudged(again=again):
        captures = [snapshot.capture for snapshot in snapshots]
        article = partial(archive.document_of, stored.id)
        judgement = judge_reference(stored.reference, captures, article)
        if judgement is not None and archive.add_resolution(stored.id, judgement):
            report.levels[judgement.level] += 1
