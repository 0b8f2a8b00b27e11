"""Sources → documents with their references: the first pass, which needs no service.

A source or record that cannot be read goes into the report, and the others go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from .budget import Budget
from .documents import is_url, read_all, size_of
from .errors import InputError
from .finding import find
from .models import Document, Fetcher, Reading, Reference
from .report import Progress, Report
from .store import Archive
from .terms import SCANNER_VERSION

EXCERPT = f"{SCANNER_VERSION} excerpt"
"""Stands for the scanner of documents of which only the references are known."""
SUFFIX = ".parquet"
_AT_ONCE = 500


def add_documents(
    archive: Archive,
    sources: Iterable[str],
    reading: Reading,
    report: Report,
    *,
    fetch: Budget | None,
    progress: Progress,
    stdin: BinaryIO | None,
) -> None:
    """Read and scan each source until the budget is stopped; store what is new of it.

    A record in which there is no reference stays in its file; an article of its own is stored. Of
    a table of references each article is stored as an excerpt, unless the archive has it itself.
    """
    reading = replace(reading, every_article=True, on_bad=report.fail)
    tables: list[str] = []
    sources = _articles(sources, tables)
    for document in _read(sources, reading, report, fetch, progress, stdin):
        if archive.is_known(document, SCANNER_VERSION):
            report.unchanged += 1
        else:
            _add_found(archive, document, reading, report)
        if fetch is not None and fetch.is_stopped:
            return
    for table in tables:
        _add_table(archive, table, report)


def _articles(sources: Iterable[str], tables: list[str]) -> Iterable[str]:
    """The sources without the tables of references, which go into `tables`; lists stay lists."""
    is_list = isinstance(sources, Sequence)
    if is_list and not any(source.endswith(SUFFIX) for source in sources):
        return sources
    from .excerpts import told_apart  # noqa: PLC0415  # an extra, only where it is needed

    others = told_apart(sources, tables)
    return list(others) if is_list else others


def _add_table(archive: Archive, path: str, report: Report) -> None:
    from .excerpts import excerpts_in  # noqa: PLC0415  # as above

    excerpts = excerpts_in(Path(path))
    try:
        while batch := list(islice(excerpts, _AT_ONCE)):
            with archive.transaction():
                for document, references in batch:
                    report.documents += 1
                    known = archive.is_known(document, EXCERPT)
                    if known or archive.is_read_by_another(document.uri, EXCERPT):
                        report.unchanged += 1
                        continue
                    added = archive.add_document(document, references, EXCERPT)
                    report.references += len(added)
    except InputError as error:
        report.fail(error)


def _add_found(archive: Archive, document: Document, reading: Reading, report: Report) -> None:
    for found_in, references in find(document, reading):
        _add(archive, found_in, references, report, is_part=found_in is not document)


def _add(
    archive: Archive,
    document: Document,
    references: Sequence[Reference],
    report: Report,
    *,
    is_part: bool,
) -> None:
    if references or document.origin is None or archive.has_document(document.uri):
        added = archive.add_document(document, references, SCANNER_VERSION)
        report.references += len(added)
    elif not is_part:
        report.documents -= 1
        report.skipped += 1


def count_references(
    sources: Iterable[str],
    reading: Reading,
    *,
    fetch: Fetcher | None,
    progress: Progress,
    stdin: BinaryIO | None = None,
) -> Report:
    """Read and scan each source, and store nothing."""
    report = Report()
    reading = replace(reading, on_bad=report.fail)
    for document in _read(sources, reading, report, fetch, progress, stdin):
        report.references += sum(len(found) for _, found in find(document, reading))
    return report


def _read(
    sources: Iterable[str],
    reading: Reading,
    report: Report,
    fetch: Fetcher | None,
    progress: Progress,
    stdin: BinaryIO | None,
) -> Iterator[Document]:
    """The documents of all sources; the report is told what is left out, the progress how far."""
    known = sources if isinstance(sources, Sequence) else ()
    with progress.reading("Reading articles", partial(size_of, known, reading)) as on_bytes:
        reading = replace(reading, on_bad=report.fail, on_skipped=report.skip, on_bytes=on_bytes)
        for document in read_all(sources, reading, fetch=fetch, stdin=stdin):
            report.documents += 1
            report.answered += is_url(document.uri)
            yield document
