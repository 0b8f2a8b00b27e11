"""A URL as an article printed it → its parts, or None where two readers could disagree. Pure.

Browsers, libraries and servers read odd URLs differently (backslashes, user names before the
host, look-alike dots, dot segments). Such a URL is none of ours: an id read out of it would be a
guess.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

MAX_LENGTH = 8000
"""Longer URLs are not read; the longest real wrappers met stay below 2000."""


class UrlParts(NamedTuple):
    host: str
    """Lower case, ASCII."""
    path: str
    """As written; empty or beginning with a slash."""
    query: str
    fragment: str


# A doubled scheme (`http://https://`) and a lost slash (`https:/`) are common damage and leave
# only one possible host. Ports other than the two standard ones lead elsewhere.
_URL = re.compile(
    r"(?:(?:https?:/{1,2}){1,3}|//)?"
    r"([a-z0-9](?:[a-z0-9-]{0,62}\.){1,12}[a-z][a-z0-9-]{0,62})(?::(?:80|443))?"
    r"((?:/[^?#]*)?)(?:\?([^#]*))?(?:#(.*))?",
    re.IGNORECASE | re.ASCII | re.DOTALL,
)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_DOT_SEGMENT = re.compile(r"/(?:\.|%2e){1,2}(?:/|\Z)", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:amp;)*", re.IGNORECASE)


@lru_cache(maxsize=4)  # each network asks for the parts of the same URL
def split(url: str) -> UrlParts | None:
    """The parts of an http(s) URL, with or without its scheme."""
    url = url.strip(" \t\r\n\f")
    if len(url) > MAX_LENGTH or _FORBIDDEN.search(url):
        return None
    match = _URL.fullmatch(url)
    if match is None or _DOT_SEGMENT.search(match[2]):
        return None
    return UrlParts(match[1].lower(), match[2], match[3] or "", match[4] or "")


def parameter(query: str, name: str) -> str | None:
    """The decoded value of a query parameter; None where absent, or given twice and different."""
    values = {
        value
        for key, _, value in (pair.partition("=") for pair in _AMPERSAND.split(query))
        if key == name
    }
    return unquote(values.pop()) if len(values) == 1 else None


def post_number(digits: str | None) -> str | None:
    """The id if it is one that fits a signed 64-bit number, else None."""
    if digits is None or not _NUMBER.fullmatch(digits) or int(digits) >= 2**63:
        return None
    return digits


_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
