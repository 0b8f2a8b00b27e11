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
    "youtube": "youtube",
    "instagram": "instagram",
    "tiktok": "tiktok",
    "reddit": "reddit",
    "facebook": "facebook",
}
_WORDS = "|".join(_NETWORKS)
# A doubled bracket escapes a shortcode; a label in front of `(` is a Markdown link.
_ALONE = re.compile(
    rf"\[(?<!\[\[)({'|'.join(word for word in _NETWORKS if word != 'embed')})"
    r"(?:\s{1,5}|=)([^\[\]\r\n]{1,1500})(?:\](?!\()|\Z|(?=[\r\n]))",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"\[(?<!\[\[)({_WORDS})(?:\s[^\[\]\r\n]{{0,300}})?\]\s{{0,5}}([^\s\[\]]{{1,1500}})\s{{0,5}}\[/\1\]"
    rf"|\[MEDIA=({_WORDS})\]\s{{0,5}}([^\s\[\]]{{1,1500}})\s{{0,5}}\[/MEDIA\]",
    re.IGNORECASE,
)


class BracketCode:
    name = "bracket_code"
    literals = (
        *(f"[{word}".encode() for word in _NETWORKS),
        b"[media=",
    )

    def find(self, page: Page) -> Iterator[Reference]:
        """One embed a code that names a post; a code around a profile is a timeline."""
        text = page.document.text
        found = [*_PAIR.finditer(text), *_ALONE.finditer(text)]
        done = 0
        for code in sorted(found, key=lambda match: match.start()):
            if code.start() < done:
                continue
            claimed = read_claim(_arguments(code), _NETWORKS[_name(code)])
            if claimed is None or claimed[0].post_id is None:
                continue
            claim, url = claimed
            done = code.end()
            yield Reference(*code.span(), code[0], self.name, Kind.EMBED, claim, url)


def _name(code: re.Match[str]) -> str:
    groups = code.groups()
    name = groups[0] or groups[2]
    return str(name).lower()


def _arguments(code: re.Match[str]) -> Arguments:
    if code.re is _PAIR:
        return Arguments((str(code[2] or code[4]),), {})
    return parse_arguments(code[2])


FORM = BracketCode()
