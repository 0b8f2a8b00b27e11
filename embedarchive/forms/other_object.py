"""URLs of X's other objects: moments, events, spaces, broadcasts, articles. They are no posts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Claim, Kind, Reference
from ..networks.x import NETWORK as X
from ..projection import Page

_URL = re.compile(
    r"https?://(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/i/"
    r"(?:moments|events|spaces|broadcasts|article)/[A-Za-z0-9]{1,40}",
    re.IGNORECASE,
)


class OtherObject:
    name = "other_object"
    literals = (b".com/i/",)
    patterns = (r"(?:twitter|x)\.com/i/(?:moments|events|spaces|broadcasts|article)/[a-z0-9]",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One reference of kind `other` a URL, without an id: none of its numbers is a post's."""
        text = page.document.text
        for url in _URL.finditer(text):
            kind = X.identify_object(url[0])
            if kind is not None:
                claim = Claim(flags=(kind,))
                start, end = url.span()
                yield Reference(start, end, url[0], self.name, Kind.OTHER, claim, url[0])


FORM = OtherObject()
