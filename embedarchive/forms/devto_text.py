"""The card that dev.to made of a tweet, as text: author between image captions, then the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..flattened.dates import match_date
from ..flattened.visible import Marks, codes_in, visible_text
from ..models import Claim, Kind, Reference, Span
from ..networks import identify
from ..projection import Page

_IMAGE = r"(?:\]\([^()\s]{1,300}\))?"
_HEAD = re.compile(
    rf"(?:!\[)?(?P<avatar>[^\n\[\]]{{1,60}}?) profile image{_IMAGE}\s*"
    r"(?P<name>[^@\n]{0,80}?)\s*@\s?(?P<handle>(?:[A-Za-z0-9]|\s?\\?_\s?){1,24}?)\s*"
    rf"(?:!\[)?twitter logo{_IMAGE}"
)
_MEDIA = re.compile(r"(?:!\[)?unknown tweet media content(?:\]\([^()\s]{1,300}\))?\s*\Z")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}\s?[AaPp][Mm]\s?-\s?")
_ACTIONS = re.compile(
    r"(?:[\[!\s]{0,12}Twitter (?:reply|retweet|like) action(?:\]\([^()\s]{1,300}\))?"
    r"(?:\]\([^()\s]{1,300}\))?\s{0,8}[0-9]{0,6}){1,3}"
)
_INTENT = re.compile(r"https?://(?:twitter|x)\.com/intent/[a-z]+\?[^()\s\"]{1,200}")
_CARD = 1500
"""Characters; a card with its image paths is shorter."""


class DevtoText:
    """The card of 2017 to 2022; it prints UTC, 24 hours with AM or PM."""

    name = "devto_text"
    literals = (b"twitter logo",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed for each card; where a translator broke it, intent links keep the id."""
        if page.document.media_type == "text/html":
            return
        text = page.document.text
        for head in _HEAD.finditer(text):
            yield _card(text, head)


FORM = DevtoText()


def _card(text: str, head: re.Match[str]) -> Reference:
    limit = text.find("twitter logo", head.end())
    limit = min(head.end() + _CARD, len(text) if limit < 0 else limit)
    end, printed, words_end = _tail(text, head.end(), limit)
    media = _MEDIA.search(text, max(0, head.start() - 200), head.start())
    start = media.start() if media else head.start()
    intent = _INTENT.search(text, words_end, end)
    post = identify(intent[0]) if intent else None
    marks = Marks(is_markdown=True)
    claim = Claim(
        post_id=post.target.post_id if post else None,
        handle=re.sub(r"[\s\\]", "", head["handle"]),
        name=head["avatar"].strip() or None,
        date=printed,
        text=visible_text(text[head.end() : words_end], marks) or None,
        text_span=Span(head.end(), words_end),
        codes=codes_in(text[head.end() : words_end], printed),
        confidence=0.95 if printed else 0.5,
    )
    url = intent[0] if intent else None
    return Reference(start, end, text[start:end], FORM.name, Kind.EMBED, claim, url)


def _tail(text: str, start: int, limit: int) -> tuple[int, date | None, int]:
    """Where the card ends, its date, and where its text ends."""
    printed, words_end = None, limit
    for time in _TIME.finditer(text, start, limit):
        dated = match_date(text, time.end())
        if dated is not None:
            printed, words_end = dated[0], time.start()
            break
    actions = _ACTIONS.search(text, start, limit)
    if printed is None:
        paragraph = text.find("\n\n", start + 2, limit)
        bounds = [actions.start() if actions else limit, paragraph if paragraph > 0 else limit]
        words_end = min(bounds)
    end = actions.end() if actions else (dated[1] if printed and dated else words_end)
    return max(end, words_end), printed, words_end
