"""A post → a Markdown quotation, in which nothing of the post is read as markup.

It also stands in for the post in articles that a site generator will read: braces, which templates
and MDX would run, are written as character references like the rest of HTML's own characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...models import PostRecord
from ...texts import printable
from ..card import make_card
from ..view import Card, Link, Post
from ._lines import attachments, one_line, standing

_MARKUP = re.compile(r"[\\`*_\[\]#|~]")
_NAMED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", "{": "&#123;", "}": "&#125;", "%": "&#37;"}
)
_LINE_START = re.compile(r"\A(?:[-+=]|[0-9]{1,9}(?=[.)]))")
_IN_URL = re.compile(r"[{}|]")


def FACE(record: PostRecord) -> str:  # a shelf's value is named like its shelf
    """The quotation of a post."""
    return quotation(make_card(record))


def quotation(card: Card) -> str:
    """A block quotation; each line begins with `>`."""
    lines = [*_post(card.post)]
    if card.post.repost:
        lines += ["", "Reposts:", ""]
        lines += [f"> {line}".rstrip() for line in _post(card.post.repost)]
    if card.post.quote:
        lines += ["", *(f"> {line}".rstrip() for line in _post(card.post.quote))]
    if card.remains:
        lines += ["", f"In its place the article holds: {_escaped(one_line(card.remains))}"]
    lines += ["", " ".join(_sentence(line) for line in standing(card))]
    ways = [Link("Original post", card.post.url)] if card.post.url else []
    ways += [card.archived] if card.archived else []
    if ways:
        lines += ["", " · ".join(map(_link, ways))]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _post(post: Post) -> Iterator[str]:
    name = f"**{_escaped(one_line(post.byline.name)) or 'Unknown'}**"
    handle = post.byline.handle
    yield " ".join(
        filter(
            None,
            (
                name,
                _link(Link(f"@{handle}", post.byline.url)) if handle else "",
                f"· {post.date.words}" if post.date else "",
            ),
        )
    )
    if post.text.strip():
        yield ""
        yield from _text(post)
    for line in attachments(post):
        yield ""
        yield _escaped(one_line(line))


def _text(post: Post) -> Iterator[str]:
    """The text with its links; a line end in it stays one, an empty line parts paragraphs."""
    running = "".join(
        _link(Link(piece.text, piece.url)) if piece.url else _escaped(piece.text, is_start=False)
        for piece in post.pieces
    )
    lines = [_at_line_start(line.strip()) for line in running.strip().split("\n")]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        yield f"{line}\\" if line and following else line


def _link(link: Link) -> str:
    text = _escaped(one_line(link.text), is_start=False)
    if link.url is None:
        return text
    url = _IN_URL.sub(lambda found: f"%{ord(found[0]):02X}", link.url)
    return f"[{text}](<{url}>)"


def _sentence(line: str) -> str:
    return _escaped(line if line.endswith(".") else f"{line}.", is_start=False)


def _escaped(text: str, *, is_start: bool = True) -> str:
    # Backslashes first: the references that follow hold `#`, which needs none.
    plain = _MARKUP.sub(r"\\\g<0>", printable(text)).translate(_NAMED)
    return _at_line_start(plain) if is_start else plain


def _at_line_start(line: str) -> str:
    """No list, no heading, no rule: what would begin one gets a backslash."""
    return _LINE_START.sub(lambda found: _unlisted(found[0]), line)


def _unlisted(head: str) -> str:
    return f"\\{head}" if not head[0].isdigit() else head + "\\"
