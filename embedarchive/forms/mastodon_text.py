"""What is left of a Mastodon embed in text: `Post by @user@host View on Mastodon`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Claim, Kind, Reference
from ..networks import identify
from ..projection import Page

_LINE = re.compile(
    r"\[?\bPost by @"
    r"(?P<handle>[A-Za-z0-9_.-]{1,60}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5})"
    r"[\s>*]{1,40}View on Mastodon\b(?:\]\((?P<url>https?://[^()\s]{1,300})\))?"
)


class MastodonText:
    """The two lines of the embed of 2025; it quotes no text."""

    name = "mastodon_text"
    literals = (b"view on mastodon",)
    marks = b"@"

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed for each pair of lines; the id only where the lines are still a link."""
        for line in _LINE.finditer(page.visible.text):
            post = identify(line["url"]) if line["url"] else None
            is_post = post is not None and post.target.network == "mastodon"
            claim = Claim(
                network="mastodon",
                post_id=post.target.post_id if post and is_post else None,
                handle=line["handle"],
            )
            span = page.visible.source(*line.span())
            raw = page.document.text[span.start : span.end]
            yield Reference(*span, raw, FORM.name, Kind.EMBED, claim, line["url"])


FORM = MastodonText()
