"""The whole story: read, scan, resolve, capture, add. Documents → archive.

Three passes. The first needs no network: it reads and scans, and what it stores can be rendered
at once. The second asks which posts the references mean, the third asks for the posts. One thread
writes, a pool of threads asks; a finished post is stored before the next answer is taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import BinaryIO

from .budget import Budget
from .config import Settings
from .errors import OverBudget
from .intake import add_documents
from .judging import judge_reference
from .models import Reading, Resolution, StoredReference, Target
from .pool import batches
from .remembered import KEPT_FOR, Remembered
from .report import Progress, Report
from .resolve import LookUp, chosen, resolve
from .schedule import parse_plan
from .store import Archive
from .visiting import capture_posts, refresh_posts

_PLAIN = Reading()


def archive_sources(
    archive: Archive,
    sources: Iterable[str],
    *,
    settings: Settings,
    fetch: Budget | None,
    progress: Progress,
    stdin: BinaryIO | None = None,
    reading: Reading = _PLAIN,
) -> Report:
    """Archive articles and the posts they refer to; `fetch` None means offline.

    Once the budget is spent nothing more is begun, and what was had is still judged.

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
            archive.forget_lookups(run.started_at - KEPT_FOR)
            resolve_references(archive, report, fetch, settings, progress, run.started_at)
            capture_posts(archive, report, fetch, settings, progress, run.started_at)
        if report.captures:
            # A captured payload may tie a code to a post that another reference carries.
            resolve_references(archive, report, None, settings, progress, since=None)
        judge_references(archive, report)
        if fetch is None or not fetch.is_stopped:
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
    fetch: Budget | None,
    settings: Settings,
    progress: Progress,
    since: datetime | None,
) -> None:
    """Ask which posts the references mean that name none.

    `since` leaves out those of documents that were last seen before.
    """
    resolvers = chosen(settings.resolvers)
    asked = None if fetch is None else Remembered(fetch, archive)

    def look_up(stored: StoredReference) -> _LookedUp:
        return stored, resolve(stored.reference.claim, archive, asked, resolvers=resolvers)

    def ask(stored: StoredReference) -> _LookedUp | None:
        if fetch is None:
            return look_up(stored)
        with fetch.visit() as is_begun:
            return look_up(stored) if is_begun else None

    unresolved = archive.unresolved(since=since)
    workers = None if fetch is None else settings.concurrency
    with progress.stage("Looking up posts") as advance:
        for results in batches(ask, report.within(fetch, unresolved), workers):
            report.left += results.count(None)
            with archive.transaction():
                for stored, (findings, failures, refused) in filter(None, results):
                    _add_findings(archive, report, stored, findings)
                    archive.add_refused_lookups(stored.id, refused)
                    found = any(finding.target for finding in findings)
                    report.resolved += found
                    if any(isinstance(error, OverBudget) for error in failures):
                        report.left += not found
                    elif fetch is not None:
                        report.answered += not failures
                        report.unanswered += bool(failures) and not found
                        report.failed_to_ask(failures)
                    advance()


_LookedUp = tuple[StoredReference, LookUp]


def _add_findings(
    archive: Archive, report: Report, stored: StoredReference, findings: Sequence[Resolution]
) -> None:
    new = [finding for finding in findings if archive.add_resolution(stored.id, finding)]
    if not any(finding.target for finding in findings):
        # Where the post was found after all, what was refused on the way is no news.
        report.refusals += [(stored, finding) for finding in new if finding.refused]


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
