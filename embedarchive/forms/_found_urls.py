"""Text → the URLs of posts in it, each with its exact place. Linear; never asks the network.

A URL in an article is often damaged: glued to the next word or link, escaped for Markdown, broken
over lines inside brackets. The place covers what belongs to the URL and nothing behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import combining

from ..models import PostUrl
from ..networks import identify, may_name_post


class FoundUrl(NamedTuple):
    start: int
    end: int
    url: str
    """Without line breaks and Markdown escapes."""
    post: PostUrl


# Where a URL may be: behind a scheme, or at the few paths that are written without one.
_HINT = re.compile(r"/(?:/|(?:status(?:es)?|thread|t)/[0-9])", re.IGNORECASE)
_CHARACTERS = r"[A-Za-z0-9\-._~:/?#@!$&*+,;=%^]"
_BEFORE_SLASHES = " \t\n\"'(=<"
"""What stands before `//host/path`; at the beginning of the text nothing does."""
_TAIL = re.compile(rf"{_CHARACTERS}{{0,2000}}(?:\\[_&*~.\-]{_CHARACTERS}{{0,500}}){{0,20}}")
_MAX_SPENT = 4000
"""Characters read in vain in one run without blanks, before the rest of the run is let go."""
_HEAD_REVERSED = re.compile(r"[A-Za-z0-9_.%@!#/\\-]{0,120}")
_WRAP = re.compile(r"[ \t]*\r?\n[ \t]*(?:>[ \t]?){0,3}")
_WRAP_BEGINS = " \t\r\n"
_CLOSERS = {"<": ">", "(": ")"}
_MAX_WRAPS = 3
_GLUED = re.compile(r"(?<=[A-Za-z0-9])(?:https?://|pic\.(?:twitter|x)\.com/)", re.IGNORECASE)
_STATUS = re.compile(r"/status(?:es)?/[0-9]{15,19}(?![0-9])", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([_&*~.\-])")
_END_MARKS = ".,;:!?*~^&\\"
_END_ENTITIES = ("&quot", "&gt", "&lt", "&amp", "&apos", "&nbsp", "&#39", "&#34")
_LONGEST_ENTITY = max(map(len, _END_ENTITIES))


def may_hold_urls(text: str) -> bool:
    """Whether `find_urls` has anything to look at."""
    return _HINT.search(text) is not None


def find_urls(text: str) -> Iterator[FoundUrl]:
    """The post URLs in `text`, in order, not overlapping; of nested ones the outermost."""
    done = run_end = spent = 0
    for hint in _HINT.finditer(text):
        at = hint.start()
        if at < done:
            continue
        start = _scheme_start(text, at, done) if hint[0] == "//" else _bare_start(text, at, done)
        tail = _TAIL.match(text, start) if start is not None else None
        if start is None or tail is None:
            continue
        if start >= run_end:
            run_end, spent = tail.end(), 0
        found, length = _read(text, start, tail.end())
        if found is not None:
            done = found.end
            yield found
        else:
            spent += length
            done = run_end if spent > _MAX_SPENT else done


def _scheme_start(text: str, at: int, done: int) -> int | None:
    before = text[max(at - 6, done) : at].lower()
    if before == "https:":
        return at - 6
    if before.endswith("http:"):
        return at - 5
    return at if text[at - 1 : at] in _BEFORE_SLASHES else None


def _bare_start(text: str, at: int, done: int) -> int | None:
    """The start of `host/path` before `at`; None in the middle of something else."""
    head = _HEAD_REVERSED.match(text[max(done, at - 120) : at][::-1])
    start = at - (head.end() if head else 0)
    while start < at and text[start] in "-_.!#/%":
        start += 1
    before = text[start - 1] if start else " "
    # A letter, an ideographic full stop or an @ before it would belong to the host.
    is_joined = before.isalnum() or before in "@\\。．｡" or combining(before) > 0
    return None if is_joined or start == at else start


def _read(text: str, start: int, end: int) -> tuple[FoundUrl | None, int]:
    """The URL at `start`, and how many characters it took to tell."""
    if wrapped := _unwrapped(text, start, end):
        stop, url = wrapped
        if post := identify(url):
            return FoundUrl(start, stop, url, post), len(url)
    raw = text[start:end]
    is_longer = raw.find("://", 8) >= 0 or "pic." in raw.lower()  # few are
    if is_longer and (glued := _GLUED.search(raw, 8)):
        raw = raw[: glued.start()]
    if "\\" not in raw and not may_name_post(raw):
        return None, len(raw)
    raw = _without_end_marks(raw)
    url = _ESCAPE.sub(r"\1", raw) if "\\" in raw else raw
    if post := identify(url):
        return FoundUrl(start, start + len(raw), url, post), len(raw)
    # The next word is glued on: nothing but the id tells where the URL ends.
    if (status := _STATUS.search(raw)) and (post := identify(raw[: status.end()])):
        return FoundUrl(start, start + status.end(), raw[: status.end()], post), len(raw)
    return None, len(raw)


def _unwrapped(text: str, start: int, end: int) -> tuple[int, str] | None:
    """The URL in brackets that goes on in the next line, and its end."""
    closer = _CLOSERS.get(text[start - 1 : start])
    if closer is None or text[end : end + 1] not in _WRAP_BEGINS:
        return None
    parts = [text[start:end]]
    for _ in range(_MAX_WRAPS):
        wrap = _WRAP.match(text, end)
        more = _TAIL.match(text, wrap.end()) if wrap else None
        if more is None or not more[0]:
            return None
        parts.append(more[0])
        end = more.end()
        if text[end : end + 1] == closer:
            return end, _ESCAPE.sub(r"\1", "".join(parts))
    return None


def _without_end_marks(url: str) -> str:
    for _ in range(4):
        url = url.rstrip(_END_MARKS)
        if "&" not in url[-_LONGEST_ENTITY:]:
            break
        for entity in _END_ENTITIES:
            url = url.removesuffix(entity)
    return url
