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

_LOGO = re.compile(r"(?:!\[)?twitter logo(?:\]\([^()\s]{1,300}\))?")
_CAPTION = " profile image"
_AVATAR_NAME = re.compile(r"(?:!\[)?(?P<name>[^\n\[\]]{1,60})\Z")
_IMAGE = re.compile(r"\]\([^()\s]{1,300}\)")
_AUTHOR = re.compile(r"[^@\n]{0,80}\n?\s{0,8}@\s?(?P<handle>(?:[A-Za-z0-9]|\\?_|\s){1,40})\Z")
_HEAD = 600
"""Characters between avatar and logo; image paths are long."""
_MEDIA = re.compile(r"(?:!\[)?unknown tweet media content(?:\]\([^()\s]{1,300}\))?\s*\Z")
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}\s?[AaPp][Mm]\s?-\s?")
_ACTIONS = re.compile(
    r"(?:[\[!\s]{0,12}Twitter (?:reply|retweet|like) action(?:\]\([^()\s]{1,300}\))?"
    r"(?:\]\([^()\s]{1,300}\))?\s{0,8}[0-9]{0,6}){1,3}"
)
_INTENT = re.compile(r"https?://(?:twitter|x)\.com/intent/[a-z]+\?[^()\s\"]{1,200}")
_PARAGRAPH = re.compile(r"\r?\n[ \t]*\r?\n")
_CARD = 1500
"""Characters; a card with its image paths is shorter."""
_CONFIDENCE = 0.95
_GUESSED = 0.5


class DevtoText:
    """The card of 2017 to 2022; it prints UTC, 24 hours with AM or PM."""

    name = "devto_text"
    literals = (b"twitter logo",)
    companions = (" profile image",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed for each card; where a translator broke it, intent links keep the id."""
        if page.document.media_type == "text/html":
            return
        text = page.document.text
        floor = 0
        for logo in _LOGO.finditer(text):
            card = _card(text, floor, logo)
            if card is not None:
                yield card
                floor = card.end


FORM = DevtoText()


def _card(text: str, floor: int, logo: re.Match[str]) -> Reference | None:
    caption = text.rfind(_CAPTION, max(floor, logo.start() - _HEAD), logo.start())
    line = text.rfind("\n", floor, max(caption, floor)) + 1
    avatar = _AVATAR_NAME.search(text, max(line, floor, caption - 62), max(caption, floor))
    if caption < 0 or avatar is None:
        return None
    behind = caption + len(_CAPTION)
    image = _IMAGE.match(text, behind)
    author = _AUTHOR.match(text[image.end() if image else behind : logo.start()].strip())
    if author is None:
        return None
    media = _MEDIA.search(text, max(floor, avatar.start() - 200), avatar.start())
    start = (media or avatar).start()
    next_logo = text.find("twitter logo", logo.end())
    limit = min(logo.end() + _CARD, len(text) if next_logo < 0 else next_logo)
    end, printed, words_end = _tail(text, logo.end(), limit)
    intent = _INTENT.search(text, words_end, end)
    post = identify(intent[0]) if intent else None
    words = text[logo.end() : words_end]
    claim = Claim(
        post_id=post.target.post_id if post else None,
        handle=re.sub(r"[\s\\]", "", author["handle"]),
        name=avatar["name"].strip() or None,
        date=printed,
        text=visible_text(words, Marks(is_markdown=True)) or None,
        text_span=Span(logo.end(), words_end),
        codes=codes_in(words, printed),
        confidence=_CONFIDENCE if printed else _GUESSED,
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
        paragraph = _PARAGRAPH.search(text, start + 2, limit)
        words_end = min(place.start() if place else limit for place in (actions, paragraph))
    end = actions.end() if actions else (dated[1] if printed and dated else words_end)
    return max(end, words_end), printed, words_end
