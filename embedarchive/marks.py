"""Our cards in an article's own bytes: each carries what it replaced, so that it can be taken out.

Pure. `wrap` writes a mark, `find_marks` finds them in text, `restore` takes them out of bytes.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Iterator
from hashlib import sha256
from typing import AnyStr, NamedTuple

_BEGIN, _END, _CLOSE = "<!-- embedarchive:begin ", "<!-- embedarchive:end ", " -->"
PATTERN = _BEGIN
"""Which bytes are in each article with a card, in the notation of `patterns`."""
_HEAD = re.compile(r"sha256=([0-9a-f]{64})(?: after=([0-9]))? ([A-Za-z0-9+/=]*)")
_WIDTHS = ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
"""How a mark may lie in bytes: every other encoding of documents writes ASCII as ASCII."""


class Mark(NamedTuple):
    """A card in an article, from its first character to behind its last."""

    start: int
    end: int
    original: bytes
    """What it stands for, in the article's encoding."""
    has_card: bool
    """Of what was replaced in several places, one holds the card."""


def wrap(original: bytes, card: str, *, after: str = "") -> str:
    """A card with the bytes it stands for; `after` is written behind it and belongs to it.

    The card holds no `<!--` of foreign origin: whoever made it has escaped it.
    """
    digest = sha256(original).hexdigest()
    tail = f" after={len(after)}" if after else ""
    kept = b64encode(original).decode()
    return f"{_BEGIN}sha256={digest}{tail} {kept}{_CLOSE}{card}{_END}{digest[:16]}{_CLOSE}{after}"


def find_marks(text: str) -> list[Mark]:
    """The cards in an article's text, in order; forged ones, whose digest is wrong, are none."""
    # Most texts hold not even a `<`, which is found sooner.
    return list(_find(text, _BEGIN, _END, _CLOSE, "utf-8")) if "<" in text else []


def restore(content: bytes) -> bytes:
    """The article as it was before cards were put in; without our marks it comes back as it is."""
    for encoding in _WIDTHS:
        begin, end, close = (mark.encode(encoding) for mark in (_BEGIN, _END, _CLOSE))
        pieces: list[bytes] = []
        at = 0
        for mark in _find(content, begin, end, close, encoding):
            pieces += [content[at : mark.start], mark.original]
            at = mark.end
        if at:
            return b"".join([*pieces, content[at:]])
    return content


def _find(
    content: AnyStr, begin: AnyStr, end: AnyStr, close: AnyStr, encoding: str
) -> Iterator[Mark]:
    """Linear: a head is read once, and what an end closes is not looked at again."""
    width = len(close) // len(_CLOSE)
    start = content.find(begin)
    head = -1
    while start >= 0:
        behind = start + len(begin)
        following = content.find(begin, behind)
        head = content.find(close, behind) if head < behind else head
        if head < 0:
            return
        is_last = following < 0 or head < following
        is_whole = is_last and start % width == 0
        found = _read_head(content[behind:head], encoding) if is_whole else None
        if found is None:
            start = following
            continue
        tail = content.find(end, head)
        last = content.find(close, tail) if tail >= 0 else -1
        if last < 0:
            return
        original, after = found
        stop = last + len(close)
        yield Mark(
            start,
            stop + _line_ends(content[stop : stop + after * width], encoding) * width,
            original,
            has_card=tail > head + len(close),
        )
        start = content.find(begin, stop)


def _read_head(head: str | bytes, encoding: str) -> tuple[bytes, int] | None:
    """What a mark keeps and how many line ends behind it are its own; None where it is forged."""
    text = head if isinstance(head, str) else head.decode(encoding, "replace")
    found = _HEAD.fullmatch(text)
    if found is None:
        return None
    try:
        original = b64decode(found[3], validate=True)
    except (BadBase64, ValueError):
        return None
    if sha256(original).hexdigest() != found[1]:
        return None
    return original, int(found[2] or 0)


def _line_ends(behind: str | bytes, encoding: str) -> int:
    text = behind if isinstance(behind, str) else behind.decode(encoding, "replace")
    return len(text) - len(text.lstrip("\r\n"))
