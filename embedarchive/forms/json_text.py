"""Flattened embeds in a page's own data: `articleBody` and its like, escaped as JSON strings.

Where the visible page prints the same handle, that is the better place and this one is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from ..models import Alternative, Claim, Reference, Span
from ..networks import identify
from ..patterns import ENOUGH
from ..projection import Markup, Page, unescaped, without_backslashes
from ._chrome import SHORT_PATTERNS
from .flattened import read_flattened

_STRING = re.compile(
    r'(?:[^"]*+"(?:[^"\\(]++|\\(?!\(@).|\((?!@))*+")*+[^"]*+"((?:[^"\\]++|\\.)*+)"', re.DOTALL
)
"""The next string with a handle in brackets; those before it are skipped."""
_OPEN = re.compile(r"\(@")
_ESCAPED_DASH = re.compile(r"\\u20(?:1[2-5]|00)")
_HANDLE = re.compile(r"@(?<!/@)([A-Za-z0-9_]{1,15})")
"""Not the profile in a URL of TikTok's or Mastodon's: that prints nobody's post."""
_IN_BRACKETS = re.compile(r"\(@([A-Za-z0-9_]{1,15})\)")
_URL_BEFORE = re.compile(r"(https?://[^\s\"<>]{10,200})\s{0,40}\Z")
_MAX_LENGTH = 200_000
_MOST = 200
"""Strings read in a page; each is a text of its own. The 513 pages of the open set have up to 5."""
_CONFIDENCE = 0.6

_Place = Callable[[int, int], Span]


class JsonText:
    name = "json_text"
    literals = (b"(@",)
    marks = b"\\"
    patterns = (
        rf"\(@[a-z0-9_.@-]{{1,80}}\){ENOUGH}"
        r"(?:<[^<>]*>|\\u[0-9a-f]{4}|\\[a-z]|[^a-z0-9<\\]){0,200}"
        r"[^0-9<>]{0,90}[0-9]",
        *SHORT_PATTERNS,
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference an attribution; an address directly before the text names its post."""
        text = page.document.text
        if "(@" not in text or "\\" not in text:
            return
        scripts, torn = _with_handles(page.markup)
        every = (string for span in scripts for string in _strings(text, span))
        strings = list(islice(every, _MOST))
        if not strings and not torn:
            return
        shown = _handles_outside(text, sorted([*scripts, *torn]))
        for span in sorted([*strings, *torn]):
            handles = [found[1].lower() for found in _IN_BRACKETS.finditer(text, *span)]
            if len(handles) == text.count("(@", *span) and shown.issuperset(handles):
                continue
            for reference in _read(page, span):
                if (reference.claim.handle or "").lower() not in shown:
                    yield reference


def _with_handles(
    markup: Markup,
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The scripts with an attribution in them, and the torn texts: with an escaped dash as well."""
    text, tokens = markup.text, markup.tokens
    scripts: list[tuple[int, int]] = []
    torn: list[tuple[int, int]] = []
    done = 0
    for found in _OPEN.finditer(text) if tokens else ():
        at = found.start()
        index = markup.token_at(at)
        mark, span = tokens.marks[index], (tokens.starts[index], tokens.ends[index])
        if at < done or at + 2 > span[1]:
            continue
        if mark == "#rawtext":
            scripts.append(span)
        elif mark == "#text" and _ESCAPED_DASH.search(text, *span):
            torn.append(span)
        done = span[1]
    return scripts, torn[:_MOST]


def _strings(text: str, script: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The strings of a script with an attribution in them."""
    at, limit = script
    # A string without an end is the last of all: `match` goes no further, where `search` would.
    while (string := _STRING.match(text, at, limit)) is not None:
        start, end = string.span(1)
        if end - start <= _MAX_LENGTH and text.find("(@", start, end) >= 0:
            yield start, end
        at = string.end()


def _read(page: Page, span: tuple[int, int]) -> Iterator[Reference]:
    words, place = unescaped(page.document.text, *span, without_backslashes)
    media_type = "text/html" if "</" in words else "text/plain"
    inner = Page(replace(page.document, media_type=media_type, text=words))
    for reference in read_flattened(inner):
        start, claim, url = reference.start, reference.claim, reference.url
        before = _URL_BEFORE.search(words, max(0, start - 240), start)
        post = identify(before[1]) if before and not claim.post_id else None
        if before and post and _same(post.handle, claim.handle):
            claim = replace(claim, post_id=post.target.post_id)
            start, url = before.start(), before[1]
        begin, end = place(start, reference.end)
        yield replace(
            reference,
            start=begin,
            end=end,
            raw=page.document.text[begin:end],
            form=JsonText.name,
            claim=_placed(claim, place),
            url=url,
            parts=tuple(place(*part) for part in reference.parts),
        )


def _placed(claim: Claim, place: _Place) -> Claim:
    return replace(
        claim,
        text_span=place(*claim.text_span) if claim.text_span else None,
        alternatives=tuple(
            Alternative(*place(other.start, other.end), other.text, other.confidence)
            for other in claim.alternatives
        ),
        confidence=min(claim.confidence, _CONFIDENCE),
        flags=(*claim.flags, "page-json"),
    )


def _same(one: str | None, other: str | None) -> bool:
    return one is None or (other is not None and one.lower() == other.lower())


def _handles_outside(text: str, data: list[tuple[int, int]]) -> set[str]:
    handles: set[str] = set()
    at = 0
    for start, end in (*data, (len(text), len(text))):
        handles.update(handle.lower() for handle in _HANDLE.findall(text, at, start))
        at = end
    return handles


FORM = JsonText()
