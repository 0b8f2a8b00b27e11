"""A token → what lies in it: the attributes of a tag, the content of a comment. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .references import decode
from .tokens import END, Token


class Attribute(NamedTuple):
    """An attribute and the place of its value, without the quotes."""

    name: str
    value: str
    start: int
    end: int


ATTRIBUTE = (
    r"[\t\n\f\r /]*+([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    r"(?>[\t\n\f\r ]*+=[\t\n\f\r ]*+"
    r"""(?>"([^"]*+)(?:"|\Z)|'([^']*+)(?:'|\Z)|([^\t\n\f\r >"'][^\t\n\f\r >]*+)|(?=>)|\Z))?+"""
)
"""A pattern; its groups are the name and the value as it may be quoted."""
_ATTRIBUTES = re.compile(ATTRIBUTE)
_COMMENT_TAIL = re.compile(r"(?:--!?>?|-)\Z")


def attributes(text: str, tag: Token) -> Iterator[Attribute]:
    """The attributes of a tag of `text` as written, duplicates included; the first one counts."""
    at, end = tag.start + 1 + len(tag.name) + (tag.kind == END), tag.end - 1
    while (found := _ATTRIBUTES.match(text, at, end)) is not None:
        at = found.end()
        group = found.lastindex or 1
        start, stop = found.span(group) if group > 1 else (at, at)
        value = decode(text[start:stop], is_attribute=True) if group > 1 else ""
        yield Attribute(lower(found[1]), value, start, stop)


def attribute_values(text: str, at: int, end: int) -> dict[str, str]:
    """The attributes that lie from `at` to `end`, name → value; of doubled ones the first.

    To tell where they lie as well takes longer.
    """
    found: dict[str, str] = {}
    # One behind the other: a search would look anew from each of the blanks behind the last one.
    while (one := _ATTRIBUTES.match(text, at, end)) is not None:
        at = one.end()
        name, double, single, bare = one.groups("")
        found.setdefault(lower(name), decode(double or single or bare, is_attribute=True))
    return found


_HREF = re.compile(r'<[aA](?: (?!href=)[a-z-]++="[^"]*+")*+ href="([^"]*+)"')
"""As nearly all links are written."""


def find_href(text: str, start: int, end: int) -> str | None:
    """The address of the link whose start tag lies from `start` to `end`, if it has one."""
    if simple := _HREF.match(text, start, end):
        return decode(simple[1], is_attribute=True)
    at = start + 2
    while (found := _ATTRIBUTES.match(text, at, end - 1)) is not None:  # as above
        at = found.end()
        if found[1].lower() == "href":
            group = found.lastindex or 1
            return decode(found[group], is_attribute=True) if group > 1 else ""
    return None


def is_self_closing(text: str, tag: Token) -> bool:
    """Whether the tag ends in a slash that is no part of a value."""
    if not text.endswith("/>", tag.start, tag.end):
        return False
    return all(attribute.end < tag.end - 1 for attribute in attributes(text, tag))


def comment_span(text: str, comment: Token) -> tuple[int, int]:
    """Where a comment's content lies in `text`."""
    if not text.startswith("<!--", comment.start):
        skip = 1 if text.startswith("<?", comment.start) else 2
        is_closed = text.endswith(">", comment.start + skip, comment.end)
        return comment.start + skip, comment.end - is_closed
    start, end = comment.start + 4, comment.end
    if text[start:end] in (">", "->"):
        return start, start
    tail = _COMMENT_TAIL.search(text, max(start, end - 4), end)
    return start, tail.start() if tail else end


def lower(name: str) -> str:
    """ASCII lower case only: U+0130 must not become two characters."""
    if name.isascii():
        return name.lower()
    return "".join(c.lower() if c.isascii() else c for c in name)
