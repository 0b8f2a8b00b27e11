"""Embeds in a page's own data: blockquotes in JSON strings, objects that name a tweet.

Client-side pages keep their articles there. Where the visible page names the same post as well,
that is the better place and this one is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..models import Claim, Reference, Span
from ..networks import identify
from ..networks.x import NETWORK as X
from ..projection import Markup, Page, unescaped, without_backslashes
from ._blockquotes import MARKED, find_blockquotes
from ._element import claim_of, numbers_outside, post_number, refer
from ._places import Places

_OPENING = re.compile(r"blockquote(?=[^<>]{1,300}?(\\{1,3})[\"'])")
_LESS = re.compile(r"(?:<|\\{1,3}u003[cC])\Z")
_CLOSING = re.compile(r"(?:<|\\{1,3}u003c)\\{0,3}/blockquote(?:>|\\{1,3}u003e)", re.IGNORECASE)
_MARK = re.compile(r"twitter-(?:tweet|video)", re.IGNORECASE)
_MAX_LENGTH = 12_000
_ID = re.compile(
    r"""weet(?:_?[sS]tatus)?_?(?:id|Id|ID)\\{0,3}"\s{0,4}:\s{0,4}"""
    r"""\\{0,3}"?([1-9][0-9]{0,18})(?![0-9.])\\{0,3}"?"""
)
_STATUS = re.compile(r"/status(?:es)?\\{0,3}/[0-9]")
_URL = re.compile(r"""https?:(?:[^"\\<>\s]|\\{1,3}[/u]){5,1000}(?=\\{0,3}")""")
_URL_KEY = re.compile(
    r"""\\{0,3}"(?:(?:tweet|o?embed|canonical|source)_?)?(?:url|link)\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}"\Z""",
    re.IGNORECASE,
)
_SAYS_TWEET = re.compile(
    r"""["'](?:provider_?name|service|type|_type|__typename|embed_?type|component|kind|name)"""
    r"""\\{0,3}["']\s{0,4}:\s{0,4}\\{0,3}["'][^"'\\]{0,60}(?:twitter|tweet)""",
    re.IGNORECASE,
)
_AROUND = 400
"""Characters around a URL in which the rest of its object is looked for."""
_CONFIDENCE = 0.7


class PageJson:
    name = "page_json"
    literals = (
        *(b"twitter-tweet", b"twitter-video", b"/status", b"tweetid", b"tweet_id"),
        *(b"tweetstatusid", b"tweetstatus_id", b"tweet_statusid", b"tweet_status_id"),
    )
    marks = b'"'
    patterns = (
        *(MARKED, *X.patterns),
        r"weet(?:_?status)?_?id\\{0,3}\"\s{0,4}:\s{0,4}\\{0,3}\"?[1-9]",
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a post that only the page's data names."""
        text = page.document.text
        if '"' not in text:
            return
        # Scripts are the only places with a page's data.
        data = [(token.start, token.end) for token in page.markup.scripts]
        every = sorted((*_quotes(page), *_objects(page, data)), key=lambda found: found.start)
        numbers = {found.claim.post_id or "" for found in every}
        # Some strings were torn out of their script: they are no page that a reader sees, either.
        scripts = Places([Span(*span) for span in data])
        torn = [(found.start, found.end) for found in every if not scripts.hold(found.start)]
        visible = numbers_outside(text, numbers, sorted([*data, *torn])) if data else set()
        seen: set[str] = set()
        for found in every:
            post_id = found.claim.post_id or ""
            if post_id in seen or post_id in visible:
                continue
            seen.add(post_id)
            flags = (*found.claim.flags, "page-json")
            yield replace(found, claim=replace(found.claim, confidence=_CONFIDENCE, flags=flags))


def _quotes(page: Page) -> Iterator[Reference]:
    text = page.document.text
    reach = 0
    at = text.find("blockquote") if "\\" in text else -1
    while at >= 0:
        opening, at = _OPENING.match(text, at), text.find("blockquote", at + 1)
        if opening is None:
            continue
        less = _LESS.search(text, max(reach, opening.start() - 8), opening.start())
        if less is None:
            continue
        start = less.start()
        if not _MARK.search(text, start, start + 500):
            continue
        closing = _CLOSING.search(text, opening.end(), start + _MAX_LENGTH)
        reach = closing.end() if closing else min(start + _MAX_LENGTH, len(text))
        # One backslash before a quote is one string; three are a string in a string.
        times = 2 if len(opening[1]) > 1 else 1
        inner = Markup(*unescaped(text, start, reach, without_backslashes, times))
        yield from find_blockquotes(page, inner, PageJson.name)


def _objects(page: Page, data: Iterable[tuple[int, int]]) -> Iterator[Reference]:
    text, markup = page.document.text, page.markup
    for span in data:
        for found in _ID.finditer(text, *span) if text.find("weet", *span) >= 0 else ():
            post_id = post_number(found[1])
            start = text.rfind('"', max(span[0], found.start() - 20), found.start())
            if post_id and start >= 0:
                place = (start, found.end())
                yield refer(page, markup, place, PageJson.name, Claim(post_id=post_id))
        for status in _STATUS.finditer(text, *span) if text.find("/status", *span) >= 0 else ():
            yield from _object(page, span, status.start())


def _object(page: Page, span: tuple[int, int], at: int) -> Iterator[Reference]:
    """The string around a status path, where its key or its object say that it is an embed."""
    text = page.document.text
    start = text.rfind('"', max(span[0], at - _AROUND), at) + 1
    found = _URL.match(text, start, span[1]) if start else None
    key = _URL_KEY.search(text, max(span[0], start - 40), start) if found else None
    if found is None or key is None:
        return
    url = without_backslashes(found[0], 0, len(found[0])).text
    post = identify(url)
    low, high = max(span[0], start - _AROUND), min(span[1], found.end() + _AROUND)
    if post and post.target.network == "x" and _SAYS_TWEET.search(text, low, high):
        place = (start, found.end())
        yield refer(page, page.markup, place, PageJson.name, claim_of(post), url=url)


FORM = PageJson()
