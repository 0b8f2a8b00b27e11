"""Parquet, WARC and WACZ: records, identity, candidates; what is broken is named and left out."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import itertools
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive.errors import InputError
from embedarchive.readers._arrow import layout
from embedarchive.readers._records import MAX_RECORD
from embedarchive.scan import scan
from tests.command import run
from tests.making_crawls import PAGE, POST, record
from tests.test_readers import Read
from tests.test_readers import read as read_case

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("fastwarc")


def read(path: Path, **options: Any) -> Read:
    return read_case(path, {"reading": options})


def table(path: Path, rows: Sequence[dict[str, Any]], schema: Any = None, **options: Any) -> Path:
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), path, **options)
    return path


ROWS = [
    {"url": "https://news.example/1", "date": "2024-03-05", "text": f"See {POST} there."},
    {"url": None, "date": None, "text": "Nothing here."},
    {"url": "no url", "date": "no date", "text": f"<p>Again <a href='{POST}'>here</a></p>"},
    {"url": None, "date": None, "text": None},
    {"url": None, "date": None, "text": ""},
]


def _wanted(raw: memoryview, offsets: Sequence[int]) -> list[int]:
    return [
        row
        for row, (start, end) in enumerate(itertools.pairwise(offsets))
        if b"status" in bytes(raw[start:end])
    ]


@pytest.mark.parametrize(
    "kind",
    ["string", "large_string", "binary", "large_binary", "string_view", "dictionary"],
)
@pytest.mark.parametrize("group", [1, 2, 100])
def test_a_column_of_any_kind(kind: str, group: int, tmp_path: Path) -> None:
    types = {"dictionary": pa.dictionary(pa.int32(), pa.string())}
    column = types.get(kind) or getattr(pa, kind)()
    schema = pa.schema([("url", pa.string()), ("date", pa.string()), ("text", column)])
    rows = [dict(row) for row in ROWS]
    if "binary" in kind:
        rows = [row | {"text": row["text"].encode() if row["text"] else None} for row in rows]
    path = table(tmp_path / "a.parquet", rows, schema, row_group_size=group)
    result = read(path, candidate_rows=_wanted)
    assert not result.bad
    assert result.error is None
    first, second = result.documents
    assert (first.uri, first.text) == (f"{path}#1", ROWS[0]["text"])
    assert (second.uri, second.media_type) == (f"{path}#3", "text/html")
    assert first.origin is not None
    assert (first.origin.row, first.origin.url) == (1, "https://news.example/1")
    assert first.published_at is not None
    assert second.origin is not None
    assert second.origin.url is None
    assert result.skipped == 3


def test_every_row_without_a_prefilter(tmp_path: Path) -> None:
    result = read(table(tmp_path / "a.parquet", ROWS))
    assert [document.uri.partition("#")[2] for document in result.documents] == ["1", "2", "3"]
    assert result.skipped == 2


def test_a_column_inside_a_structure(tmp_path: Path) -> None:
    rows = [{"id": n, "article": {"head": "x", "words": f"{n} {POST}"}} for n in range(3)]
    result = read(table(tmp_path / "a.parquet", rows), field="article.words")
    assert [document.text for document in result.documents] == [f"{n} {POST}" for n in range(3)]


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        ([{"head": "x"}], {}, "no column that articles are known to be in"),
        (ROWS, {"field": "nothing"}, "no column 'nothing'"),
        ([{"text": 3}], {}, "holds no text"),
    ],
)
def test_a_parquet_without_the_column(
    rows: list[dict[str, Any]], options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    result = read(table(tmp_path / "a.parquet", rows), **options)
    assert words in str(result.error)
    assert "--field" in str(result.error)


def test_a_damaged_row_group_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    rows = [{"text": f"{n} {POST} " + "word " * 50} for n in range(40)]
    path = table(
        tmp_path / "a.parquet", rows, row_group_size=10, compression="zstd", use_dictionary=False
    )
    at = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    content = bytearray(path.read_bytes())
    content[at : at + 20] = b"\xff" * 20
    path.write_bytes(content)
    result = read(path)
    assert len(result.documents) == 30
    (bad,) = result.bad
    assert f"{path}: row 11: row group 1 cannot be read" in str(bad)


@pytest.mark.parametrize("content", [b"PAR1 and no more", b"", b"PAR1PAR1", b"x" * 100])
def test_no_parquet(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    assert "no Parquet" in str(read(path).error)


def test_a_row_that_is_no_article(tmp_path: Path) -> None:
    rows = [{"text": POST + "x" * MAX_RECORD}, {"text": POST}]
    result = read(table(tmp_path / "a.parquet", rows))
    assert [document.text for document in result.documents] == [POST]
    assert "row 1: " in str(result.bad[0])


def test_a_slice_that_shares_its_columns_buffer() -> None:
    texts = pa.array(["one", "two", None, "four"]).slice(1)
    offsets, raw = layout(texts)
    assert bytes(raw) == b"twofour"
    assert list(offsets) == [0, 3, 3, 7]


def whole(*records: bytes) -> bytes:
    return b"".join(records)


def members(*records: bytes) -> bytes:
    return b"".join(map(gzip.compress, records))


def frames(*records: bytes) -> bytes:
    zstd = pytest.importorskip("backports.zstd")
    return b"".join(map(zstd.compress, records))


PACKINGS: list[tuple[str, Callable[..., bytes]]] = [
    ("a.warc", whole), ("a.warc.gz", members), ("a.warc.zst", frames),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pack"), PACKINGS)
def test_pages_and_texts(name: str, pack: Callable[..., bytes], tmp_path: Path) -> None:
    records = [
        record(b"software: x\r\n", kind="warcinfo", http=None, content_type="application/warc"),
        record(b"GET / HTTP/1.1\r\n", kind="request"),
        record(url="https://news.example/page"),
        record(b"\x89PNG", http="HTTP/1.1 200 OK\r\nContent-Type: image/png"),
        record(PAGE, http="HTTP/1.1 404 Not Found\r\nContent-Type: text/html"),
        record(f"As text: {POST}".encode(), kind="conversion", http=None),
        record(b"<p>Nothing here.</p>"),
    ]
    path = tmp_path / name
    path.write_bytes(pack(*records))
    result = read(path, is_candidate=lambda raw: b"status" in bytes(raw))
    assert not result.bad
    page, text = result.documents
    assert (page.content, page.media_type, page.encoding) == (PAGE, "text/html", "utf-8")
    assert (text.text, text.media_type) == (f"As text: {POST}", "text/plain")
    assert page.origin is not None
    assert page.origin.url == "https://news.example/page"
    assert page.origin.offset == len(pack(*records[:2]))
    assert page.uri == f"{path}#{page.origin.offset}"
    assert result.skipped == 1
    assert [reference.claim.post_id for reference in scan(page)] == ["1657692617044922369"]


BODY = b"<p>" + b"long words " * 10_000 + PAGE


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("Content-Encoding: gzip", gzip.compress(BODY)),
        ("content-encoding: deflate", zlib.compress(BODY)),
        ("Transfer-Encoding: chunked", chunked(BODY)),
        ("Transfer-Encoding: chunked\r\nContent-Encoding: gzip", chunked(gzip.compress(BODY))),
        ("Content-Encoding: gzip", BODY),  # a crawler undid it and left the header
        ("Transfer-Encoding: chunked", BODY),
    ],
)
def test_encodings_of_the_transfer(header: str, body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    head = f"HTTP/1.1 200 OK\r\n{header}\r\nContent-Type: text/html; charset=utf-8"
    path.write_bytes(record(body, http=head))
    (document,) = read(path).documents
    assert document.content == BODY


def test_a_body_that_grows_out_of_bounds(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * (MAX_RECORD + 1))
    head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html"
    path = tmp_path / "a.warc"
    path.write_bytes(record(bomb, http=head) + record())
    result = read(path)
    assert len(result.documents) == 1
    assert f"{path}: byte 0: more than" in str(result.bad[0])


@pytest.mark.parametrize(("name", "pack"), PACKINGS[:2])
@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (record(digest=b"other"), "do not have the digest"),
        (record(length=10**6), "cut off before byte 1000000"),
        (b"garbage\r\n" * 50, "Invalid WARC header"),
    ],
)
def test_a_broken_record_is_named_and_the_others_are_read(
    name: str, pack: Callable[..., bytes], broken: bytes, words: str, tmp_path: Path
) -> None:
    records = [record(url=f"https://news.example/{number}") for number in range(4)]
    path = tmp_path / name
    path.write_bytes(pack(records[0], broken, *records[1:]))
    result = read(path)
    assert [document.origin.url for document in result.documents if document.origin] == [
        f"https://news.example/{number}" for number in range(4)
    ]
    (bad,) = result.bad
    assert isinstance(bad, InputError)
    assert words in str(bad)
    first = len(pack(records[0]))
    assert first <= (bad.offset or 0) <= first + len(broken)


CHUNKED = "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked"
PICTURE = "HTTP/1.1 200 OK\r\nContent-Type: image/png"


def payload(content: bytes, digest_of: bytes, **options: Any) -> bytes:
    """A record that names its payload's digest alone."""
    made = record(content, **options)
    name, _, rest = made.partition(b"WARC-Block-Digest: ")
    value = b"sha1:" + hashlib.sha1(digest_of).hexdigest().encode()
    return name + b"WARC-Payload-Digest: " + value + rest[rest.index(b"\r\n") :]


