"""A post → a citation template of Wikipedia: `{{cite tweet}}`, or `{{cite web}}` elsewhere.

The parameters are those of Template:Cite tweet (`user`, `number`, `title`, `date`, `access-date`,
`archive-url`, `archive-date`, `author`, `language`); dates are written out, as the wikis ask.
"""

from __future__ import annotations

import re

from ...models import PostRecord
from ...texts import printable
from ..card import make_card
from ._lines import one_line

# What wikitext could read as markup, a link, a signature or a magic word; the reference is shown
# as the character.
_MARKUP = re.compile(r"[&<>{}\[\]|~]|'(?=')|(?<=')'|_(?=_)|(?<=:)//|\A[*#:;]")
_AS_IT_IS = re.compile(r"[A-Za-z0-9_]+")
"""Handles: the template builds an address of them."""


def FACE(record: PostRecord) -> str:  # a shelf's value is named like its shelf
    """One citation on one line; what is not known is left out."""
    card = make_card(record)
    post = card.post
    is_tweet = post.network == "X" and post.post_id is not None
    title = one_line(post.text) or f"Post by {post.byline.name}"
    given = {
        "author": post.byline.name if post.byline.name != f"@{post.byline.handle}" else None,
        "user": post.byline.handle if is_tweet else None,
        "number": post.post_id if is_tweet else None,
        "url": None if is_tweet else post.url,
        "title": title,
        "website": None if is_tweet else post.network,
        "date": post.date.words.partition(",")[0] if post.date else None,
        "language": post.lang,
        "access-date": card.captured.words.partition(",")[0] if card.captured else None,
        "archive-url": card.archived.url if card.archived else None,
        "archive-date": card.archived_on.words.partition(",")[0] if card.archived_on else None,
        "url-status": "dead" if card.archived and card.absence else None,
    }
    written = "".join(f" |{name}={_escaped(value)}" for name, value in given.items() if value)
    return f"{{{{cite {'tweet' if is_tweet else 'web'}{written}}}}}"


def _escaped(value: str) -> str:
    if _AS_IT_IS.fullmatch(value):
        return value
    if re.match(r"https?://", value):
        return re.sub(r"[{}|\[\]<>']", lambda found: f"%{ord(found[0]):02X}", value)
    return _MARKUP.sub(
        lambda found: "".join(f"&#{ord(character)};" for character in found[0]),
        one_line(printable(value)),
    )
