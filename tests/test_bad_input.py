"""Whatever a file holds: told in one line, left out, and the rest is read in bounded memory."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from embedarchive.errors import InputError
from embedarchive.models import Document, Reader, Reading, Source
from embedarchive.readers import READERS
from embedarchive.streams import buffered, decompressed
from tests.command import run
from tests.reading import RECORDS, cases_of, read, written

BY_NAME = {reader.name: reader for reader in READERS}
FIRST = [pytest.param(reader, cases_of(reader)[0], id=reader.name) for reader in RECORDS]


def damaged(content: bytes) -> Iterator[bytes]:
    """The content cut off, with bytes changed, and with foreign bytes in it."""
    chance = random.Random(len(content))
    places = sorted(chance.sample(range(len(content)), min(60, len(content))))
    for at in places:
        yield content[:at]
        yield content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        yield content[:at] + chance.choice((b"\0", b"\xff\xfe", b'"', b"<", b"&x;", b"\n")) * 3
        yield content[:at] + content[chance.choice(places) :]


@pytest.mark.parametrize(("reader", "case"), FIRST)
def test_damage_is_never_a_traceback(reader: Reader, case: dict[str, Any], tmp_path: Path) -> None:
    path = written(case, reader, tmp_path)
    options = {**case, "reading": {**case.get("reading", {}), "format": reader.name}}
    for content in damaged(path.read_bytes()):
        path.write_bytes(content)
        result = read(path, options)
        errors = [*result.bad, *([result.error] if result.error else [])]
        assert all("\n" not in str(error) for error in errors)
        for document in result.documents:
            assert document.content.decode(document.encoding) == document.text


@pytest.mark.parametrize(("reader", "case"), FIRST)
def test_the_records_in_front_of_a_cut_are_read(
    reader: Reader, case: dict[str, Any], tmp_path: Path
) -> None:
    """A compressed file that ends early: all that came out of it counts, and the cut is named."""
    path = written(case, reader, tmp_path)
    content = path.read_bytes()
    packed = tmp_path / f"{path.name}.gz"
    packed.write_bytes(gzip.compress(content)[:-8])  # without the length and the sum at its end
    whole, cut = read(path, case), read(packed, case)
    assert "damaged or cut off behind byte" in str(cut.error)
    if reader.name != "sqlite":
        assert [d.text for d in cut.documents] == [d.text for d in whole.documents]


class Endless(io.RawIOBase):
    """A stream of `head`, then `count` times `part`, then `tail`, which is never in memory."""

    def __init__(self, head: bytes, part: bytes, count: int, tail: bytes) -> None:
        self._pieces = iter(self._made(head, part, count, tail))
        self._left = b""

    @staticmethod
    def _made(head: bytes, part: bytes, count: int, tail: bytes) -> Iterator[bytes]:
        yield head
        at_once = max((1 << 16) // len(part), 1)
        block = part * at_once
        for _ in range(count // at_once):
            yield block
        yield part * (count % at_once)
        yield tail

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


WORDS = b"words " * 150
RECORD = {
    "jsonl": (b"", b'{"url": "https://news.example/1", "text": "%s"}\n' % WORDS, b""),
    "csv": (b"id,text\n", b'1,"%s"\n' % WORDS, b""),
    "feed": (
        b"<rss>",
        b"<item><description>%s</description></item>" % WORDS,
        b"</rss>",
    ),
    "wxr": (
        b"<rss><!-- wordpress.org/export/ -->",
        b"<item><wp:post_id>1</wp:post_id><content:encoded>%s</content:encoded></item>" % WORDS,
        b"</rss>",
    ),
}


def peak(reader: Reader, stream: Any) -> tuple[int, int]:
    """The most memory that reading takes at once, in bytes, and how many documents came."""
    source = Source("big", decompressed("big", buffered(stream, lambda _: None)))
    tracemalloc.start()
    count = sum(1 for _ in reader.read(source, Reading(on_bad=lambda _: None)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, count


@pytest.mark.parametrize("name", RECORD)
def test_memory_does_not_grow_with_the_file(name: str) -> None:
    head, part, tail = RECORD[name]
    small, count = peak(BY_NAME[name], Endless(head, part, 500, tail))
    assert count == 500
    large, count = peak(BY_NAME[name], Endless(head, part, 5_000, tail))
    assert count == 5_000
    assert large < small * 1.2 + 100_000


def test_memory_does_not_grow_with_what_is_in_a_compressed_file() -> None:
    _, part, _ = RECORD["jsonl"]
    small, _ = peak(BY_NAME["jsonl"], io.BytesIO(gzip.compress(part * 500)))
    large, _ = peak(BY_NAME["jsonl"], io.BytesIO(gzip.compress(part * 5_000)))
    assert large < small * 1.2 + 100_000


GIGABYTE = 1 << 30
LARGE: dict[str, tuple[bytes, bytes, int, bytes]] = {
    "jsonl": (b'{"text": "a"}\n{"text": "', b"x", GIGABYTE, b'"}\n{"text": "b"}\n'),
    "csv": (b"id,text\n1,a\n2,", b"x", GIGABYTE, b"\n3,b\n"),
    "feed": (
        b"<rss><item><description>a</description></item><item><description>",
        b"x", GIGABYTE // 10,
        b"</description></item><item><description>b</description></item></rss>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_a_record_of_a_gigabyte_is_named_and_left_out(name: str) -> None:
    head, part, count, tail = LARGE[name]
    stream = Endless(head, part, count, tail)
    told: list[str] = []
    texts: list[str] = []
    source = Source("big", buffered(stream, lambda _: None))
    reading = Reading(on_bad=lambda error: told.append(str(error)))
    tracemalloc.start()
    for document in BY_NAME[name].read(source, reading):
        texts.append(document.text)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert texts == ["a", "b"]
    assert len(told) == 1
    assert told[0].startswith("big: row 2, byte ")
    assert most < 100 << 20


def test_a_feed_that_is_broken_all_over_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedarchive.readers._xml._MAX_MENDED", 5)
    part = b"<item><description>&</description></item>"
    stream = Endless(b"<rss>", part, 1_000_000, b"</rss>")
    told: list[str] = []
    reading = Reading(on_bad=lambda error: told.append(str(error)))
    source = Source("big", buffered(stream, lambda _: None))
    documents: list[Document] = []
    with pytest.raises(InputError, match="row 106, byte "):
        documents.extend(BY_NAME["feed"].read(source, reading))
    assert [document.text for document in documents] == ["&"] * 5
    assert len(told) == 100


def test_the_command_names_all_that_is_bad_and_does_the_rest(tmp_path: Path) -> None:
    tweet = "https://twitter.com/jack/status/20"
    files: dict[str, bytes] = {
        "good.txt": tweet.encode(),
        "mixed.jsonl": b'{"text": "%s"}\nno JSON\n' % tweet.encode(),
        "cut.jsonl.gz": gzip.compress(b'{"text": "%s"}\n' % tweet.encode())[:-4],
        "column.csv": b"id,title\n1,x\n",
        "bomb.xml": b'<!DOCTYPE rss [<!ENTITY a "ha">]><rss>&a;</rss>',
        "words.rss": b"just words",
        "not.db": b"just words",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    arguments: tuple[str | Path, ...] = (*(tmp_path / name for name in files), tmp_path / "missing")
    scanned = run("scan", "--nl", "--sql", "SELECT text FROM t", *arguments)
    assert scanned.returncode == 3
    assert scanned.stdout.count(tweet) >= 3
    archived = run(
        "archive", tmp_path / "posts.db", "--offline", "--sql", "SELECT text FROM t", *arguments
    )
    assert archived.returncode == 3
    for told in (scanned.stderr, archived.stderr):
        assert "Traceback" not in told
        for name in [*files, "missing"]:
            assert (f"{tmp_path / name}: " in told) == (name != "good.txt"), name
    assert "3 references found" in archived.stderr