@pytest.mark.parametrize(
    ("made", "is_told"),
    [
        (record(b"nothing here"), False),
        (record(b"nothing here", digest=b"other"), True),
        (record(b"\x89PNG" * 10, http=PICTURE), False),
        (record(b"\x89PNG" * 10, http=PICTURE, digest=b"other"), True),
        (record(b"\x89PNG" * 10**6, http=PICTURE), False),
        (record(b"\x89PNG" * 10**6, http=PICTURE, digest=b"other"), True),
        (record(b"GET / HTTP/1.1", kind="request", http=None), False),
        (record(b"GET / HTTP/1.1", kind="request", http=None, digest=b"other"), True),
        (record(kind="metadata", http=None, content_type="text/plain"), False),
        (payload(b"\x89PNG", b"\x89PNG", http=PICTURE), False),
        (payload(b"\x89PNG", b"other", http=PICTURE), True),
        (payload(b"4\r\n\x89PNG\r\n0\r\n\r\n", b"\x89PNG", http=CHUNKED), False),
        (payload(b"", b"another record's", kind="revisit"), False),
        (payload(b"nothing here", b"other"), True),
    ],
)
def test_the_digests_of_all_records(made: bytes, is_told: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(made + record())
    every = read(path, is_candidate=lambda raw: b"status" in bytes(raw), check_digests=True)
    assert [document.origin.offset for document in every.documents if document.origin] == [
        len(made)
    ]
    assert [str(bad)[: len(f"{path}: byte 0: its bytes")] for bad in every.bad] == [
        f"{path}: byte 0: its bytes"
    ] * is_told
    some = read(path, is_candidate=lambda raw: b"status" in bytes(raw))
    assert some.bad == []


def test_a_record_that_is_no_page_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(record(b"\x89PNG", http=PICTURE, length=10**6))
    (bad,) = read(path, check_digests=True).bad
    assert "cut off before byte 1000000" in str(bad)


def test_the_command_line_checks_all_digests(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(record(b"x", http=PICTURE, digest=b"other") + record())
    for flags in (["--nl"], ["--to-parquet", str(tmp_path / "out")]):
        done = run("scan", path, "--check-digests", *flags)
        assert (done.returncode, "do not have the digest sha1:" in done.stderr) == (3, True)


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(members(record(), record(BODY))[:-40])
    result = read(path)
    assert len(result.documents) == 1
    assert len(result.bad) == 1
    path.write_bytes(b"")
    assert read(path).documents == []


def test_damage_inside_a_member(tmp_path: Path) -> None:
    first, second, third = (gzip.compress(record(BODY)) for _ in range(3))
    torn = second[:80] + bytes(byte ^ 0xFF for byte in second[80:90]) + second[90:]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(first + torn + third)
    result = read(path)
    assert len(result.documents) == 2
    assert f"byte {len(first)}: " in str(result.bad[0])


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_no_damage_ends_it(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    name, pack = data.draw(st.sampled_from(PACKINGS[:2]))
    content = bytearray(pack(*(record(PAGE * 3, url=f"https://n.example/{n}") for n in range(4))))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damage") / name
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    result = read(path)
    assert len(result.documents) <= 4
    assert result.error is None


def test_packed_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.bz2"
    path.write_bytes(bz2.compress(record() + record()))
    assert len(read(path).documents) == 2


def test_wacz(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("datapackage.json", "{}")
        package.writestr("archive/data.warc.gz", members(record(), b"garbage", record()))
        package.writestr("archive/more.warc", record(), compress_type=zipfile.ZIP_DEFLATED)
        package.writestr("pages/pages.jsonl", "{}")
    result = read(path)
    keys = [document.uri.partition("#")[2] for document in result.documents]
    assert keys[0] == "archive/data.warc.gz:0"
    assert keys[2] == "archive/more.warc:0"
    assert len(keys) == 3
    assert len(result.bad) == 1
    renamed = tmp_path / "no-suffix"
    renamed.write_bytes(path.read_bytes())
    assert len(read(renamed).documents) == 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"x" * 100])
def test_no_wacz(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    path.write_bytes(content)
    assert "no WACZ" in str(read(path).error)
