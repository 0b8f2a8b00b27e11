"""A post → a BibTeX entry `@misc` whose braces balance whatever the post holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...models import PostRecord
from ...texts import printable
from ..card import make_card
from ..view import Card
from ._lines import one_line

# BibTeX counts braces also behind a backslash: they are written by name.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "%&#$_"},
}
_TRANSLATION = str.maketrans(_SPECIAL)


def FACE(record: PostRecord) -> str:  # a shelf's value is named like its shelf
    """One entry; its key is that of the post."""
    card = make_card(record)
    post = card.post
    iso = post.date.iso[:10] if post.date else None
    handle = f" (@{post.byline.handle})" if post.byline.handle else ""
    given = {
        "author": f"{{{_escaped(post.byline.name + handle)}}}",
        "title": f"{{{_escaped(post.text or f'Post {post.post_id or record.key}')}}}",
        "howpublished": _escaped(f"Post on {post.network}"),
        "date": iso,
        "year": iso[:4] if iso else None,
        "url": _url(post.url),
        "urldate": card.captured.iso[:10] if card.captured else None,
        "langid": _escaped(post.lang) if post.lang else None,
        "note": "; ".join(_notes(card)),
        "archiveurl": _url(card.archived.url) if card.archived else None,
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in given.items() if value)
    return f"@misc{{{re.sub(r'[^A-Za-z0-9-]', '-', record.key)},\n{body}}}"


def _notes(card: Card) -> Iterator[str]:
    if card.taken_down:
        yield f"{card.taken_down.lead} {card.taken_down.at.words}"
    if card.absence:
        yield f"{card.absence.lead} {card.absence.since.words}"


def _url(url: str | None) -> str | None:
    """As it is, for URL fields are read verbatim; only what would end the field is encoded."""
    return None if url is None else re.sub(r"[{}]", lambda c: f"%{ord(c[0]):02X}", url)


def _escaped(text: str) -> str:
    return one_line(printable(text)).translate(_TRANSLATION)
