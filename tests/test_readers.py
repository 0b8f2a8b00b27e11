"""Every reader of the shelf over its cases: records, identity, spans; bad input is named."""

from __future__ import annotations

import bz2
import gzip
import io
from collections.abc import Callable
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.errors import InputError
from embedarchive.models import Document, Needs, Reader, Reading, Source
from embedarchive.readers import READERS
from embedarchive.readers.jsonl import READER as JSONL
from embedarchive.scan import scan
from tests.reading import RECORDS, Read, cases_of, read, written

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
def test_a_beginning_is_of_one_reader_at_most(
    reader: Reader, case: dict[str, Any], tmp_path: Path
) -> None:
    head = written(case, reader, tmp_path).read_bytes()[: 1 << 16]
    known = [other.name for other in READERS if other.begins and other.begins.match(head)]
    assert len(known) <= 1


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


@pytest.mark.parametrize(("reader", "case"), ALL)
def test_what_is_no_candidate_is_counted_and_not_yielded(
    reader: Reader, case: dict[str, Any], tmp_path: Path
) -> None:
    path = written(case, reader, tmp_path)
    whole = read(path, case)
    never = {"is_candidate": lambda raw: False, "json_candidate_rows": lambda raw, starts: []}
    denied = read(path, {**case, "reading": {**case.get("reading", {}), **never}})
    assert denied.documents == []
    # What is skipped may not even have been looked at: whether it is bad is not known then.
    count = len(whole.documents) + whole.skipped + len(whole.bad)
    assert denied.skipped + len(denied.bad) == count


@given(
    lines=st.lists(st.sampled_from([b'{"text": "plain"}', b'{"text": "tw"}', b"", b" \t", b"tw?"])),
    end=st.sampled_from([b"\n", b"\r\n"]),
    size=st.integers(1, 60),
)
def test_lines_are_told_apart_wherever_blocks_end(
    lines: list[bytes], end: bytes, size: int
) -> None:
    """With a prefilter that looks at blocks, the same lines come as with one that looks at each."""

    class Small(io.BytesIO):
        def readinto(self, buffer: Any) -> int:
            return super().readinto(memoryview(buffer)[:size])

    told = Read()
    reading = Reading(
        json_candidate_rows=lambda raw, starts: [
            row
            for row, (start, end) in enumerate(pairwise(starts))
            if b"tw" in bytes(raw[start:end])
        ],
        on_bad=told.bad.append,
        on_skipped=told.skip,
    )
    content = end.join(lines)
    source = Source("a", io.BufferedReader(cast(io.RawIOBase, Small(content))))
    found = [document.origin for document in JSONL.read(source, reading)]
    wanted = [row for row, line in enumerate(lines, 1) if line == b'{"text": "tw"}']
    assert [origin.row for origin in found if origin] == wanted
    assert all(content[o.offset :].startswith(b'{"text": "tw"}') for o in found if o)
    assert [error.row for error in told.bad if isinstance(error, InputError)] == [
        row for row, line in enumerate(lines, 1) if line == b"tw?"
    ]
    assert told.skipped == sum(b"plain" in line for line in lines)


@pytest.mark.parametrize("size", [7, 64])
@pytest.mark.parametrize(("reader", "case"), ALL)
def test_records_are_the_same_wherever_reads_end(
    reader: Reader, case: dict[str, Any], size: int, tmp_path: Path
) -> None:
    if reader.needs is not Needs.STREAM or "pages" in case or "error" in case:
        return
    path = written(case, reader, tmp_path)
    whole = read(path, case)

    class Small(io.BytesIO):
        def readinto(self, buffer: Any) -> int:
            return super().readinto(memoryview(buffer)[: size if self.tell() else 64])

    told = Read()
    options = {**case.get("reading", {}), "on_bad": told.bad.append, "on_skipped": told.skip}
    source = Source(str(path), io.BufferedReader(cast(io.RawIOBase, Small(path.read_bytes()))))
    assert list(reader.read(source, Reading(**options))) == whole.documents
    assert list(map(str, told.bad)) == list(map(str, whole.bad))
    assert told.skipped == whole.skipped
