"""Every reader of the shelf over its cases: records, identity, spans; bad input is named."""

from __future__ import annotations

import bz2
import gzip
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from embedarchive.documents import read_documents
from embedarchive.errors import InputError, UpstreamError
from embedarchive.models import Document, Reader, Reading, Response
from embedarchive.readers import READERS
from embedarchive.scan import scan

CASES = Path(__file__).parent / "cases" / "readers"
WHOLE = {"html", "markdown", "text"}
"""Readers of files that are one article: they have no records."""


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


def written(case: dict[str, Any], reader: Reader, folder: Path) -> Path:
    """The case's source as a file that is called as such files are."""
    path = folder / case.get("file", f"a{min(reader.suffixes, default='.xml')}")
    if "script" in case:
        with sqlite3.connect(path) as database:
            database.executescript(case["script"])
        database.close()
    elif "hex" in case:
        path.write_bytes(bytes.fromhex(case["hex"]))
    else:
        path.write_bytes(case["source"].encode())
    return path


BINARY = {"parquet", "warc", "wacz"}
"""Readers of files that no text editor shows: `test_crawls` makes theirs."""
RECORDS = [reader for reader in READERS if reader.name not in WHOLE | BINARY]
ALL = [
    pytest.param(reader, case, id=f"{reader.name}-{case['name']}")
    for reader in RECORDS
    for case in cases_of(reader)
]


def test_no_two_readers_are_for_the_same() -> None:
    for of in (lambda r: r.suffixes, lambda r: r.media_types, lambda r: {r.name}):
        names = [name for reader in READERS for name in of(reader)]
        assert len(names) == len(set(names))
        assert all(name == name.lower() for name in names)


@pytest.mark.parametrize(("reader", "case"), ALL)
def test_cases(reader: Reader, case: dict[str, Any], tmp_path: Path) -> None:
    path = written(case, reader, tmp_path)
    content = path.read_bytes()
    result = read(path, case)
    assert [_told(path, document) for document in result.documents] == [
        _expected(document) for document in case.get("documents", [])
    ]
    assert result.skipped == case.get("skipped", 0)
    assert len(result.bad) == len(case.get("bad", [])), result.bad
    for error, words in zip(result.bad, case.get("bad", []), strict=True):
        assert str(error).startswith((f"{path}: ", "https://"))
        assert words in str(error)
    assert case.get("error", "") in str(result.error)
    assert (result.error is None) == ("error" not in case)
    for document, expected in zip(result.documents, case.get("documents", []), strict=True):
        if "at" in expected:
            assert document.origin is not None
            assert document.origin.offset is not None
            assert content[document.origin.offset :].startswith(expected["at"].encode())


def _told(path: Path, document: Document) -> dict[str, Any]:
    published = document.published_at.isoformat() if document.published_at else None
    if document.origin is None:
        return {"uri": document.uri, "text": document.text, "published": published}
    file, _, key = document.uri.removeprefix(str(path)).partition("#")
    origin = document.origin
    assert (file, origin and origin.file) == ("", str(path))
    assert origin is not None
    return {
        "key": key,
        "text": document.text,
        "media_type": document.media_type,
        "row": origin.row,
        "url": origin.url,
        "published": published,
    }


def _expected(document: dict[str, Any]) -> dict[str, Any]:
    if "uri" in document:
        return {"published": None, **document}
    blank = {"media_type": "text/plain", "url": None, "published": None, "row": None}
    return blank | {name: value for name, value in document.items() if name != "at"}


@pytest.mark.parametrize(("reader", "case"), ALL)
def test_documents_are_whole(reader: Reader, case: dict[str, Any], tmp_path: Path) -> None:
    """The text is the content decoded, the digest is its own, and no two have one name."""
    result = read(written(case, reader, tmp_path), case)
    for document in result.documents:
        assert document.content.decode(document.encoding) == document.text
        assert document.digest == f"sha256:{sha256(document.content).hexdigest()}"
        for reference in scan(document):
            assert document.text[reference.start : reference.end] == reference.raw
    names = [document.uri for document in result.documents]
    assert len(names) == len(set(names))
    for key, ids in case.get("references", {}).items():
        (document,) = (d for d in result.documents if d.uri.endswith(f"#{key}"))
        assert [reference.claim.post_id for reference in scan(document)] == ids


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress], ids=["gz", "bz2"])
@pytest.mark.parametrize(("reader", "case"), ALL)
def test_packed_they_are_the_same(
    reader: Reader, case: dict[str, Any], pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = written(case, reader, tmp_path)
    packed = path.with_name(f"{path.name}.{'gz' if pack is gzip.compress else 'bz2'}")
    packed.write_bytes(pack(path.read_bytes()))
    one, other = (read(it, case) for it in (path, packed))
    assert [d.text for d in other.documents] == [d.text for d in one.documents]
    assert [d.uri for d in other.documents] == [
        d.uri.replace(str(path), str(packed)) for d in one.documents
    ]
    assert len(other.bad) == len(one.bad)
    assert (other.error is None) == (one.error is None)
