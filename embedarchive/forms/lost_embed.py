"""Chrome of the widget that stands alone: an embed was lost there, and nothing names its post."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Claim, Kind, Reference
from ..projection import Page
from ._chrome import LOST_PATTERNS, is_lost_embed, may_hold_lost_embed

_LINE_START = r"[ \t>]{0,12}+(?:View|Visit|See|Twitter|X|Ver|Voir|Bild|Informa\w{4,6}) "
_FIRST_LINE = re.compile(_LINE_START)
_OTHER_LINE = re.compile("\n" + _LINE_START)
"""The line end is quick to look for."""
_LOST = re.compile(
    r"^[ \t>]{0,12}((?:View|Visit|See|Twitter|X|Ver|Voir|Bild|Informa\w{4,6}) [^\r\n]{4,70}?)"
    r"[ \t\r]*$",
    re.MULTILINE,
)
_NEAR = 80
"""Characters between two lone lines that are one lost embed's."""


class LostEmbed:
    """`View image on Twitter` and its like; inside an embed that is read, they are its part."""

    name = "lost_embed"
    literals = (
        *(b"twitter", b"x ads", b" on x", b" en x", b" no x", b" sur x", b" auf x"),
        b"s x et confidentialit",
    )
    patterns = LOST_PATTERNS

    def find(self, page: Page) -> Iterator[Reference]:
        """One unresolved reference for each group of such lines."""
        if page.document.media_type == "text/html" and not may_hold_lost_embed(page.words):
            return
        text = page.visible.text
        if not _FIRST_LINE.match(text) and not _OTHER_LINE.search(text):
            return
        last = -_NEAR
        for line in _LOST.finditer(text):
            if not is_lost_embed(line[1]):
                continue
            if line.start(1) - last >= _NEAR:
                span = page.visible.source(*line.span(1))
                raw = page.document.text[span.start : span.end]
                yield Reference(*span, raw, FORM.name, Kind.UNRESOLVED, Claim(confidence=0.0))
            last = line.end(1)


FORM = LostEmbed()
