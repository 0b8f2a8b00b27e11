"""A post's raw text and its entity lists → the visible text and checked links in it. Pure.

The service counts `indices` in code points and `display_text_range` in UTF-16 units, both of a
text in which `&`, `<` and `>` are escaped (all recorded bodies). Other sources differ, so every
slice is checked before it is linked: a wrong index must never cut or link the wrong words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from ..models import Entity
from . import _json
from ._json import Object

_MAX_ENTITIES = 500
_TCO = re.compile(r"https?://t\.co/([A-Za-z0-9]{1,32})(?![A-Za-z0-9])")


class VisibleText(NamedTuple):
    """What a reader sees of the text."""

    text: str
    entities: tuple[Entity, ...]
    codes: tuple[str, ...]
    """Of every t.co link in the raw text and its entities, in order."""


class _Link(NamedTuple):
    start: int
    end: int
    type: str
    label: str
    url: str | None
    short: str = ""
    """The t.co URL, of a link or a media item."""


def code_of(url: str | None) -> str | None:
    """The code of a t.co URL."""
    match = _TCO.fullmatch(url or "")
    return match[1] if match else None


def visible_text(post: Object, *, is_escaped: bool = True) -> VisibleText:
    """The text without hidden mentions in front and without media and quote links at the end."""
    raw = _json.text(post, "text") or ""
    links = sorted(_links(post, raw), key=lambda link: (link.start, link.end))
    codes = [match[1] for match in _TCO.finditer(raw)]
    codes += [code for link in links if (code := code_of(link.short))]
    start, end = _visible_range(post, raw)
    end = _without_tail(post, raw, start, end, links)
    shown, entities = _spliced(raw[start:end].rstrip(), start, links, is_escaped)
    return VisibleText(shown, entities, tuple(dict.fromkeys(codes)))


def utf16_index(text: str, units: int) -> int:
    """The code point index for a count of UTF-16 units; at most the text's length."""
    if units >= 2 * len(text) or text.isascii():
        return min(units, len(text))
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * units]
    return len(before.decode("utf-16-le", "replace"))


def _visible_range(post: Object, raw: str) -> tuple[int, int]:
    """The display range, as far as it hides what it is for: mentions, and links of t.co."""
    found = _json.span(post, "display_text_range")
    if found is None:
        return 0, len(raw)
    start, end = (utf16_index(raw, units) for units in found)
    if not all(word.startswith("@") for word in raw[:start].split()):
        start = 0
    if not all(_TCO.fullmatch(word) for word in raw[end:].split()):
        end = len(raw)
    return start, max(start, end)


def _without_tail(post: Object, raw: str, start: int, end: int, links: list[_Link]) -> int:
    """Where the text ends before links that are shown as media or as a quoted post."""
    quoted = _json.post_id(_json.mapping(post, "quoted_tweet"), "id_str")
    for link in reversed(links):
        if link.start < start or raw[link.end : end].strip():
            break
        is_quote = quoted and (link.url or "").split("?")[0].endswith(f"/status/{quoted}")
        if link.type != "media" and not is_quote:
            break
        end = min(end, link.start)
    return end


def _spliced(
    raw: str, offset: int, links: list[_Link], is_escaped: bool
) -> tuple[str, tuple[Entity, ...]]:
    """The text unescaped once, and the entities moved along."""
    unescape = html.unescape if is_escaped else str
    parts: list[str] = []
    entities: list[Entity] = []
    at = length = 0
    for link in links:
        start, end = link.start - offset, link.end - offset
        if start < at or end > len(raw):
            continue
        before, inside = unescape(raw[at:start]), unescape(raw[start:end])
        start, length = length + len(before), length + len(before) + len(inside)
        parts += (before, inside)
        label = link.label or inside
        entities.append(Entity(start, length, link.type, label, link.url, code_of(link.short)))
        at = end
    parts.append(unescape(raw[at:]))
    return "".join(parts), tuple(entities)


def _links(post: Object, raw: str) -> Iterator[_Link]:
    """The entities whose words are where they are said to be, or at least in the text."""
    lists = _json.mapping(post, "entities")
    after: dict[str, int] = {}
    count = 0
    for type_, key in _KINDS:
        for item in _json.items(lists, key):
            count += 1
            words = _words(type_, item)
            if not words or count > _MAX_ENTITIES:
                continue
            place = _place(raw, words, _json.span(item, "indices"), after.get(words.lower(), 0))
            if place is not None:
                after[words.lower()] = place[1]
                yield _link(type_, item, words, *place)


_KINDS = (
    ("url", "urls"),
    ("mention", "user_mentions"),
    ("hashtag", "hashtags"),
    ("cashtag", "symbols"),
    ("media", "media"),
)
_NAMED = {"mention": ("@", "screen_name"), "hashtag": ("#", "text"), "cashtag": ("$", "text")}
"""The sign before its words, and where they are told."""
_PAGES = {
    "mention": "https://x.com/",
    "hashtag": "https://x.com/hashtag/",
    "cashtag": "https://x.com/search?q=%24",
}


def _words(type_: str, item: Object) -> str | None:
    """What must stand in the text for this entity."""
    if type_ in ("url", "media"):
        return _json.web_url(item, "url")
    sign, key = _NAMED[type_]
    name = _json.text(item, key)
    return sign + name if name else None


def _link(type_: str, item: Object, words: str, start: int, end: int) -> _Link:
    if type_ in ("url", "media"):
        label = _json.text(item, "display_url") or words
        url = _json.web_url(item, "expanded_url") or words
        return _Link(start, end, type_, label, url, words)
    return _Link(start, end, type_, "", _PAGES[type_] + quote(words[1:], safe=""))


def _place(
    raw: str, words: str, indices: tuple[int, int] | None, after: int
) -> tuple[int, int] | None:
    """Where the words stand: as code points, as UTF-16 units, or next in the text."""
    if indices is not None:
        if _same(raw[slice(*indices)], words):
            return indices
        start, end = (utf16_index(raw, units) for units in indices)
        if _same(raw[start:end], words):
            return start, end
    sign = {"@": "[@＠]", "#": "[#＃]"}.get(words[0], re.escape(words[0]))
    pattern = f"{sign}{re.escape(words[1:])}(?![A-Za-z0-9_])"
    match = re.compile(pattern, re.IGNORECASE).search(raw, after)
    return match.span() if match else None


def _same(found: str, words: str) -> bool:
    found = found.replace("＃", "#", 1).replace("＠", "@", 1)
    return found.casefold() == words.casefold()
