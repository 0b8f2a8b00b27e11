"""Records that are a member of gzip each: as FastWARC reads them, or left to it."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedarchive.errors import InputError, UpstreamError
from embedarchive.models import Reading, Source
from embedarchive.readers import _warc
from embedarchive.readers._records import ARTICLES, MAX_RECORD
from tests.making_crawls import PAGE, record

fastwarc = pytest.importorskip("fastwarc.warc")
pytest.importorskip("deflate")

from embedarchive.readers._members import Members  # noqa: E402  # an extra

PICTURE = "HTTP/1.1 200 OK\r\nContent-Type: image/png"
LONG = bytes(MAX_RECORD + 1)
PAGES = [record(PAGE * (1 + number), url=f"https://n.example/{number}") for number in range(3)]


def packed(content: bytes, level: int = 9) -> bytes:
    return gzip.compress(content, level, mtime=0)


def named(content: bytes) -> bytes:
    """As gzip itself packs a file: the member's header has its name and time."""
    made = io.BytesIO()
    with gzip.GzipFile("a.warc", "wb", fileobj=made, mtime=1700000000) as file:
        file.write(content)
    return made.getvalue()


def with_head(old: bytes, new: bytes) -> bytes:
    """A member between two others, with a change in the head of its record."""
    made = PAGES[1].replace(old, new, 1)
    assert made != PAGES[1]
    return three(packed(made))


def three(between: bytes) -> bytes:
    return packed(PAGES[0]) + between + packed(PAGES[2])


def flipped(member: bytes, at: int) -> bytes:
    wrong = bytearray(member)
    wrong[at] ^= 0xFF
    return bytes(wrong)


SEEMING = b"".join(b"%d\x1f\x8b\x08 " % number for number in range(3))
TAKEN = {
    "members": b"".join(map(packed, PAGES)),
    "names": b"".join(map(named, PAGES)),
    "stored": packed(PAGES[0], 0) + packed(record(SEEMING + PAGE), 0) + packed(PAGES[2], 0),
    "kinds": three(
        packed(record(b"a: b\r\n", kind="warcinfo", http=None, content_type="application/warc"))
        + packed(record(b"GET / HTTP/1.1\r\n", kind="request"))
        + packed(record(b"text", kind="conversion", http=None))
        + packed(record(PAGE, kind="resource", http=None, content_type="text/html"))
        + packed(record(b"", kind="revisit"))
        + packed(record(b"", kind="metadata", http=None))
    ),
    "blanks": with_head(b"WARC-Type: ", b"WARC-Type:\t "),
    "blanks behind": with_head(b"response\r\n", b"response \r\n"),
    "version": with_head(b"WARC/1.0", b"WARC/1.1"),
    "no success": three(packed(record(http="HTTP/1.1 404 Not Found\r\nContent-Type: text/html"))),
    "another digest": three(packed(record(digest=b"other"))),
    "picture": three(packed(record(b"\x89PNG", http=PICTURE))),
    "of a megabyte": three(packed(record(PAGE + b" " * (1 << 20)))),
    "long picture": three(packed(record(LONG, http=PICTURE))),
    "long page": three(packed(record(LONG))),
    "nothing": b"",
}
"""Files of which FastWARC has nothing to read."""
LEFT = {
    "plain": b"".join(PAGES),
    "one member": packed(b"".join(PAGES)),
    "over two members": three(packed(PAGES[1][:300]) + packed(PAGES[1][300:])),
    "seeming members": three(packed(record(SEEMING * 2 + PAGE), 0)),
    "twice": with_head(b"WARC-Type: response\r\n", b"WARC-Type: response\r\n" * 2),
    "folded": with_head(b"WARC-Type: response", b"WARC-Type:\r\n response"),
    "old version": with_head(b"WARC/1.0", b"WARC/0.18"),
    "without length": with_head(b"Content-Length", b"Content-Longth"),
    "no number": with_head(b"Content-Length: ", b"Content-Length: x"),
    "longer": three(packed(record(length=10**6))),
    "shorter": three(packed(record(length=100))),
    "no end": three(packed(PAGES[1].rstrip(b"\r\n"))),
    "garbage": three(packed(b"garbage")),
    "zeros between": three(bytes(20)),
    "empty member": three(packed(b"")),
    "no magic": three(flipped(packed(PAGES[1]), 0)),
    "no magic, of the same length": three(
        flipped(packed(record(PAGE, url="https://n.example/5")), 0)
    ),
    "checksum": three(flipped(packed(PAGES[1]), -8)),
    "its length": three(flipped(packed(PAGES[1]), -3)),
    "damaged": three(flipped(packed(PAGES[1]), 60)),
    "cut off": packed(PAGES[0]) + packed(PAGES[1])[:-9],
    "cut off in a header": packed(PAGES[0]) + packed(PAGES[1])[:2],
}


