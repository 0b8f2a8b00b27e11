"""Substack's card of a tweet, as text: `Twitter avatar for @h`, name and handle, text, UTC time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ..flattened.dates import match_date
from ..flattened.visible import Marks, codes_in, visible_text
from ..models import Claim, Kind, Reference, Span
from ..networks import identify
from ..projection import Page

_AVATAR = re.compile(
    r"(?:\[\s{0,6})?(?:!\[)?Twitter avatar for @(?P<handle>(?:\\?_|[A-Za-z0-9]){1,30})"
    r"(?P<image>\]\((?P<src>[^()\s]{1,400})\))?\s{0,20}"
)
_QUOTED = "w_40"
"""The size of the avatar that opens the post quoted inside; the outer one is larger."""
_LINK = re.compile(r"\s*\]\((?P<url>https?://(?:www\.)?(?:twitter|x)\.com/[^()\s]{1,200})\)")
_TIME = re.compile(r"[\[\s]{0,12}[0-9]{1,2}:[0-9]{2}\s?[AP]M\s?[∙·•]\s?")
_COUNTS = re.compile(
    r"[\s*\[]{0,16}"
    r"(?:[0-9][0-9,.K]{0,9}\s?(?:Likes?|Retweets?|Replies|Reply|Quote Tweets?)\s{0,8}){1,4}"
)
_PARAGRAPH = re.compile(r"\r?\n[ \t]*\r?\n")
_CARD = 1500
_CONFIDENCE = 0.95
_GUESSED = 0.6


class _Tail(NamedTuple):
    words_end: int
    end: int
    url: str | None
    date: date | None


class SubstackText:
    """The card as Markdown or plain text; the avatar's caption tells the handle."""

    name = "substack_text"
    literals = (b"twitter avatar for @",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed for each large avatar that is followed by its author's handle."""
        if page.document.media_type == "text/html":
            return
        text = page.document.text
        avatars = list(_AVATAR.finditer(text))
        for index, avatar in enumerate(avatars, start=1):
            limit = avatars[index].start() if index < len(avatars) else len(text)
            is_quoted = avatar["src"] is not None and _QUOTED in avatar["src"]
            card = None if is_quoted else _card(text, avatar, limit)
            if card is not None:
                yield card


FORM = SubstackText()


def _card(text: str, avatar: re.Match[str], limit: int) -> Reference | None:
    handle = avatar["handle"].replace("\\", "")
    limit = min(limit, avatar.end() + _CARD)
    written = re.escape(handle).replace("_", r"\\?_")
    author = re.compile(rf"([^\n@]{{0,80}}?)\s?@{written}", re.IGNORECASE)
    found = author.match(text, avatar.end(), limit)
    if found is None:
        return None
    tail = _tail(text, found.end(), limit)
    marks = Marks(is_markdown=True)
    post = identify(tail.url) if tail.url else None
    raw_words = text[found.end() : tail.words_end]
    claim = Claim(
        post_id=post.target.post_id if post else None,
        handle=handle,
        name=visible_text(found[1], marks).strip() or None,
        date=tail.date,
        text=visible_text(raw_words, marks) or None,
        text_span=Span(found.end(), tail.words_end) if raw_words.strip() else None,
        codes=codes_in(raw_words, tail.date),
        confidence=_CONFIDENCE if tail.url or tail.date else _GUESSED,
    )
    start, end = avatar.start(), tail.end
    return Reference(start, end, text[start:end], FORM.name, Kind.EMBED, claim, tail.url)


def _tail(text: str, start: int, limit: int) -> _Tail:
    """The text ends at its link or time; where neither is left, at the end of its paragraph."""
    link = _LINK.search(text, start, limit)
    time = dated = None
    for time in _TIME.finditer(text, start, limit):
        dated = match_date(text, time.end())
        if dated is not None:
            break
    ends = [place.start() for place in (link, time if dated else None) if place]
    if not ends:
        body = start + len(text[start:limit]) - len(text[start:limit].lstrip())
        paragraph = _PARAGRAPH.search(text, body, limit)
        words_end = paragraph.start() if paragraph else limit
        words_end = body + len(text[body:words_end].rstrip())
        return _Tail(words_end, words_end, None, None)
    end = max(link.end() if link else 0, dated[1] if dated else 0)
    counts = _COUNTS.match(text, end, limit)
    end = counts.end() if counts else end
    again = _LINK.match(text, end, limit)
    end = again.end() if again else end
    end = start + len(text[start:end].rstrip())
    return _Tail(min(ends), end, link["url"] if link else None, dated[0] if dated else None)
