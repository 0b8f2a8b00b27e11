"""Text → the places of the links that the service would make of it. Pure; fetches nothing.

The rules are twitter-text's: a link has a protocol, or is a domain in Latin letters whose last
label is a known top-level domain. The patterns only find candidates; `_domain_end` reads the
labels, so that the whole is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ._chars import CYRILLIC, DIRECTIONAL, INVALID, LATIN_ACCENTS, PUNCTUATION, SPACES
from ._tlds import ASCII_TLDS, OTHER_TLDS

MAX_URL = 4096
MAX_LABEL = 63
MAX_TCO_SLUG = 40

_DOMAIN = f"[^{PUNCTUATION}{SPACES}{INVALID}{DIRECTIONAL}]"
_LATIN = f"[A-Za-z0-9{LATIN_ACCENTS}]"
_PATH_END = rf"+\-A-Za-z0-9=_#/{CYRILLIC}{LATIN_ACCENTS}"
_PATH_MIDDLE = r"!*';:,.$%\[\]\u2013~@|&"
_PATH = f"[{_PATH_END}{_PATH_MIDDLE}]"
_PARENTHESES = rf"\((?!\)){_PATH}*+(?:\({_PATH}++\){_PATH}*+)?+\)"
_QUERY_END = r"A-Za-z0-9\-_&=#/"
_QUERY_MIDDLE = r"!?*'@();:+$%\[\].,~|"

CANDIDATE = re.compile(
    rf"(?<![A-Za-z0-9@＠$#＃{INVALID}])(?:(?P<protocol>[Hh][Tt][Tt][Pp][Ss]?://)"
    rf"|(?<![-_./{LATIN_ACCENTS}]){_LATIN}++(?:-++{_LATIN}++)*+\.(?={_DOMAIN}))"
)
LABELS = re.compile(rf"(?:{_DOMAIN}++(?:[_-]++{_DOMAIN}++)*+\.)++")
LATIN_LABELS = re.compile(rf"(?:{_LATIN}++(?:-++{_LATIN}++)*+\.)++")
TLD = re.compile(
    rf"(?:(?:{'|'.join(OTHER_TLDS)})|(?P<ascii>[A-Za-z]{{2,24}}))(?![0-9A-Za-z@+-])"
    r"|[Xx][Nn]--[-0-9A-Za-z]++"
)
_PATH_PART = (
    rf"[{_PATH_END}]++|{_PARENTHESES}"
    rf"|[{_PATH_MIDDLE}]++(?:{_PARENTHESES}[{_PATH_MIDDLE}]*+)*+[{_PATH_END}]"
)
TAIL = re.compile(
    rf"(?::[0-9]++)?+(?:/(?:{_PATH_PART})*+)?+"
    rf"(?:\?(?:[{_QUERY_MIDDLE}]*+[{_QUERY_END}]++)++)?+"
)
PATH_BEGINS = re.compile(r"(?::[0-9]++)?+/")
TCO = re.compile(
    r"[Hh][Tt][Tt][Pp][Ss]?://[Tt]\.[Cc][Oo]/(?P<slug>[A-Za-z0-9]++)"
    rf"(?:\?(?:[{_QUERY_MIDDLE}]*+[{_QUERY_END}]++)++)?+"
)


class Url(NamedTuple):
    """Where a link lies, in code points."""

    start: int
    end: int
    has_protocol: bool


def find_urls(text: str) -> Iterator[Url]:
    """The links in a text, in order, with and without a protocol."""
    position = 0
    while match := CANDIDATE.search(text, position):
        start, position = match.span()
        has_protocol = match["protocol"] is not None
        domain_start = position if has_protocol else start
        domain_end = _domain_end(text, domain_start, LABELS if has_protocol else LATIN_LABELS)
        if domain_end:
            position = _url_end(text, start, domain_end, has_protocol)
            if _is_linked(text[start:position], text[domain_start:domain_end], has_protocol):
                yield Url(start, position, has_protocol)


def _url_end(text: str, start: int, domain_end: int, has_protocol: bool) -> int:
    if has_protocol and (tco := TCO.match(text, start)):
        return tco.end()
    if not has_protocol and not PATH_BEGINS.match(text, domain_end):
        return domain_end
    tail = TAIL.match(text, domain_end)
    assert tail is not None
    return tail.end()


def _is_linked(url: str, domain: str, has_protocol: bool) -> bool:
    """Whether it keeps within the lengths that links, short codes and DNS labels may have."""
    if has_protocol and (tco := TCO.match(url)) and len(tco["slug"]) > MAX_TCO_SLUG:
        return False
    return len(url) <= MAX_URL and _is_encodable(domain)


def _domain_end(text: str, start: int, labels: re.Pattern[str]) -> int:
    """The end of the longest domain that begins at `start`, or 0.

    Walks back from the last dot: the label before it may hold no underscore, the one after it
    must begin with a top-level domain.
    """
    match = labels.match(text, start)
    if match is None:
        return 0
    dot = match.end() - 1
    while dot > 0:
        before = text.rfind(".", start, dot)
        tld = TLD.match(text, dot + 1)
        if (
            tld is not None
            and (tld["ascii"] is None or tld["ascii"].lower() in ASCII_TLDS)
            and "_" not in text[max(before, start) : dot]
        ):
            return tld.end()
        dot = before
    return 0


def _is_encodable(domain: str) -> bool:
    """Whether each label fits a DNS label once it is written in punycode."""
    for label in domain.split("."):
        if len(label) > MAX_LABEL:
            return False
        if not label.isascii():
            if label[:4].lower() == "xn--":
                return False
            if len(label.encode("punycode")) + 4 > MAX_LABEL:
                return False
    return True
