"""Compressed and counted streams: the content whole, the damage named, the memory bounded."""

from __future__ import annotations

import bz2
import gzip
import io
import sys
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedarchive.errors import InputError
from embedarchive.streams import bare_name, buffered, decompressed, head_of, read_all, spooled

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "zst": lambda content: zstd.compress(
        content, options={zstd.CompressionParameter.checksum_flag: 1}
    ),
    "none": bytes,
}
EITHER = pytest.mark.parametrize("inflate", ["isal", "zlib"], indirect=True)
"""With the extra `corpora` and without it."""
LINES = b"".join(b"line %d of many\n" % number for number in range(60_000))


@pytest.fixture
def inflate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What gzip is read by."""
    if request.param == "isal":
        pytest.importorskip("isal")
    else:
        monkeypatch.setitem(sys.modules, "embedarchive.inflate", None)
    return str(request.param)


def opened(content: bytes, told: list[int] | None = None) -> io.BufferedReader:
    on_bytes = told.append if told is not None else lambda _: None
    return decompressed("a", buffered(io.BytesIO(content), on_bytes))


@pytest.mark.parametrize("kind", COMPRESS)
def test_the_content_comes_whole_whatever_it_is_packed_in(kind: str) -> None:
    packed = COMPRESS[kind](LINES)
    told: list[int] = []
    stream = opened(packed, told)
    assert LINES.startswith(head_of(stream))
    assert stream.read() == LINES
    assert sum(told) == len(packed)


@pytest.mark.parametrize("kind", ["gz", "bz2", "zst"])
def test_several_members_are_one_content(kind: str) -> None:
    packed = COMPRESS[kind](b"one\n") + COMPRESS[kind](b"two\n")
    assert opened(packed).read() == b"one\ntwo\n"


@pytest.mark.parametrize("kind", ["gz", "bz2", "zst"])
@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_damage_is_named_behind_all_that_could_be_read(kind: str, damage: str) -> None:
    packed = bytearray(COMPRESS[kind](LINES))
    if damage == "cut":
        del packed[-9:]
    else:
        packed[len(packed) * 9 // 10] ^= 0xFF
    stream = opened(bytes(packed))
    got: list[bytes] = []
    with pytest.raises(InputError, match="damaged or cut off behind byte") as caught:
        got.extend(iter(stream.read1, b""))
    assert caught.value.offset == len(b"".join(got))
    assert got or kind != "gz"  # the others decompress in blocks, of up to 900 kB


NAMED = io.BytesIO()
with gzip.GzipFile("a name", "wb", fileobj=NAMED) as _file:
    _file.write(LINES)
MEMBER = gzip.compress(LINES, 6)
EXTRA = b"\x1f\x8b\x08\x1e" + bytes(6) + b"\3\0abcname\0comment\0\0\0"
DAMAGED: list[tuple[bytes, int | None]] = [
    (MEMBER, None),
    (NAMED.getvalue(), None),
    (EXTRA + MEMBER[10:], None),
    (MEMBER + MEMBER, None),
    (MEMBER + bytes(300_000), None),
    (MEMBER + bytes(9) + gzip.compress(b"") + MEMBER, None),
    (MEMBER + b"garbage", len(LINES)),
    (MEMBER + bytes(9) + b"garbage", len(LINES)),
    (MEMBER + MEMBER[:7], len(LINES)),
    (MEMBER + b"\x1f\x8b\x07" + MEMBER[3:], len(LINES)),
    (MEMBER[:-1], len(LINES)),
    (MEMBER[:-8], len(LINES)),
    (MEMBER[:-8] + b"\0\0\0\0" + MEMBER[-4:], len(LINES)),
    (MEMBER[:-4] + b"\0\0\0\0", len(LINES)),
    (MEMBER + MEMBER[:-8] + bytes(8) + MEMBER, 2 * len(LINES)),
    (EXTRA[:20], 0),
]
"""Files, and how much of their content is in front of what is wrong; None where nothing is."""


@EITHER
@pytest.mark.parametrize(("packed", "whole"), DAMAGED)
def test_all_in_front_of_damage_is_handed_out(
    packed: bytes, whole: int | None, inflate: str
) -> None:
    stream = opened(packed)
    got: list[bytes] = []
    if whole is None:
        assert stream.read().replace(LINES, b"") == b""
        return
    with pytest.raises(InputError, match=f"damaged or cut off behind byte {whole} of"):
        got.extend(iter(stream.read1, b""))
    assert len(b"".join(got)) == whole
    with pytest.raises(InputError, match=f"damaged or cut off behind byte {whole} of"):
        stream.read1()


@given(at=st.integers(0, len(MEMBER) - 1), bit=st.integers(0, 8))
def test_little_is_lost_in_front_of_damage(at: int, bit: int) -> None:
    """`bit` 8: it is cut off there."""
    pytest.importorskip("isal")
    packed = bytearray(MEMBER)
    if bit < 8:
        packed[at] ^= 1 << bit
    else:
        del packed[at:]
    got: list[bytes] = []
    with suppress(InputError):
        got.extend(iter(opened(bytes(packed)).read1, b""))
    least = zlib.decompressobj(31).decompress(MEMBER[: max(0, at - (1 << 13))])
    assert b"".join(got).startswith(least)


@pytest.mark.parametrize("text", [b"", b"BZh", b"BZhang wrote", b"\x1f\x8b", b"plain"])
def test_what_only_begins_like_a_compression_is_left_alone(text: bytes) -> None:
    assert opened(text).read() == text


def test_a_bound_holds() -> None:
    assert read_all(io.BytesIO(b"12345"), 5) == b"12345"
    assert read_all(io.BytesIO(b"123456"), 5) is None


def test_a_spooled_stream_is_a_file_for_a_while() -> None:
    with spooled(io.BytesIO(LINES)) as path:
        assert Path(path).read_bytes() == LINES
    assert not Path(path).exists()


@pytest.mark.parametrize(
    ("name", "bare"),
    [("a.jsonl.gz", "a.jsonl"), ("A.CSV.BZ2", "A.CSV"), ("a.html", "a.html"), ("gz", "gz")],
)
def test_the_suffix_of_a_compression_is_taken_off(name: str, bare: str) -> None:
    assert bare_name(name) == bare


class Slow(io.BytesIO):
    """A pipe that gives three bytes at a time."""

    def readinto(self, buffer: Any) -> int:
        return super().readinto(memoryview(buffer)[:3])


@pytest.mark.parametrize("kind", COMPRESS)
def test_a_slow_pipe_is_looked_into_as_far_as_a_file(kind: str) -> None:
    packed = COMPRESS[kind](b"a few words") + (
        COMPRESS[kind](b", and more") if kind != "none" else b""
    )
    stream = decompressed("a", buffered(Slow(packed), lambda _: None))
    whole = b"a few words" + (b", and more" if kind != "none" else b"")
    assert head_of(stream) == whole
    assert stream.read() == whole
