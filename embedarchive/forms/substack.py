"""Substack's tweet box: all the service said, as JSON in an attribute, or as elements since 2022.

The date in the JSON is UTC to the second. A quoted tweet inside has a text but no id.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime

from ..flattened.dates import parse_date
from ..flattened.visible import codes_in
from ..models import Claim, PostUrl, Reference
from ..networks import identify
from ..networks.x import NETWORK as X
from ..projection import Markup, Page
from ..tokenizer import START, decode
from ._element import class_words, element_span, refer, values
from ._quote import printed_day

_DIV = ("div",)
_TAG = re.compile(r"</?(?:span|a|br|p|b|i|em|strong)\b[^<>]{0,400}>", re.IGNORECASE)
_CREATED_AT = "%a %b %d %H:%M:%S %z %Y"
_DAMAGE = ").,"
"""What was glued to the address when the box was made from a pasted link."""
_PARTS = ("tweet-author-name", "tweet-author-handle", "tweet-text", "tweet-date", "tweet-footer")
_HANDLE = re.compile(r"@?([A-Za-z0-9_]{1,15})")


class Substack:
    name = "substack"
    literals = (b"data-attrs=", b"tweet-link-top")
    patterns = X.patterns
    marks = b"="

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference a box."""
        text = page.document.text
        if "data-attrs" not in text and "tweet-link-top" not in text:
            return
        markup, reach = page.markup, 0
        for index in markup.named(*_DIV):
            attributes = values(markup, index)
            if index < reach or "tweet" not in class_words(attributes).split():
                continue
            found = _from_json(attributes.get("data-attrs", ""))
            if found is None and "tweet-link-top" in text:
                found = _from_parts(markup, index)
                reach = markup.element_end(index)
            if found is not None:
                url, claim = found
                span = element_span(markup, index)
                yield refer(page, markup, span, self.name, claim, url=url)


def _post(url: object) -> PostUrl | None:
    post = identify(url.rstrip(_DAMAGE)) if isinstance(url, str) else None
    return post if post and post.target.network == "x" else None


def _from_json(value: str) -> tuple[str, Claim] | None:
    try:
        said = json.loads(value)
    except (ValueError, RecursionError):
        return None
    post = _post(said.get("url")) if isinstance(said, dict) else None
    if post is None:
        return None
    text = decode(_TAG.sub("", _string(said, "full_text") or "")).strip() or None
    day = None
    try:
        day = datetime.strptime(_string(said, "date") or "", _CREATED_AT).date()
    except ValueError:
        day = parse_date(_string(said, "date") or "")
    photos = said.get("photos")
    links = [_string(photo, "link_url") for photo in photos] if isinstance(photos, list) else []
    return said["url"], Claim(
        post_id=post.target.post_id,
        handle=_string(said, "username") or post.handle,
        name=_string(said, "name"),
        date=day,
        text=text,
        codes=codes_in(" ".join([text or "", *filter(None, links)]), day),
    )


def _string(said: object, name: str) -> str | None:
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) and value else None


def _from_parts(markup: Markup, index: int) -> tuple[str, Claim] | None:
    """The form of 2022 and later, whose link lies over the whole box."""
    after = markup.element_end(index)
    parts: dict[str, str] = {}
    url = ""
    for inner in range(index + 1, after):
        if markup.tokens[inner].kind != START:
            continue
        attributes = values(markup, inner)
        words = class_words(attributes)
        if "tweet-link" in words and not url:
            url = attributes.get("href", "")
        for part in _PARTS:
            if part in words and part not in parts:
                visible = markup.visible(inner, min(markup.element_end(inner), after))
                parts[part] = visible.text.strip()
    post = _post(url)
    if post is None:
        return None
    handle = _HANDLE.match(parts.get("tweet-author-handle", ""))
    text = parts.get("tweet-text") or None
    day = printed_day(parts.get("tweet-date", ""))
    return url, Claim(
        post_id=post.target.post_id,
        handle=handle[1] if handle else post.handle,
        name=parts.get("tweet-author-name") or None,
        date=day,
        text=text,
        codes=codes_in(text or "", day),
    )


FORM = Substack()
