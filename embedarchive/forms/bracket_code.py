"""Codes in brackets: WordPress's `[tweet URL]` and `[embed]URL[/embed]`, forums' `[MEDIA=...]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..models import Kind, Reference
from ..projection import Page
from ._arguments import Arguments, parse_arguments, read_claim

_NETWORKS: dict[str, str | None] = {
    "tweet": "x",
    "twitter": "x",
    "embed": None,
    "embedpress": None,
    "media": None,
    "youtube": "youtube",
    "instagram": "instagram",
    "tiktok": "tiktok",
    "reddit": "reddit",
    "facebook": "facebook",
}
_WORDS = "|".join(_NETWORKS)
# A doubled bracket escapes a shortcode; a label in front of `(` is a Markdown link.
_ALONE = re.compile(
    rf"\[(?<!\[\[)({'|'.join(word for word in _NETWORKS if word not in ('embed', 'media'))})"
    r"(?:\s{1,5}|[=:])([^\[\]\r\n]{1,1500})(?:\](?!\()|\Z|(?=[\r\n]))",
    re.IGNORECASE,
)
# Hatena's: `[https://...:embed]`, `[twitter:ID:detail]`.
_HATENA = re.compile(
    r"\[(?<!\[\[)(https?://[^\s\[\]]{1,1500}?):(?:embed|tweet|detail)\b[^\[\]\n]{0,80}\]"
)
_COLON_TAIL = re.compile(r"(?<=[0-9]):(?:detail|tree|embed|title)\b.*", re.DOTALL)
_PAIR = re.compile(
    rf"\[(?<!\[\[)({_WORDS})(?:\s[^\[\]\r\n]{{0,300}})?\]\s{{0,5}}([^\s\[\]]{{1,1500}})\s{{0,5}}\[/\1\]"
    rf"|\[MEDIA=({_WORDS})\]\s{{0,5}}([^\s\[\]]{{1,1500}})\s{{0,5}}\[/MEDIA\]",
    re.IGNORECASE,
)


class BracketCode:
    name = "bracket_code"
    literals = (
        *(f"[{word}".encode() for word in _NETWORKS),
        *(b":embed", b":tweet", b":detail"),
    )
    marks = b"["
    patterns = (
        r"\[(?:tweet|twitter|embedpress|youtube|instagram|tiktok|reddit|facebook)[^a-z\]]",
        rf"\[/(?:{_WORDS})\]",
        r"\[http[^\s\[\]]{1,300}:(?:embed|tweet|detail)",
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed a code that names a post; a code around a profile is a timeline."""
        text = page.document.text
        found = [m for pattern in (_PAIR, _ALONE, _HATENA) for m in pattern.finditer(text)]
        done = 0
        for code in sorted(found, key=lambda match: match.start()):
            if code.start() < done:
                continue
            claimed = read_claim(*_content(code))
            if claimed is None or claimed[0].post_id is None:
                continue
            claim, url = claimed
            done = code.end()
            yield Reference(*code.span(), code[0], self.name, Kind.EMBED, claim, url)


def _content(code: re.Match[str]) -> tuple[Arguments, str | None]:
    """The arguments of a code, and the network of its bare ids."""
    if code.re is _HATENA:
        return Arguments((code[1],), {}), None
    if code.re is _PAIR:
        return Arguments((code[2] or code[4],), {}), _NETWORKS[(code[1] or code[3]).lower()]
    return parse_arguments(_COLON_TAIL.sub("", code[2])), _NETWORKS[code[1].lower()]


FORM = BracketCode()
