"""Text → what in it the service links: links, mentions, lists, hashtags, cashtags. Pure.

For text without an entity list: claims read from articles, oEmbed answers. Places are code points.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ._chars import DIRECTIONAL, LATIN_ACCENTS, PUNCTUATION, SPACES
from .urls import find_urls

_AFTER_MENTION = rf"(?![@＠{LATIN_ACCENTS}]|://)"
MENTION = re.compile(
    r"(?:(?<![A-Za-z0-9_!#$%&*@＠])|(?<=[Rr][Tt])(?<![A-Za-z0-9_+~.\-][Rr][Tt]))"
    r"[@＠](?P<name>[A-Za-z0-9_]{1,20}+)(?P<list>/[A-Za-z][A-Za-z0-9_\-]{0,24}+)?+" + _AFTER_MENTION
)
REPLY = re.compile(rf"[{SPACES}{DIRECTIONAL}]*+[@＠]([A-Za-z0-9_]{{1,20}}+)" + _AFTER_MENTION)
CASHTAG = re.compile(
    rf"(?<![^{SPACES}{DIRECTIONAL}])\$([A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?)"
    rf"(?=\Z|[{SPACES}]|[{PUNCTUATION}])"
)
HASH = re.compile(r"[#＃](?![\ufe0f\u20e3])")

_VARIATION_SELECTORS = "\ufe0e\ufe0f"
_IN_HASHTAGS = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
)
"""Characters of hashtags that are no letters, marks or digits."""


@dataclass(frozen=True, slots=True)
class TextEntity:
    """`value` is what the entity names: a URL, or a name without its `@`, `#` or `$`."""

    start: int
    end: int
    type: str
    """`url`, `mention`, `list`, `hashtag` or `cashtag`."""
    value: str


def extract_entities(text: str, *, bare_urls: bool = True) -> list[TextEntity]:
    """All entities of a text, in order; of two that overlap the one that begins first.

    `bare_urls` tells whether domains without a protocol count as links.
    """
    found = [*_urls(text, bare_urls), *find_mentions(text), *find_cashtags(text)]
    found += _hashtags(text)
    return _without_overlaps(found)


def find_mentions(text: str) -> list[TextEntity]:
    """The accounts (`mention`, value `name`) and lists (`list`, value `name/slug`) in a text."""
    return [
        TextEntity(
            match.start(),
            match.end(),
            "list" if match["list"] else "mention",
            match["name"] + (match["list"] or ""),
        )
        for match in MENTION.finditer(text)
    ]


def find_hashtags(text: str) -> list[TextEntity]:
    """The hashtags in a text that are no part of a link."""
    urls = _urls(text, bare_urls=True)
    return [e for e in _without_overlaps(urls + _hashtags(text)) if e.type == "hashtag"]


def find_cashtags(text: str) -> list[TextEntity]:
    """The stock symbols in a text."""
    return [
        TextEntity(match.start(), match.end(), "cashtag", match[1])
        for match in CASHTAG.finditer(text)
    ]


def reply_to(text: str) -> str | None:
    """The account that a text begins with, without `@`: the one it replies to."""
    match = REPLY.match(text)
    return match[1] if match else None


def _urls(text: str, bare_urls: bool) -> list[TextEntity]:
    return [
        TextEntity(url.start, url.end, "url", text[url.start : url.end])
        for url in find_urls(text)
        if url.has_protocol or bare_urls
    ]


def _hashtags(text: str) -> list[TextEntity]:
    tags = []
    position = 0
    while match := HASH.search(text, position):
        position = _run_end(text, match.end())
        value = text[match.end() : position]
        if (
            _may_precede(text[match.start() - 1 : match.start()])
            and any(unicodedata.category(char)[0] in "LM" for char in value)
            and not text.startswith(("#", "＃", "://"), position)
        ):
            tags.append(TextEntity(match.start(), position, "hashtag", value))
    return tags


def _run_end(text: str, start: int) -> int:
    """Where the hashtag characters that begin at `start` end."""
    end = start
    while end < len(text) and _is_in_hashtags(text[end]):
        end += 1
    return end


def _is_in_hashtags(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd" or char in _IN_HASHTAGS


def _may_precede(char: str) -> bool:
    """Whether a hashtag may follow this character; `char` is empty at the start of the text."""
    return not char or char in _VARIATION_SELECTORS or not (char == "&" or _is_in_hashtags(char))


def _without_overlaps(entities: list[TextEntity]) -> list[TextEntity]:
    kept: list[TextEntity] = []
    for entity in sorted(entities, key=lambda e: e.start):
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    return kept
