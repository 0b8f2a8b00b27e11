"""Broken XML: what feeds and exports commonly have wrong, put right in one record at a time."""

from __future__ import annotations

import re
from collections.abc import Callable

from ._records import MAX_RECORD

_LONGEST_START = 64
"""Bytes: more than the tag name that is looked for can have."""

_WRONG = re.compile(
    rb"<!\[CDATA\[|\]\]>"
    rb"|&(?!(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    rb"|<(?![A-Za-z/!?])"
    rb"|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
"""Where sections begin and end in which only the last of these is wrong, and the wrong places:
ampersands and less-than signs that were not escaped, and characters that XML does not have."""
_ESCAPED = {b"&": b"&amp;", b"<": b"&lt;"}


def mended(record: bytes) -> bytes:
    """The bytes of a record with its wrong places put right; the rest as it is."""
    in_section = False

    def put_right(match: re.Match[bytes]) -> bytes:
        nonlocal in_section
        found = match[0]
        if found in (b"<![CDATA[", b"]]>"):
            in_section = found != b"]]>"
            return found
        if found in _ESCAPED:
            return found if in_section else _ESCAPED[found]
        return b"]]>&#xFFFD;<![CDATA[" if in_section else b"&#xFFFD;"

    return _WRONG.sub(put_right, record)


class Window:
    """The bytes of a stream that are still needed; offsets are those of the stream."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read
        self._data = b""
        self._at = 0
        self.is_final = False

    @property
    def end(self) -> int:
        return self._at + len(self._data)

    def more(self) -> None:
        """Take in what comes next."""
        piece = self._read()
        self.is_final = not piece
        self._data += piece

    def since(self, offset: int) -> bytes:
        return self._data[max(offset - self._at, 0) :]

    def keep(self, offset: int | None) -> None:
        """Let go of what stands in front of `offset`, or of all."""
        offset = self.end if offset is None or self.end - offset > MAX_RECORD else offset
        self._data, self._at = self.since(offset), max(offset, self._at)

    def search(self, pattern: re.Pattern[bytes], begin: int) -> int | None:
        """Where the pattern next matches; reads on for it, and lets go of what lies before."""
        while True:
            found = pattern.search(self._data, max(begin - self._at, 0))
            if found is not None:
                return self._at + found.start()
            if self.is_final:
                return None
            begin = max(begin, self.end - _LONGEST_START)
            self.keep(begin)
            self.more()

    def until(self, pattern: re.Pattern[bytes], begin: int) -> bytes:
        """The bytes from `begin` to the end of the next match; empty where there is none near."""
        if begin < self._at:
            return b""
        begun = begin
        while True:
            found = pattern.search(self._data, begin - self._at)
            if found is not None:
                return self._data[begun - self._at : found.end()]
            if self.is_final or self.end - begun > MAX_RECORD:
                return b""
            begin = max(begin, self.end - _LONGEST_START)
            self.more()
