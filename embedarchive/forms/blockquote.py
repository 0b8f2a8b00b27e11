"""The blockquote that oEmbed and publish.twitter.com give out, of every generation since 2011."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Reference
from ..networks.x import NETWORK as X
from ..projection import Page
from ._blockquotes import MARKED, find_blockquotes
from ._element import outside_code

_BEGIN = re.compile(r"<blockquote", re.IGNORECASE)


class Blockquote:
    name = "blockquote"
    literals = (b"twitter-tweet", b"twitter-video", b"/status")
    marks = b"<"
    patterns = (MARKED, *X.patterns)

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference an element; it takes the widget script along that follows it directly."""
        if _BEGIN.search(page.document.text):
            found = find_blockquotes(page, page.markup, self.name)
            yield from outside_code(page, found)


FORM = Blockquote()
