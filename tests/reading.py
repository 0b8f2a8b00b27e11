"""Reads the cases of the shelf `readers/` as the pipeline would, and keeps what it is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from embedarchive.documents import read_documents
from embedarchive.errors import InputError, UpstreamError
from embedarchive.models import Document, Reader, Reading, Response
from embedarchive.readers import READERS

CASES = Path(__file__).parent / "cases" / "readers"
WHOLE = {"html", "markdown", "text"}
"""Readers of files that are one article: they have no records."""
BINARY = {"parquet", "warc", "wacz"}
"""Readers of files that no text editor shows: `test_crawls` makes theirs."""
RECORDS = [reader for reader in READERS if reader.name not in WHOLE | BINARY]


@dataclass
class Read:
    """What reading a source came to."""

    documents: list[Document] = field(default_factory=list)
    bad: list[InputError | UpstreamError] = field(default_factory=list)
    skipped: int = 0
    error: InputError | None = None

    def skip(self, number: int) -> None:
        self.skipped += number


class Pages:
    """A Fetcher with a few pages; all else is not found."""

    def __init__(self, pages: Mapping[str, str]) -> None:
        self._pages = pages

    def get(self, url: str, **_: Any) -> Response:
        status, body = (200, self._pages[url]) if url in self._pages else (404, "")
        return Response(url, status, {}, body.encode(), datetime(2024, 1, 1, tzinfo=UTC))


def read(path: Path, case: Mapping[str, Any]) -> Read:
    """Read a file with the options and the pages of a case."""
    result = Read()
    options = case.get("reading", {})
    reading = Reading(on_bad=result.bad.append, on_skipped=result.skip, **options)
    fetch = Pages(case["pages"]) if "pages" in case else None
    try:
        result.documents.extend(read_documents(str(path), reading, fetch=fetch))
    except InputError as error:
        result.error = error
    return result


def cases_of(reader: Reader) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load(
        (CASES / f"{reader.name}.yaml").read_text(encoding="utf-8")
    )
    return loaded


def written(case: Mapping[str, Any], reader: Reader, folder: Path) -> Path:
    """The case's source as a file that is called as such files are."""
    path = folder / case.get("file", f"a{min(reader.suffixes, default='.xml')}")
    if "script" in case:
        with closing(sqlite3.connect(path)) as database:
            database.executescript(case["script"])
            database.commit()
    elif "hex" in case:
        path.write_bytes(bytes.fromhex(case["hex"]))
    else:
        path.write_bytes(case["source"].encode())
    return path
