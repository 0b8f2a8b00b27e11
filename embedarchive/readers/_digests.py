"""The digests that WARC records name, against their bytes (ISO 28500, 5.8 and 5.9)."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

    from ._members import Member

_BUFFER = 1 << 18
_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha512"})


@dataclass(frozen=True, slots=True)
class Digest:
    """What a record says that its bytes come to."""

    said: str
    is_block: bool
    """Of all behind the record's headers; else of its payload, and what that is, writers of WARC
    do not agree on."""
    algorithm: str
    value: str

    def fits(self, content: Iterable[bytes | memoryview]) -> bool:
        """Whether these bytes, one piece behind the other, have it; written in hex or base 32."""
        digest = hashlib.new(self.algorithm, usedforsecurity=False)
        for piece in content:
            digest.update(piece)
        base32 = b32encode(digest.digest()).decode().lower().rstrip("=")
        return self.value in (digest.hexdigest(), base32)


def digest_of(record: WarcRecord | Member) -> Digest | None:
    """The digest that tells most of a record; None where it has none that can be computed."""
    for name, is_block in (("WARC-Block-Digest", True), ("WARC-Payload-Digest", False)):
        said = record.headers.get(name)
        if said is not None:
            algorithm, _, value = said.partition(":")
            algorithm = algorithm.lower().replace("-", "")
            known = algorithm in _ALGORITHMS
            return Digest(said, is_block, algorithm, value.strip().lower()) if known else None
    return None


class Rest:
    """A record's content from a byte on, of which a block is read; counts it."""

    def __init__(self, record: WarcRecord | Member, block: bytes | memoryview, start: int) -> None:
        self._record = record
        self._block = block
        self._start = start
        self._size = len(block)

    def __iter__(self) -> Iterator[bytes | memoryview]:
        yield memoryview(self._block)[self._start :]
        while piece := self._record.reader.read(_BUFFER):
            self._size += len(piece)
            yield piece

    def finish(self) -> None:
        """Raises OSError where there is less than the record's headers say."""
        length = self._record.content_length
        if self._size + self._record.consume() < length:
            raise OSError(f"cut off before byte {length} of its content")
