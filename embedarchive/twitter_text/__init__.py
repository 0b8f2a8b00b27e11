"""The service's own text rules: how long a text counts, and what in it is a link. Pure.

Text in; weighted lengths, entities and linked HTML out. Never fetches, never expands a short link.
Judged by the cases of twitter-text's conformance suite (2021-10-21).
"""

from __future__ import annotations

from .autolink import UrlLabel, autolink
from .entities import (
    TextEntity,
    extract_entities,
    find_cashtags,
    find_hashtags,
    find_mentions,
    reply_to,
)
from .length import (
    LEGACY_MAX_LENGTH,
    LENGTH_DOUBLED,
    MAX_WEIGHTED_LENGTH,
    weighted_length,
    weights,
)
from .urls import Url, find_urls

__all__ = [
    "LEGACY_MAX_LENGTH",
    "LENGTH_DOUBLED",
    "MAX_WEIGHTED_LENGTH",
    "TextEntity",
    "Url",
    "UrlLabel",
    "autolink",
    "extract_entities",
    "find_cashtags",
    "find_hashtags",
    "find_mentions",
    "find_urls",
    "reply_to",
    "weighted_length",
    "weights",
]
