"""Template tags of site generators: Hugo's `{{< tweet ID >}}`, Liquid's `{% twitter URL %}`.

Also Markdoc, Eleventy, GitBook and dev.to. `{{</* ... */>}}` and `{% raw %}` show a tag, they are
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..models import Claim, Kind, Reference, Span
from ..projection import Page
from ._arguments import parse_arguments, read_claim
from ._places import Places

_NETWORKS: dict[str, str | None] = {
    "tweet": "x",
    "twitter": "x",
    "x": "x",
    "bluesky": "bluesky",
    "bsky": "bluesky",
    "mastodon": "mastodon",
    "instagram": "instagram",
    "tiktok": "tiktok",
    "youtube": "youtube",
    "reddit": "reddit",
    "embed": None,
    "oembed": None,
}
"""Tag → the network of its bare ids."""
_WORDS = "|".join(sorted(_NETWORKS, key=len, reverse=True))
_TITLE = (
    r"(?:include(?:_cached)?\s{1,5}[a-z_/-]{0,40}?)?(?:embed[_-])?"
    rf"(?P<name>{_WORDS})(?:[_-](?:simple|embed|single|status|post|card))?(?:\.(?:html|liquid|njk))?"
)
"""`tweet`, `x_simple`, `include embed/tweet.html`, but no `twitter_timeline`, `tweet_count`."""
_TAG = re.compile(
    rf"\{{(?:\{{(?P<hugo>[<%])|%)-?\s{{0,20}}{_TITLE}(?P<arguments>\s[^{{}}]{{0,2000}}?)/?"
    r"(?:(?(hugo)[>%]\}|-?%))\}",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\{[{%][<%]?\s{0,5}/\s{0,5}(?:tweet|x|twitter)\s{0,5}[>%]\}{1,2}", re.IGNORECASE
)
_RAW = re.compile(r"\{%-?\s{0,5}(raw|endraw)\s{0,5}-?%\}")
_BODY_END = re.compile(r"\n[ \t]*\r?\n|\{[{%]")
_MAX_BODY = 3000


class Shortcode:
    name = "shortcode"
    literals = (b"{{<", b"{{%", b"{%")
    patterns = (
        r"\{[{%][<%]?-?\s{0,20}(?:include(?:_cached)?\s{1,5}[a-z_/-]{0,40})?(?:embed[_-])?"
        rf"(?:{_WORDS})[\s_.-]",
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed a tag that names a post, or its author and day; timelines name none."""
        text = page.document.text
        shown = Places(_raw_spans(text))
        for tag in _TAG.finditer(text):
            found = read_claim(parse_arguments(tag["arguments"]), _NETWORKS[tag["name"].lower()])
            if found is None or shown.hold(tag.start()):
                continue
            claim, url = found
            end = tag.end()
            if claim.network == "x":
                claim, end = _with_body(text, tag, claim)
            raw = text[tag.start() : end]
            yield Reference(tag.start(), end, raw, self.name, Kind.EMBED, claim, url)


def _with_body(text: str, tag: re.Match[str], claim: Claim) -> tuple[Claim, int]:
    """Home-made tags carry the post's text up to a closing tag, or as the next paragraph."""
    limit = min(len(text), tag.end() + _MAX_BODY)
    closing = _CLOSING.search(text, tag.end(), limit)
    if closing is not None and _TAG.search(text, tag.end(), closing.start()) is None:
        start, end, after = tag.end(), closing.start(), closing.end()
    elif claim.post_id is None:
        start = tag.end()
        body_end = _BODY_END.search(text, start + 1, limit)
        end = after = body_end.start() if body_end else limit
    else:
        return claim, tag.end()
    body = text[start:end].strip()
    if not body:
        return claim, tag.end()
    start += text[start:end].index(body)
    return replace(claim, text=body, text_span=Span(start, start + len(body))), after


def _raw_spans(text: str) -> list[Span]:
    """What stands between `{% raw %}` and `{% endraw %}`."""
    spans: list[Span] = []
    opened: int | None = None
    for mark in _RAW.finditer(text):
        if mark[1] == "raw":
            opened = mark.start() if opened is None else opened
        elif opened is not None:
            spans.append(Span(opened, mark.end()))
            opened = None
    return spans


FORM = Shortcode()