BETTER = [
    (with_head(b"Content-Length", b"content-length"), [0, 1, 2], ""),
    (with_head(b"WARC-Type", b"WARC-TYPE"), [0, 1, 2], ""),
    (three(packed(record(length=10**8))), [0, 2], "broken: "),
    (three(flipped(packed(record(LONG, http=PICTURE)), -8)), [0, 2], "broken: gzip: "),
    (three(packed(record(LONG, http=PICTURE))[:-9]), [0, 2], "broken: "),
    (packed(PAGES[0]) + packed(record(LONG, http=PICTURE))[:-9], [0], "broken: "),
    (three(packed(record(LONG, http=PICTURE, length=len(LONG)))), [0, 2], "broken: "),
    (three(packed(PAGES[1] + PAGES[1])), [0, 1, 1, 2], ""),
]
"""Files, the pages to be had of them, and what is told of the record behind the first one.

FastWARC knows no other letter case of a field's name, though ISO 28500 does, and skips what a
length that is too large hides; of records in one member it tells the place of another.
"""


class Told(NamedTuple):
    records: list[tuple[int | None, str | None, bytes]]
    """Byte, address and content of each page."""
    skipped: int
    bad: list[str]


def told(content: bytes, *, is_pipe: bool = False) -> Told:
    bad: list[InputError | UpstreamError] = []
    skipped: list[int] = []
    reading = Reading(
        is_candidate=lambda raw: b"barge" in bytes(raw),
        on_bad=bad.append,
        on_skipped=skipped.append,
    )

    def open_at(offset: int) -> io.BufferedReader:
        return io.BufferedReader(io.BytesIO(content[offset:]))

    archive = _warc.Archive(Source("a", open_at(0)), reading, None if is_pipe else open_at)
    found = [
        (origin.offset, origin.url, document.content)
        for document in _warc.read_archive(archive, open_at(0))
        if (origin := document.origin)
    ]
    return Told(found, sum(skipped), list(map(str, bad)))


@pytest.mark.parametrize("is_pipe", [False, True])
@pytest.mark.parametrize("name", [*TAKEN, *LEFT])
def test_all_is_as_fastwarc_reads_it(
    name: str, is_pipe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {**TAKEN, **LEFT}[name]
    ours = told(content, is_pipe=is_pipe)
    monkeypatch.setattr(_warc, "_members", lambda stream: None)
    theirs = told(content, is_pipe=is_pipe)
    assert ours == theirs


@pytest.mark.parametrize(("content", "pages", "words"), BETTER)
def test_what_is_read_better_than_by_fastwarc(
    content: bytes, pages: Sequence[int], words: str
) -> None:
    records, _, bad = told(content)
    assert [url for _, url, _ in records] == [f"https://n.example/{page}" for page in pages]
    where = f"a: byte {len(packed(PAGES[0]))}: "
    assert [one.startswith(where) and words in one for one in bad] == [True] * bool(words)


@pytest.mark.parametrize("name", TAKEN)
def test_files_as_most_writers_make_them_are_taken_to_their_end(name: str) -> None:
    members = Members(io.BufferedReader(io.BytesIO(TAKEN[name])))
    assert all(member.record_type in ARTICLES for member in members)
    assert (members.at, members.ahead) == (len(TAKEN[name]), b"")


@pytest.mark.parametrize("name", [name for name in LEFT if not name.startswith(("long", "much"))])
def test_what_is_otherwise_is_left_whole(name: str) -> None:
    stream = io.BufferedReader(io.BytesIO(LEFT[name]))
    members = Members(stream)
    assert len(list(members)) < 3
    assert members.ahead + stream.read() == LEFT[name][members.at :]


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_damage_is_told_as_fastwarc_tells_it(data: st.DataObject) -> None:
    content = bytearray(b"".join(map(packed, PAGES)))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=3)):
        content[at] = data.draw(st.integers(0, 255))
    ours = told(bytes(content))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_warc, "_members", lambda stream: None)
        assert ours == told(bytes(content))


class Small(io.BytesIO):
    """A stream of few bytes at a time."""

    def readinto(self, buffer: Any) -> int:
        return super().readinto(memoryview(buffer)[:7])


@pytest.mark.parametrize("name", ["members", "names", "stored", "kinds"])
def test_members_are_the_same_wherever_reads_end(name: str) -> None:
    def read(stream: io.BytesIO) -> Sequence[tuple[int, bytes]]:
        members = Members(io.BufferedReader(stream))
        return [(member.stream_pos, bytes(member.read())) for member in members]

    assert read(Small(TAKEN[name])) == read(io.BytesIO(TAKEN[name]))


def test_a_bomb_is_not_inflated_at_once() -> None:
    """What a member says of its length is the attacker's."""
    inflating = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(inflating.compress(bytes(1 << 20)) for _ in range(64)) + inflating.flush()
    members = Members(io.BufferedReader(io.BytesIO(bomb)))
    assert not list(members)
    assert members.at == 0


@pytest.mark.parametrize("is_packed", [True, False])
def test_a_file_that_is_cut_off_inside_a_head_is_told(is_packed: bool) -> None:
    first, second = (packed(PAGES[0]), packed(PAGES[1])) if is_packed else PAGES[:2]
    found = told(first + second[:120])
    assert len(found.records) == 1
    assert [one.startswith(f"a: byte {len(first)}: broken: ") for one in found.bad] == [True]


def test_without_fastwarc_no_record_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members alone would do for some, and the next one need it for the encoding of its page."""
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    stream = io.BufferedReader(io.BytesIO(TAKEN["members"]))
    archive = _warc.Archive(Source("a", stream), Reading())
    with pytest.raises(InputError, match="WARC needs: pip install"):
        next(_warc.read_archive(archive, stream))
