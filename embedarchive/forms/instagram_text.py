"""What is left of an Instagram embed in text: `A post shared by NAME (@handle) on DATE at ...`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..flattened.dates import match_date
from ..flattened.names import INSTAGRAM_CUE
from ..flattened.visible import visible_name
from ..models import Claim, Kind, Reference
from ..networks import identify
from ..projection import Page

_LINE = re.compile(
    rf"(?:\bView this post on Instagram[\s>]{{1,40}})?(?:\b[A-Z]\w{{0,3}} )?{INSTAGRAM_CUE}\s"
    r"(?P<name>[^\n]{0,150}?(?:\n[^\n]{0,150}?)?)\(@(?P<handle>[A-Za-z0-9_.]{1,30})\)"
    r"(?:\]\((?P<url>https?://[^()\s]{1,300})\))?"
)
_CUES = {
    "shared": r"shared\s+by",
    "posted": r"posted\s+by",
    "geteilt": r"geteilt\s+von",
    "publication": r"publication\s+partag",
    "compartida": r"n\s+compartida\s",
    "compartilhada": r"o\s+compartilhada\s+por",
    "condiviso": r"post\s+condiviso\s+da",
    "gedeeld": r"bericht\s+gedeeld\s+door",
}
"""Parts of the cues that no page escapes; looking for these is cheap."""
_WHEN = re.compile(r"[\s>]{1,12}(?:on|am|le|el|em|op|in data:|il)[\s>]{1,12}\[?")
_HOUR = re.compile(
    r"[,\s>]{1,12}(?:at|um|à|a las|às|om|alle)[\s>]{1,12}[0-9]{1,2}[:.h][0-9]{2}"
    r"(?:\s?[ap]\.?m\.?)?(?:\s(?:P[SD]T|UTC|GMT)\b)?",
    re.IGNORECASE,
)


class InstagramText:
    """The line at the foot of the embed; newer ones have no date."""

    name = "instagram_text"
    literals = (b"(@",)
    patterns = (
        r"(?:shared|posted)\s{1,20}by",
        r"geteilt\s{1,20}von",
        r"publication\s{1,20}partag",
        r"n\s{1,20}compartida\s",
        r"o\s{1,20}compartilhada\s{1,20}por",
        r"post\s{1,20}condiviso\s{1,20}da",
        r"bericht\s{1,20}gedeeld\s{1,20}door",
    )
    companions = (r"\(@[a-z0-9_.]",)

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed for each line; the post's own text is not told apart and stays unclaimed."""
        words = page.words
        if not any(word in words and re.search(cue, words) for word, cue in _CUES.items()):
            return
        text = page.visible.text
        for line in _LINE.finditer(text):
            end, printed = line.end(), None
            when = _WHEN.match(text, end)
            if when and (dated := match_date(text, when.end())):
                printed, end = dated
                hour = _HOUR.match(text, end)
                end = hour.end() if hour else end
            span = page.visible.source(line.start(), end)
            post = identify(line["url"]) if line["url"] else None
            is_post = post is not None and post.target.network == "instagram"
            claim = Claim(
                network="instagram",
                post_id=post.target.post_id if post and is_post else None,
                handle=line["handle"],
                name=visible_name(line["name"], is_markdown="](" in line["name"]) or None,
                date=printed,
                date_tolerance=1,  # Pacific time
            )
            raw = page.document.text[span.start : span.end]
            yield Reference(*span, raw, FORM.name, Kind.EMBED, claim, line["url"])


FORM = InstagramText()
