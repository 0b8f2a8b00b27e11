"""A post → plain text to paste into a mail."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from ...models import PostRecord
from ...texts import printable
from ..card import make_card
from ..view import Post
from ._lines import attachments, standing


def FACE(record: PostRecord) -> str:  # a shelf's value is named like its shelf
    """Author and date, text, what belongs to it, how it is known, and where it was."""
    card = make_card(record)
    lines = [*_post(card.post)]
    if card.post.repost:
        lines += ["", "Reposts:", indent("\n".join(_post(card.post.repost)), "  ")]
    if card.post.quote:
        lines += ["", "Quoting:", indent("\n".join(_post(card.post.quote)), "  ")]
    lines += ["", *standing(card)]
    if card.post.url:
        lines.append(card.post.url)
    if card.archived and card.archived.url:
        lines.append(f"Archived copy: {card.archived.url}")
    return printable("\n".join(lines))


def _post(post: Post) -> Iterator[str]:
    handle = f" (@{post.byline.handle})" if post.byline.handle else ""
    date = f", {post.date.words}" if post.date else ""
    yield f"{post.byline.name}{handle}, {post.network}{date}"
    if post.text:
        yield ""
        yield post.text
    below = list(attachments(post))
    if below:
        yield ""
        yield from below
